import { describe, expect, it } from 'vitest';
import { INKS, type Ink } from '../../../src/ui/partitions/column-inks.ts';
import { inkPixels, inkTiles } from '../../../src/ui/partitions/ink-pixels.ts';

const COLOURS = {
  paper: '#ffffff',
  ok: '#1e9d63',
  run: '#2c5fd6',
  fail: '#bf2619',
  stale: '#c27700',
  missing: '#e4e7e5',
  edge: '#81888b',
};

/** A square of one ink, its pixels as `rrggbb` and alpha. */
function square(ink: Ink, side: number, ratio = 1): readonly string[] {
  const codes = new Uint8Array(side * side).fill(INKS.indexOf(ink));
  const out = new Uint32Array(codes.length);
  inkPixels({ columns: side, rows: side, codes }, inkTiles(COLOURS, ratio), out);
  return Array.from(new Uint8Array(out.buffer), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .match(/.{8}/g) as string[];
}

describe('pixels of a dense bar', () => {
  it('are the plain colours of the theme, opaque; where nothing is, clear', () => {
    expect(square('ok', 1)).toEqual(['1e9d63ff']);
    expect(square('fail', 1)).toEqual(['bf2619ff']);
    expect(square(null, 1)).toEqual(['00000000']);
  });

  it('repeat a turned stripe along both directions', () => {
    const side = 24;
    const pixels = square('queuedStripes', side);
    for (let at = 0; at < side - 1; at++) {
      expect(pixels[at + 1]).toBe(pixels[at + side]);
    }
    const ground = pixels.filter((pixel) => pixel === 'ffffffff').length;
    expect(ground / pixels.length).toBeGreaterThan(0.4);
    expect(ground / pixels.length).toBeLessThan(0.7);
  });

  it('dash by rows, 2.5 of 4 px, at the ratio of the screen', () => {
    const column = square('notTriedDashes', 8, 2).filter((_, at) => at % 8 === 0);
    expect(column.map((pixel) => pixel === 'bf2619ff')).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
