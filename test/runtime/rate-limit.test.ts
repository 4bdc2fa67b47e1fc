import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/runtime/rate-limit.ts';

describe('the rate limit of a port', () => {
  it('[RT-7] lets four seconds’ worth come at once, and no more', () => {
    const limit = new RateLimit(100, 0);
    expect(Array.from({ length: 400 }, () => limit.take(1, 0)).every(Boolean)).toBe(true);
    expect(limit.take(1, 0)).toBe(false);
  });

  it('[RT-7] saves up while nothing comes, up to four seconds', () => {
    const limit = new RateLimit(100, 0);
    limit.take(400, 0);
    expect(limit.take(100, 1000)).toBe(true);
    expect(limit.take(1, 1000)).toBe(false);
    expect(limit.take(400, 100_000)).toBe(true);
    expect(limit.take(1, 100_000)).toBe(false);
  });
});
