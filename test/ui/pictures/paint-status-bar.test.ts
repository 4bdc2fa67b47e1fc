import { describe, expect, it } from 'vitest';
import {
  columnInks,
  INKS,
  type Ink,
  type InkPicture,
} from '../../../src/ui/partitions/column-inks.ts';
import { subsetOf } from '../../../src/partitions/subset/subset-algebra.ts';
import { failedFlags } from '../../../src/ui/partitions/failed-flags.ts';
import { indexScale } from '../../../src/ui/partitions/key-scale.ts';
import { paintStatusBar } from '../../../src/ui/partitions/paint-status-bar.ts';
import type { ShownStatuses } from '../../../src/ui/partitions/status-tally.ts';
import { namedPaints, RecordingPainter, tallyOf } from './bar-fixtures.ts';

const WIDTH = 800; // CSS px
const TOP = 10;
const HEIGHT = 20;

/** What a bar of `count` keys, all but those named materialized, is painted as. */
function painted(count: number, statuses: Partial<ShownStatuses>, ratio = 1): RecordingPainter {
  const painter = new RecordingPainter();
  const scale = indexScale({ from: 0, to: count }, count, WIDTH);
  const tally = tallyOf(count, statuses);
  const bar = { scale, tally, top: TOP, height: HEIGHT, ratio, paints: namedPaints };
  paintStatusBar(painter, bar, () => {});
  return painter;
}

/** The same bar as pixels, for more keys than can be told apart. */
function inked(count: number, statuses: Partial<ShownStatuses>, ratio = 1): InkPicture {
  const scale = indexScale({ from: 0, to: count }, count, WIDTH);
  return columnInks({ scale, tally: tallyOf(count, statuses), height: HEIGHT, ratio });
}

/** How many pixels of each row, from the top, bear `ink`. */
function rowsOf({ columns, rows, codes }: InkPicture, ink: Ink): number[] {
  const code = INKS.indexOf(ink);
  return Array.from(
    { length: rows },
    (_, row) =>
      codes.subarray(row * columns, (row + 1) * columns).filter((each) => each === code).length,
  );
}

describe('a bar of few keys', () => {
  it('from 40 px a key on, keys stand 2 px apart and failed ones bear a hatch and a glyph', () => {
    const painter = painted(4, { failed: [3, 4], missing: [] } as Partial<ShownStatuses>);
    expect(painter.filledWith('ok').map(({ x, width }) => [x, width])).toEqual([
      [0, 198],
      [200, 198],
      [400, 198],
    ]);
    expect(painter.filledWith('failed hatch')).toMatchObject([{ x: 600, width: 200 }]);
    // The plate of the glyph.
    expect(painter.filledWith('fail')).toMatchObject([
      { x: 600, width: 200 },
      { x: 689, width: 22 },
    ]);
  });

  it('from 6 to 40 px a key, patterns stay, gaps are 1.5 px, and there are no glyphs', () => {
    const painter = painted(80, { failed: [5, 6], queued: [6, 7], notTried: [7, 8] });
    expect(painter.filledWith('failed hatch')).toMatchObject([{ x: 50, width: 8.5 }]);
    expect(painter.filledWith('fail')).toHaveLength(1);
    expect(painter.filledWith('queued stripes')).toHaveLength(1);
    expect(painter.filledWith('not tried hatch')).toHaveLength(1);
    expect(painter.framed.map(({ paint }) => paint)).toEqual(['run', 'fail']);
  });

  it('a stale key keeps its green under a notch behind a keyline of paper', () => {
    const painter = painted(10, { stale: [2, 3] });
    expect(painter.filledWith('ok')).toHaveLength(10);
    expect(painter.shapes).toEqual(['paper', 'stale']);
  });
});

