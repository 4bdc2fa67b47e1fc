import { describe, expect, it } from 'vitest';
import { lead } from '../../src/storage/leadership.ts';

/** As much of Web Locks as leadership needs, shared by the tabs of one test. */
class FakeLocks {
  readonly #tails = new Map<string, Promise<unknown>>();

  request = async (
    name: string,
    { signal }: { readonly signal?: AbortSignal },
    granted: () => Promise<void>,
  ): Promise<void> => {
    const before = this.#tails.get(name) ?? Promise.resolve();
    const waiting = new Promise<void>((resolve, reject) => {
      const giveUp = () => reject(new DOMException('gave up', 'AbortError'));
      signal?.addEventListener('abort', giveUp, { once: true });
      void before.then(() => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      });
    });
    const held = waiting.then(granted);
    this.#tails.set(
      name,
      held.catch(() => before),
    );
    await held;
  };
}

/** A tab that wants to lead. */
function tab(locks: FakeLocks | null, notebookId = 'one', basePath = '/') {
  const controller = new AbortController();
  const state = { leads: false };
  const ended = lead(notebookId, {
    basePath,
    onLead: () => (state.leads = true),
    signal: controller.signal,
    locks: locks as unknown as LockManager | null,
  });
  return { state, ended, close: () => controller.abort() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('leading a notebook (SL)', () => {
  it('[SL-1] one tab leads at a time; when it ends, the next one does', async () => {
    const locks = new FakeLocks();
    const tabs = [tab(locks), tab(locks), tab(locks)] as const;
    await settled();
    expect(tabs.map(({ state }) => state.leads)).toEqual([true, false, false]);
    tabs[1].close();
    await tabs[1].ended;
    tabs[0].close();
    await tabs[0].ended;
    await settled();
    expect(tabs.map(({ state }) => state.leads)).toEqual([true, false, true]);
  });

  it('[SL-2] notebooks, and sites below one host, have a leader each', async () => {
    const locks = new FakeLocks();
    const tabs = [tab(locks), tab(locks, 'two'), tab(locks, 'one', '/a/')];
    await settled();
    expect(tabs.every(({ state }) => state.leads)).toBe(true);
  });

  it('[SL-3] without Web Locks every tab leads, until it stops', async () => {
    const tabs = [tab(null), tab(null)];
    expect(tabs.every(({ state }) => state.leads)).toBe(true);
    tabs[0]?.close();
    await tabs[0]?.ended;
  });

  it('[SL-4] a failure of what leading starts is not swallowed', async () => {
    const failing = lead('one', {
      basePath: '/',
      onLead: () => {
        throw new Error('of the daemon');
      },
      signal: new AbortController().signal,
      locks: new FakeLocks() as unknown as LockManager,
    });
    await expect(failing).rejects.toThrow('of the daemon');
  });
});
