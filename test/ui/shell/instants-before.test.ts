import { expect, it } from 'vitest';
import { instantsBefore } from '../../../src/ui/shell/instants-before.ts';

it('counts the instants at or before one', () => {
  const instants = Float64Array.of(10, 20, 30);
  expect([5, 10, 19, 20, 30, 99].map((at) => instantsBefore(instants, at))).toEqual([
    0, 1, 1, 2, 3, 3,
  ]);
  expect(instantsBefore(new Float64Array(), 1)).toBe(0);
});
