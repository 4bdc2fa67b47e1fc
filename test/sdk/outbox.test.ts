import { describe, expect, it } from 'vitest';
import type { GuestMessage } from '../../src/protocol/sandbox.ts';
import { Outbox } from '../../src/sdk/outbox.ts';
import { seededRandom } from '../../src/sdk/seeded-random.ts';

function outboxAt(start: number) {
  const posts: (readonly GuestMessage[])[] = [];
  const timers: (() => void)[] = [];
  const clock = { now: start };
  const outbox = new Outbox((messages) => posts.push(messages), {
    elapsed: () => clock.now,
    later: (callback) => timers.push(callback),
  });
  return { outbox, posts, timers, clock };
}

const READY = { kind: 'ready' } as const;

describe('the outbox of a guest', () => {
  it('[RT-7] a loop that never yields is heard, in batches', () => {
    const { outbox, posts } = outboxAt(0);
    for (let i = 0; i < 1000; i++) outbox.push(READY);
    expect(posts.map(({ length }) => length)).toEqual([1, 256, 256, 256]);
    outbox.flush();
    expect(outbox.posted).toBe(1000);
  });

  it('[RT-7] a single message goes when its time has come', () => {
    const { outbox, posts, timers, clock } = outboxAt(100);
    outbox.push(READY);
    outbox.push(READY);
    expect(posts).toHaveLength(1);
    clock.now += 8;
    for (const timer of timers) timer();
    expect(posts).toHaveLength(2);
  });

  it('[RT-7] requests go at once, but never more posts than our side allows', () => {
    const { outbox, posts, clock } = outboxAt(0);
    for (let i = 0; i < 5000; i++) outbox.pushAtOnce(READY);
    expect(posts.length).toBe(800);
    clock.now += 1000;
    outbox.pushAtOnce(READY);
    expect(posts.length).toBe(801);
  });
});

describe('chance', () => {
  it('[SDK-16] the same seed gives the same numbers, another seed others, evenly spread', () => {
    const draw = (seed: string) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw('1/orders/a')).toEqual(draw('1/orders/a'));
    expect(draw('1/orders/a')[0]).not.toBe(draw('1/orders/b')[0]);
    const random = seededRandom('spread');
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
