import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../src/ui/partitions/bar-labels.ts';
import {
  indexScale,
  keyUnder,
  levelOfDetail,
  panView,
  revealInView,
  timeScale,
  zoomView,
} from '../../../src/ui/partitions/key-scale.ts';
import type { PartitionIndex } from '../../../src/partitions/partition-index.ts';
import { tallyOf } from './bar-fixtures.ts';

const HOUR_MS = 3_600_000;

/** `count` hourly keys from the epoch on, of which every tenth is left out. */
function hoursWithGaps(count: number): PartitionIndex {
  const starts = Array.from({ length: count }, (_, at) => (at + Math.floor(at / 9)) * HOUR_MS);
  return {
    definition: { kind: 'static', keys: [] },
    count,
    keyAt: String,
    ordinalOf: Number,
    keys: () => [],
    windowAt: (ordinal) => ({
      startAt: starts[ordinal] ?? 0,
      endAt: (starts[ordinal] ?? 0) + HOUR_MS,
    }),
    countStartingBefore: (at) => starts.filter((start) => start < at).length,
    stretchesOf: () => null,
    startingWithin: () => null,
  };
}

describe('keys on a line', () => {
  it('each pixel touches the keys that it covers in part or in whole', () => {
    const scale = indexScale({ from: 10, to: 30 }, 100, 40);
    expect([scale.firstAt(0), scale.endAt(2)]).toEqual([10, 11]);
    expect([scale.firstAt(1), scale.endAt(3)]).toEqual([10, 12]);
    expect([scale.leftOf(12), scale.rightOf(12)]).toEqual([4, 6]);
    expect([scale.from, scale.to]).toEqual([10, 30]);
  });

  it('on a time scale a window that is left out is an empty place', () => {
    const scale = timeScale(hoursWithGaps(18), { startAt: 0, endAt: 20 * HOUR_MS }, 200);
    expect([scale.from, scale.to]).toEqual([0, 18]);
    expect(keyUnder(scale, 85)).toBe(8);
    expect(keyUnder(scale, 95)).toBe(-1);
    expect(keyUnder(scale, 105)).toBe(9);
    expect([scale.firstAt(90), scale.endAt(100)]).toEqual([9, 9]);
    expect([scale.firstAt(95), scale.endAt(101)]).toEqual([9, 10]);
  });

  it('columns begin and end where each of them would be looked up', () => {
    const scales = [
      indexScale({ from: 10.25, to: 93.5 }, 100, 40),
      indexScale({ from: 0, to: 7 }, 7, 400),
      timeScale(hoursWithGaps(18), { startAt: -HOUR_MS, endAt: 22 * HOUR_MS }, 200),
      timeScale(hoursWithGaps(18), { startAt: 0, endAt: 20 * HOUR_MS }, 20),
    ];
    for (const scale of scales) {
      for (const columns of [scale.width, scale.width * 2, 7]) {
        const pixel = scale.width / columns;
        const expected = Array.from({ length: columns }, (_, column) => {
          const first = scale.firstAt(column * pixel);
          return [first, Math.max(first, scale.endAt((column + 1) * pixel))];
        });
        expect([...scale.boundsOf(columns)]).toEqual(expected.flat());
      }
    }
  });

  it('detail falls with the pixels a key: 40, 6, 2', () => {
    expect([40, 39.9, 6, 5.9, 2, 1.9].map(levelOfDetail)).toEqual([
      'labels',
      'patterns',
      'patterns',
      'solid',
      'solid',
      'columns',
    ]);
  });

  it('magnifying keeps the key under the pointer where it is', () => {
    const zoomed = zoomView({ from: 0, to: 1000 }, 1000, 4, 400);
    expect(zoomed).toEqual({ from: 300, to: 550 });
    expect(zoomView(zoomed, 1000, 1 / 8, 400)).toEqual({ from: 0, to: 1000 });
    expect(zoomView({ from: 0, to: 4 }, 4, 100, 0)).toEqual({ from: 0, to: 3 });
  });

  it('moving stops at both ends and follows the key in focus', () => {
    expect(panView({ from: 10, to: 20 }, 100, -50)).toEqual({ from: 0, to: 10 });
    expect(panView({ from: 10, to: 20 }, 100, 500)).toEqual({ from: 90, to: 100 });
    expect(revealInView({ from: 10, to: 20 }, 100, 20)).toEqual({ from: 11, to: 21 });
    expect(revealInView({ from: 10, to: 20 }, 100, 15)).toEqual({ from: 10, to: 20 });
  });
});

describe('names under a bar', () => {
  const name = (ordinal: number) => `key-${String(ordinal).padStart(4, '0')}`; // 8 × 7.2 = 57.6 px

  function named(count: number, width: number, focused: number | null, failed: readonly number[]) {
    const scale = indexScale({ from: 0, to: count }, count, width);
    return placeLabels(scale, tallyOf(count, { failed }), focused, name).map(({ text }) => text);
  }

  it('stand under every key where each has room', () => {
    expect(named(4, 400, null, [])).toEqual(['key-0000', 'key-0001', 'key-0002', 'key-0003']);
  });

  it('are those of first, last, focus and failed keys where not', () => {
    expect(named(100, 800, 50, [20, 21])).toEqual(['key-0000', 'key-0020', 'key-0050', 'key-0099']);
  });

  it('on collision the key in focus stays, then failed, first and last', () => {
    expect(named(100, 160, 3, [90, 91])).toEqual(['key-0003', 'key-0090']);
    expect(named(100, 60, null, [])).toEqual(['key-0000']);
  });

  it('are never cut: what does not fit is left out', () => {
    expect(named(100, 40, 7, [])).toEqual([]);
  });
});
