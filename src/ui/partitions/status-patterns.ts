import { inkTiles, type InkTiles } from './ink-pixels.ts';
import type { StatusPaints } from './status-paints.ts';
import { themeIdentity } from './theme.svelte.ts';

/** Patterns are drawn at twice the device's resolution, so that turned edges stay smooth. */
const OVERSAMPLING = 2;

/** The paints of one theme at one pixel ratio, and the one thing about them that moves. */
export interface ThemedPaints {
  readonly paints: StatusPaints;
  /** The same for bars that are painted pixel by pixel. */
  readonly tiles: InkTiles;
  /** Moves the stripes of what is materializing; `offset` in CSS px, of any size. */
  shiftStripes(offset: number): void;
}

/** Stripes of `materializing` repeat after so many CSS px. */
export const STRIPE_PERIOD = 8;

/** Those last made, which all pictures of the page share: a page of many bars makes them once. */
let latest: { readonly of: string; readonly paints: ThemedPaints } | null = null;

/**
 * The paints made of the custom properties in force at `canvas`, which are the same in all of the page. Made anew when
 * the theme or the pixel ratio changes. Reactive.
 */
export function themedPaints(canvas: HTMLCanvasElement, ratio: number): ThemedPaints {
  const of = `${themeIdentity()} ${ratio}`;
  if (latest?.of !== of) latest = { of, paints: paintsAt(canvas, ratio) };
  return latest.paints;
}

function paintsAt(canvas: HTMLCanvasElement, ratio: number): ThemedPaints {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = {
    paper: colour('paper'),
    edge: colour('edge'),
    ok: colour('ok'),
    run: colour('run'),
    fail: colour('fail'),
    stale: colour('stale'),
    missing: colour('missing'),
  };
  const { paper, edge, run, fail } = colours;
  const scale = ratio * OVERSAMPLING;

  function tile(width: number, height: number, turn: number, draw: TileDrawing): CanvasPattern {
    const surface = document.createElement('canvas');
    surface.width = Math.round(width * scale);
    surface.height = Math.round(height * scale);
    const context = surface.getContext('2d');
    if (!context) throw new Error('This browser gives no 2d canvas.');
    context.scale(surface.width / width, surface.height / height);
    draw(context);
    // Null only for an empty tile.
    const pattern = context.createPattern(surface, 'repeat') as CanvasPattern;
    pattern.setTransform(placed(width, surface.width, turn, 0));
    return pattern;
  }

  const stripes = tile(STRIPE_PERIOD, STRIPE_PERIOD, 45, (context) => {
    context.globalAlpha = 0.42;
    context.fillStyle = paper;
    context.fillRect(0, 0, 3, STRIPE_PERIOD);
  });

  const paints: StatusPaints = {
    ...colours,
    materializingStripes: stripes,
    queuedStripes: tile(6, 6, 45, (context) => {
      context.fillStyle = paper;
      context.fillRect(0, 0, 6, 6);
      context.globalAlpha = 0.55;
      context.fillStyle = run;
      context.fillRect(0, 0, 2.4, 6);
    }),
    failedHatch: tile(7, 7, 45, (context) => {
      context.globalAlpha = 0.55;
      context.fillStyle = paper;
      context.fillRect(0, 0, 1, 7);
      context.fillRect(1, 0, 6, 1);
    }),
    notTriedHatch: tile(5, 5, 45, (context) => {
      context.fillStyle = paper;
      context.fillRect(0, 0, 5, 5);
      context.fillStyle = fail;
      context.fillRect(0, 0, 1.1, 5);
    }),
    queuedDashes: tile(4, 4, 0, (context) => {
      context.fillStyle = run;
      context.fillRect(0, 0, 4, 2.5);
    }),
    notTriedDashes: tile(4, 4, 0, (context) => {
      context.fillStyle = fail;
      context.fillRect(0, 0, 4, 2.5);
    }),
    dots: tile(3, 4, 0, (context) => {
      context.globalAlpha = 0.6;
      context.fillStyle = edge;
      context.fillRect(0, 0, 1.2, 1.2);
    }),
  };

  function shiftStripes(offset: number): void {
    const pixels = Math.round(STRIPE_PERIOD * scale);
    stripes.setTransform(placed(STRIPE_PERIOD, pixels, 45, offset % STRIPE_PERIOD));
  }

  return { paints, tiles: inkTiles(colours, ratio), shiftStripes };
}

type TileDrawing = (context: CanvasRenderingContext2D) => void;

/** From the tile's pixels to CSS px, turned and moved. */
function placed(width: number, pixels: number, turn: number, offset: number): DOMMatrix {
  return new DOMMatrix()
    .rotate(turn)
    .translate(offset, 0)
    .scale(width / pixels);
}
