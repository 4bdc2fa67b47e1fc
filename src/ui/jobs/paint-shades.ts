import type { KeyScale } from '../partitions/key-scale.ts';
import type { KeyShades } from './key-row.ts';

/** What is used of a canvas; a test records it. */
export type ShadePainter = Pick<
  CanvasRenderingContext2D,
  'fillRect' | 'strokeRect' | 'fillStyle' | 'strokeStyle' | 'globalAlpha' | 'lineWidth'
>;

/** The least number is not invisible. */
const LIGHTEST = 0.14;
const DARKEST = 0.92;

/**
 * Paints keys as shades of ink, by numbers: one box a key while a key has a pixel, and then by columns of a
 * pixel, each as dark as its darkest key. Takes time by the number of keys in sight.
 */
export function paintShades(
  context: ShadePainter,
  scale: KeyScale,
  { values, least, most }: KeyShades,
  height: number,
  { ink, edge }: { readonly ink: string; readonly edge: string },
): void {
  const span = most - least;
  const shadeOf = (value: number) =>
    LIGHTEST + (span > 0 ? (value - least) / span : 1) * (DARKEST - LIGHTEST);
  context.fillStyle = ink;
  context.strokeStyle = edge;
  context.lineWidth = 1;
  const gap = scale.pixelsPerKey >= 40 ? 2 : scale.pixelsPerKey >= 6 ? 1.5 : 0;
  for (let column = scale.from; column < scale.to;) {
    const x = scale.leftOf(column);
    // Keys that share a pixel are one box.
    const end = Math.max(column + 1, Math.min(scale.to, scale.endAt(x + 1)));
    let darkest = NaN;
    for (let key = column; key < end; key++) {
      const value = values[key] as number;
      if (!(value <= darkest) && !Number.isNaN(value)) darkest = value;
    }
    const width = Math.max(0.5, scale.rightOf(end - 1) - x - gap);
    if (!Number.isNaN(darkest)) {
      context.globalAlpha = shadeOf(darkest);
      context.fillRect(x, 0, width, height);
    } else if (width >= 4) {
      context.globalAlpha = 0.5;
      context.strokeRect(x + 0.5, 0.5, width - 1, height - 1);
    }
    column = end;
  }
  context.globalAlpha = 1;
}
