import { describe, expect, it } from 'vitest';
import type { MaterializationTimes } from '../../../src/protocol/engine.ts';
import {
  bestAxis,
  entryNear,
  historyScale,
  paintMaterializationHistory,
} from '../../../src/ui/partitions/paint-materialization-history.ts';
import { RecordingPainter } from './bar-fixtures.ts';

/** Materializations as `[ordinal, at, runNumber]`, in the order of the log. */
function times(...entries: readonly (readonly [number, number, number])[]): MaterializationTimes {
  return {
    ordinals: Int32Array.from(entries, ([ordinal]) => ordinal),
    at: Float64Array.from(entries, ([, at]) => at),
    runNumbers: Int32Array.from(entries, ([, , run]) => run),
  };
}

function painted(of: MaterializationTimes, keys: number): RecordingPainter {
  const painter = new RecordingPainter();
  const scale = historyScale(of, 'run', keys, 400, 100);
  paintMaterializationHistory(painter, of, scale, { newest: 'ok', replaced: 'edge' });
  return painter;
}

describe('the picture of when keys were materialized', () => {
  it('tells the newest materialization of a key from those that it replaced', () => {
    const painter = painted(times([0, 1, 1], [1, 2, 2], [0, 3, 3]), 2);
    expect(painter.filled.map(({ paint, x, y }) => [paint, x, y])).toEqual([
      ['edge', 3, 21],
      ['ok', 197.5, 71],
      ['ok', 392, 21],
    ]);
  });

  it('two among 10,000 keys are seen, clear of the frame', () => {
    const { filled } = painted(times([0, 1, 1], [9_999, 1, 2]), 10_000);
    expect(filled.map(({ width, height }) => [width, height])).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(filled.every(({ x, y }) => x > 0 && y >= 0 && y + 3 <= 99)).toBe(true);
  });

  it('leaves out keys that no longer exist', () => {
    expect(painted(times([-1, 1, 1], [1, 2, 2]), 2).filled).toHaveLength(1);
  });

  it('runs stand side by side where all happened at one instant', () => {
    expect(bestAxis(times([0, 5, 1], [1, 5, 2]))).toBe('run');
    expect(bestAxis(times([0, 5, 1], [1, 6, 2]))).toBe('time');
  });

  it('100,000 materializations are no more squares than there are pixels', () => {
    const many = Array.from({ length: 100_000 }, (_, at) => [at % 50_000, at, at] as const);
    expect(painted(times(...many), 50_000).filled.length).toBeLessThan(400 * 2 * 100 * 2);
  });

  it('finds the materialization under the pointer', () => {
    const of = times([0, 1, 1], [1, 2, 2]);
    const scale = historyScale(of, 'run', 2, 400, 100);
    expect(entryNear(of, scale, 398, 72, 8)).toBe(1);
    expect(entryNear(of, scale, 200, 50, 8)).toBe(-1);
  });
});