describe('a bar of many keys', () => {
  it('from 2 to 6 px a key, colours are plain and a failed key is a tick of at least 3 px', () => {
    const painter = painted(320, { failed: [100, 101] });
    expect(painter.filledWith('failed hatch')).toEqual([]);
    expect(painter.filledWith('ok')).toHaveLength(319);
    const tick = painter.filledWith('fail').at(-1);
    expect(tick).toMatchObject({ y: TOP - 3, width: 3, height: HEIGHT + 6 });
    const keyline = painter.filledWith('paper').at(-1);
    expect(keyline).toMatchObject({ width: 5 });
    expect(painter.shapes).toEqual(['fail']);
  });

  it('under 2 px a key, a column shows the true shares of its keys, worst on top', () => {
    // Each column holds 100 keys; in the first 400, a quarter is queued.
    const queued = Array.from({ length: 400 }, (_, column) => [column * 100, column * 100 + 25]);
    const picture = inked(80_000, { queued: queued.flat() });
    const stripes = rowsOf(picture, 'queuedStripes');
    expect(stripes.slice(1)).toEqual([...Array(4).fill(400), ...Array(15).fill(0)]);
    expect(rowsOf(picture, 'ok').slice(1, -1)).toEqual([
      ...Array(4).fill(400),
      ...Array(14).fill(800),
    ]);
  });

  it('under 2 px a key, every column of a failed key shows it, whatever its neighbours are', () => {
    const everyNth = (step: number, from: number) =>
      Array.from({ length: Math.ceil((60_000 - from) / step) }, (_, at) => at * step + from);
    const failed = everyNth(397, 11);
    const others = { queued: everyNth(3, 1), notTried: everyNth(3, 2) };
    const isFailed = new Set(failed);
    const without = (ordinals: readonly number[]) =>
      subsetOf(ordinals.filter((ordinal) => !isFailed.has(ordinal)));
    const { columns, rows, codes } = inked(60_000, {
      materialized: without(everyNth(3, 0)),
      queued: without(others.queued),
      notTried: without(others.notTried),
      failed: subsetOf(failed),
    });
    const fail = INKS.indexOf('fail');
    const middle = Math.floor(rows / 2);
    for (const ordinal of failed) {
      const column = Math.floor((ordinal / 60_000) * columns);
      const inks = Array.from({ length: middle }, (_, row) => codes[row * columns + column]);
      expect(inks).toContain(fail);
    }
  });

  it('the corners of such a bar are left out', () => {
    const picture = inked(80_000, {}, 2);
    expect(rowsOf(picture, null)).toEqual([4, 2, ...Array(36).fill(0), 2, 4]);
  });

  it('a run of one status has its pattern where that has room, and is dashed on paper where not', () => {
    const picture = inked(80_000, { notTried: [10_000, 10_500, 40_000, 41_000] });
    expect(rowsOf(picture, 'notTriedDashes')[9]).toBe(5);
    expect(rowsOf(picture, 'paper')[9]).toBe(2);
    expect(rowsOf(picture, 'notTriedHatch')[9]).toBe(10);
  });

  it.each([1, 2])('one failed key among a million is seen, at %i device px a px', (ratio) => {
    const painter = painted(1_000_000, { failed: [654_321, 654_322] }, ratio);
    const tick = painter.filledWith('fail').at(-1);
    expect(tick).toMatchObject({ width: 3, height: HEIGHT + 6 });
    expect(Math.abs((tick?.x ?? 0) + 1.5 - 654_321 / 1250)).toBeLessThan(1.5);
  });

  it.each([1, 2])('a status of a single column is at least 2 px wide and high, at %i', (ratio) => {
    const rows = rowsOf(inked(1_000_000, { materializing: [500_000, 500_001] }, ratio), 'run');
    expect(rows.filter((count) => count > 0)).toEqual(Array(2 * ratio).fill(2 * ratio));
  });

  it('missing keys in a row share one frame', () => {
    const painter = painted(320, { materialized: [0, 300] });
    expect(painter.framed).toEqual([
      { paint: 'edge', x: 750.5, y: TOP + 0.5, width: 49, height: HEIGHT - 1 },
    ]);
  });

  it('dense missing keys in a row share one frame too', () => {
    const picture = inked(80_000, { materialized: [0, 75_000] });
    expect(rowsOf(picture, 'edge').slice(1, -1)).toEqual(Array(18).fill(2));
    expect(rowsOf(picture, 'edge')[0]).toBe(49);
    expect(rowsOf(picture, 'missing')[9]).toBe(48);
  });

  it('draws by the pixels, however many keys failed', () => {
    const failed = Array.from({ length: 100_000 }, (_, at) => [at * 10, at * 10 + 1]).flat();
    const painter = painted(1_000_000, { failed });
    expect(painter.filled.length).toBeLessThan(WIDTH);
    expect(rowsOf(inked(1_000_000, { failed }), 'fail')[1]).toBe(WIDTH);
  });
});

describe('flags over failed keys', () => {
  function flags(count: number, failed: readonly number[]) {
    const scale = indexScale({ from: 0, to: count }, count, WIDTH);
    return failedFlags(scale, tallyOf(count, { failed }));
  }

  it('those nearer than 12 px merge and carry their number', () => {
    const found = flags(8_000, [100, 101, 150, 152, 4000, 4001]);
    expect(found.map(({ count }) => count)).toEqual([3, 1]);
    expect(found.map(({ ordinal }) => ordinal)).toEqual([100, 4000]);
  });

  it('there are as many as there is room for, however many keys failed', () => {
    const failed = Array.from({ length: 100_000 }, (_, at) => [at * 10, at * 10 + 1]).flat();
    const found = flags(1_000_000, failed);
    expect(found).toHaveLength(1);
    expect(found[0]?.count).toBe(100_000);
  });
});
