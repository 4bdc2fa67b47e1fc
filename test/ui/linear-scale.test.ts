import { describe, expect, it } from 'vitest';
import { linearScale } from '../../src/ui/partitions/linear-scale.ts';

describe('a straight line', () => {
  it('meets both ends exactly, whichever way it runs, and goes on beyond them', () => {
    const up = linearScale([0.1, 0.7], [0, 1440]);
    expect([up(0.1), up(0.7)]).toEqual([0, 1440]);
    expect([up.invert(0), up.invert(1440)]).toEqual([0.1, 0.7]);
    const down = linearScale([0, 10], [100, 0]);
    expect([down(0), down(2.5), down(10)]).toEqual([100, 75, 0]);
    expect(down(12)).toBeCloseTo(-20);
    expect(down.invert(75)).toBe(2.5);
  });

  it('keeps instants to the millisecond', () => {
    const start = Date.parse('1990-01-01T00:00Z');
    const axis = linearScale([start, Date.parse('2026-01-01T00:00Z')], [0, 1440]);
    for (const at of [start + 1, start + 86_400_000, Date.parse('2025-12-31T23:59:59.999Z')]) {
      expect(Math.round(axis.invert(axis(at)))).toBe(at);
    }
  });

  it('has one number stand in the middle', () => {
    const point = linearScale([5, 5], [0, 100]);
    expect(point(5)).toBe(50);
    expect(point.invert(80)).toBe(5);
  });
});
