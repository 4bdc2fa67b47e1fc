import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GuestSession, SessionEnd } from '../../src/runtime/guest-session.ts';
import { SessionPool } from '../../src/runtime/session-pool.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A session as far as a pool sees it. */
function session(): GuestSession {
  const made = { alive: true, kill: () => (made.alive = false) };
  return made as unknown as GuestSession;
}

describe('the sessions of a script', () => {
  it('[RT-12] another is started for who has waited a while, up to the limit; after a stop one is ready', async () => {
    let started = 0;
    const pool = new SessionPool(2, () => {
      started += 1;
      return Promise.resolve(session());
    });
    const { signal } = new AbortController();
    const first = (await pool.acquire(signal)) as GuestSession;
    expect(started).toBe(1);

    const waiting = pool.acquire(signal);
    await vi.advanceTimersByTimeAsync(79);
    expect(started).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toBe(2);
    const second = (await waiting) as GuestSession;

    // Two are in use; one more is made ready, and not given away.
    const third = pool.acquire(signal);
    await vi.advanceTimersByTimeAsync(1000);
    expect(started).toBe(3);
    pool.release(second);
    expect(await third).toBe(second);

    first.kill();
    pool.release(first);
    const spare = (await pool.acquire(signal)) as GuestSession;
    expect(started).toBe(3);
    spare.kill();
    pool.release(spare);
    // Not while the stop is being written and shown.
    await vi.advanceTimersByTimeAsync(149);
    expect(started).toBe(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toBe(4);
    pool.dispose();
  });

  it('[RT-12] one is made ready for who will ask before long, and no second for asking twice', async () => {
    let started = 0;
    const pool = new SessionPool(2, () => {
      started += 1;
      return Promise.resolve(session());
    });
    pool.prepare();
    pool.prepare();
    const { signal } = new AbortController();
    const first = (await pool.acquire(signal)) as GuestSession;
    pool.prepare();
    expect(started).toBe(1);
    pool.release(first);
    pool.prepare();
    expect(started).toBe(1);
    pool.dispose();
  });

  it('[RT-13] who waits learns why nothing could be started, or that it is over', async () => {
    const why = { reason: 'not_started' } as SessionEnd;
    const failing = new SessionPool(1, () => Promise.resolve(why));
    expect(await failing.acquire(new AbortController().signal)).toBe(why);
    const pool = new SessionPool(1, () => new Promise(() => {}));
    const stop = new AbortController();
    const stopped = pool.acquire(stop.signal);
    stop.abort();
    expect(await stopped).toBeNull();
    const left = pool.acquire(new AbortController().signal);
    pool.dispose();
    expect(await left).toBeNull();
  });
});
