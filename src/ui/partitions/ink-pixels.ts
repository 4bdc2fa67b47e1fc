import { INKS, type InkPicture } from './column-inks.ts';

/** The colours that dense bars are made of, each as `#rrggbb` or `#rgb`. */
export type InkColours = Record<
  'paper' | 'ok' | 'run' | 'fail' | 'stale' | 'missing' | 'edge',
  string
>;

/** Pixels that repeat in both directions; one alone is a plain colour. */
interface InkTile {
  readonly columns: number;
  readonly rows: number;
  /** Row by row; red lies lowest. */
  readonly pixels: Uint32Array;
}

/** What each code of a picture is painted with, by code. */
export type InkTiles = readonly InkTile[];

/**
 * The tiles of one theme at one pixel ratio. Patterns are computed, as canvases that are read back answer
 * with noise in some browsers.
 *
 * @param ratio device pixels a CSS px.
 */
export function inkTiles(colours: InkColours, ratio: number): InkTiles {
  const { paper, ok, run, fail, stale, missing, edge } = colours;
  const tiles: Record<Exclude<(typeof INKS)[number], null>, InkTile> = {
    ok: plain(ok),
    missing: plain(missing),
    edge: plain(edge),
    stale: plain(stale),
    paper: plain(paper),
    run: plain(run),
    fail: plain(fail),
    queuedStripes: stripes(6, 2.4, mixed(run, paper, 0.55), paper, ratio),
    notTriedHatch: stripes(5, 1.1, fail, paper, ratio),
    queuedDashes: dashes(run, paper, ratio),
    notTriedDashes: dashes(fail, paper, ratio),
    dots: dots(edge, ratio),
  };
  return INKS.map((ink) => (ink === null ? NOTHING : tiles[ink]));
}

const NOTHING: InkTile = { columns: 1, rows: 1, pixels: new Uint32Array(1) };

/** Writes the pixels of a picture to `out`, row by row, as `ImageData` has them. */
export function inkPixels(picture: InkPicture, tiles: InkTiles, out: Uint32Array): void {
  const { columns, rows, codes } = picture;
  const { pixels, wide, starts } = stripsOf(tiles, columns);
  const offsets = new Int32Array(tiles.length);
  /** A bit for each code of which one row is not as the next. */
  const uneven = tiles.reduce((bits, tile, code) => (tile.rows > 1 ? bits | (1 << code) : bits), 0);
  let found = 0;
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    if (row > 0 && (found & uneven) === 0 && isAsAbove(codes, first, columns)) {
      out.copyWithin(first, first - columns, first);
      continue;
    }
    found = 0;
    starts.forEach((start, code) => {
      offsets[code] = (start + (row % (tiles[code] as InkTile).rows)) * wide;
    });
    for (let column = 0; column < columns; column++) {
      const code = codes[first + column] as number; // within, as all that follow
      out[first + column] = pixels[(offsets[code] as number) + column] as number;
      found |= 1 << code;
    }
  }
}

/** Whether the row that begins at `first` has the codes of the one above it. */
function isAsAbove(codes: Uint8Array, first: number, columns: number): boolean {
  const end = first + columns;
  for (let at = first; at < end; at++) if (codes[at] !== codes[at - columns]) return false;
  return true;
}

/** The rows of all tiles, each repeated as far as a picture is wide, so that a pixel is found without a division. */
interface InkStrips {
  readonly wide: number;
  /** Strip after strip. */
  readonly pixels: Uint32Array;
  /** The first strip of each code. */
  readonly starts: readonly number[];
}

/** Of the tiles in use; a wider picture has them made anew. */
const stripsByTiles = new WeakMap<InkTiles, InkStrips>();

function stripsOf(tiles: InkTiles, columns: number): InkStrips {
  const known = stripsByTiles.get(tiles);
  if (known && known.wide >= columns) return known;
  const starts: number[] = [];
  let count = 0;
  for (const { rows } of tiles) {
    starts.push(count);
    count += rows;
  }
  const pixels = new Uint32Array(count * columns);
  tiles.forEach((tile, code) => {
    for (let row = 0; row < tile.rows; row++) {
      const start = ((starts[code] as number) + row) * columns;
      for (let column = 0; column < columns; column++) {
        pixels[start + column] = tile.pixels[
          row * tile.columns + (column % tile.columns)
        ] as number;
      }
    }
  });
  const strips = { wide: columns, pixels, starts };
  stripsByTiles.set(tiles, strips);
  return strips;
}

type Rgb = readonly [red: number, green: number, blue: number];

function rgbOf(colour: string): Rgb {
  // A build writes #ffffff as #fff.
  const digits = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour;
  const value = Number.parseInt(digits.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `share` of one colour over another, as `#rrggbb`. */
function mixed(over: string, under: string, share: number): string {
  const [above, below] = [rgbOf(over), rgbOf(under)];
  const parts = above.map((part, at) => Math.round(part * share + (below[at] ?? 0) * (1 - share)));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function pixelOf(colour: string, alpha = 1): number {
  const [red, green, blue] = rgbOf(colour);
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function plain(colour: string): InkTile {
  return { columns: 1, rows: 1, pixels: Uint32Array.of(pixelOf(colour)) };
}

function tiled(columns: number, rows: number, at: (x: number, y: number) => number): InkTile {
  const pixels = Uint32Array.from({ length: columns * rows }, (_, place) =>
    at(place % columns, Math.floor(place / columns)),
  );
  return { columns, rows, pixels };
}

/** Turned by 45°: `wide` of every `period` CSS px, measured across, with smooth edges. */
function stripes(
  period: number,
  wide: number,
  colour: string,
  ground: string,
  ratio: number,
): InkTile {
  const side = Math.round(period * Math.SQRT2 * ratio);
  const covered = (wide / period) * side;
  return tiled(side, side, (x, y) => {
    const from = (x + y) % side;
    const inside = Math.max(0, Math.min(from + 1, covered) - from);
    return pixelOf(mixed(colour, ground, inside));
  });
}

function dashes(colour: string, ground: string, ratio: number): InkTile {
  const rows = Math.round(4 * ratio);
  return tiled(1, rows, (_, y) => pixelOf(y < 2.5 * ratio ? colour : ground));
}

function dots(colour: string, ratio: number): InkTile {
  const [across, down] = [Math.round(3 * ratio), Math.round(4 * ratio)];
  const side = Math.round(1.2 * ratio);
  return tiled(across, down, (x, y) => (x < side && y < side ? pixelOf(colour, 0.6) : 0));
}
