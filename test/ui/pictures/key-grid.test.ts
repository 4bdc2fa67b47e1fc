import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ordinalsOf, subsetOf } from '../../../src/partitions/subset/subset-algebra.ts';
import {
  cellOfOrdinal,
  gridBins,
  gridLayout,
  keysOfPlaces,
  ordinalOfCell,
  placeOfCell,
  placesOfKeys,
  placesOfRect,
  rectsOf,
  sidesOf,
  statusesByPlace,
  type GridAxes,
} from '../../../src/ui/partitions/key-grid.ts';
import { tallyStatuses, type ShownStatuses } from '../../../src/ui/partitions/status-tally.ts';

const axesOf = fc.record({
  rows: fc.integer({ min: 1, max: 7 }),
  columns: fc.integer({ min: 1, max: 9 }),
  turned: fc.boolean(),
});

const drawn = axesOf.chain((axes) =>
  fc.record({
    axes: fc.constant(axes),
    keys: fc
      .array(fc.nat({ max: axes.rows * axes.columns - 1 }), { maxLength: 30 })
      .map((all) => subsetOf(new Set(all))),
  }),
);

function statusesOf(part: Partial<ShownStatuses>): ShownStatuses {
  return { materialized: [], materializing: [], queued: [], failed: [], notTried: [], ...part };
}

const all = ({ rows, columns }: GridAxes) => ({
  rows: { from: 0, to: rows },
  columns: { from: 0, to: columns },
});

describe('a grid of two dimensions', () => {
  it('finds each key in its cell, turned or not', () => {
    fc.assert(
      fc.property(drawn, ({ axes, keys }) => {
        const places = placesOfKeys(axes, keys);
        const expected = [...ordinalsOf(keys)]
          .map((ordinal) => placeOfCell(axes, cellOfOrdinal(axes, ordinal)))
          .sort((a, b) => a - b);
        expect([...ordinalsOf(places)]).toEqual(expected);
        expect(keysOfPlaces(axes, places)).toEqual(keys);
        for (const ordinal of ordinalsOf(keys)) {
          expect(ordinalOfCell(axes, cellOfOrdinal(axes, ordinal))).toBe(ordinal);
        }
      }),
    );
  });

  it('counts every key in view once, in the bin of its cell', () => {
    fc.assert(
      fc.property(drawn, fc.nat(6), fc.nat(8), (of, rowBins, columnBins) => {
        const { axes, keys } = of;
        const bins = [Math.min(axes.rows, rowBins + 1), Math.min(axes.columns, columnBins + 1)];
        const [rows = 1, columns = 1] = bins;
        const laid = statusesByPlace(axes, statusesOf({ failed: keys }));
        const { counts } = gridBins(axes, laid, all(axes), rows, columns);
        const sum = (status: 'failed' | 'missing') =>
          (counts.get(status) ?? new Float64Array()).reduce((total, count) => total + count, 0);
        const failed = [...ordinalsOf(keys)].length;
        expect(sum('failed')).toBe(failed);
        expect(sum('missing')).toBe(axes.rows * axes.columns - failed);
        if (rows < axes.rows || columns < axes.columns) return;
        const tally = tallyStatuses(laid, axes.rows * axes.columns);
        for (let place = 0; place < axes.rows * axes.columns; place++) {
          expect(counts.get('failed')?.[place] ?? 0).toBe(
            tally.statusAt(place) === 'failed' ? 1 : 0,
          );
        }
      }),
    );
  });

  it('rectangles cover exactly what was selected', () => {
    fc.assert(
      fc.property(drawn, ({ axes, keys }) => {
        const places = placesOfKeys(axes, keys);
        const covered = rectsOf(axes, places).flatMap((rect) => [
          ...ordinalsOf(placesOfRect(axes, rect)),
        ]);
        expect(covered.sort((a, b) => a - b)).toEqual([...ordinalsOf(places)]);
      }),
    );
    const axes = { rows: 3, columns: 4, turned: false };
    const rect = { rows: { from: 1, to: 3 }, columns: { from: 1, to: 3 } };
    expect(placesOfRect(axes, rect)).toEqual([5, 7, 9, 11]);
    expect(sidesOf(axes, [5, 7, 9, 11])).toEqual({ rows: [1, 3], columns: [1, 3] });
  });

  it('gives cells of their own while there is room, then bins that fill it', () => {
    const few = gridLayout(all({ rows: 3, columns: 4, turned: false }), 600, 320);
    expect(few).toEqual({ width: 28, height: 28, gap: 2, rows: 3, columns: 4 });
    const many = gridLayout(all({ rows: 1000, columns: 1000, turned: false }), 600, 320);
    expect(many.columns).toBe(100);
    expect(many.columns * many.width).toBeCloseTo(600);
    expect(many.rows * many.height).toBeCloseTo(320);
  });
});
