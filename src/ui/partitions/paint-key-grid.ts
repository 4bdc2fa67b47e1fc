import type { GridBins } from './key-grid.ts';
import { WORST_FIRST, type ShownStatus } from './shown-status.ts';
import type { Paint, StatusPaints } from './status-paints.ts';

/** What is used of a canvas. */
export type GridPainter = Pick<
  CanvasRenderingContext2D,
  | 'fillRect'
  | 'strokeRect'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'fill'
  | 'stroke'
  | 'setLineDash'
>;

/** Where bins stand; CSS px. */
export interface GridPlace {
  /** Of one bin with the gap after it. */
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** From this side on a cell bears patterns and its glyph; CSS px. */
const PATTERNS = 6;
const GLYPHS = 12;
/** The least height that a status has in a bin of several. */
const LEAST = 2;

/** Paints each bin: one status as a key on every bar, several stacked by their shares, the worst on top. */
export function paintKeyGrid(
  context: GridPainter,
  bins: GridBins,
  { width, height, gap }: GridPlace,
  paints: StatusPaints,
): void {
  const present = WORST_FIRST.filter((status) => bins.counts.has(status));
  const columns = present.map((status) => bins.counts.get(status) as Float64Array);
  const [wide, high] = [width - gap, height - gap];
  for (let row = 0; row < bins.rows; row++) {
    for (let column = 0; column < bins.columns; column++) {
      const at = row * bins.columns + column;
      let total = 0;
      for (const counts of columns) total += counts[at] as number;
      if (total === 0) continue;
      let rest = total;
      let y = row * height;
      const bottom = y + high;
      const x = column * width;
      for (let of = 0; of < present.length && rest > 0; of++) {
        const count = (columns[of] as Float64Array)[at] as number;
        if (count === 0) continue;
        rest -= count;
        const share = Math.max(LEAST, (count / total) * high);
        const end = rest > 0 ? Math.min(bottom - LEAST, y + share) : bottom;
        if (end <= y) continue;
        paintPart(context, present[of] as ShownStatus, x, y, wide, end - y, paints);
        y = end;
      }
    }
  }
}

function paintPart(
  context: GridPainter,
  status: ShownStatus,
  x: number,
  y: number,
  width: number,
  height: number,
  paints: StatusPaints,
): void {
  const isRoomy = Math.min(width, height) >= PATTERNS;
  const fill = (paint: Paint) => {
    context.fillStyle = paint;
    context.fillRect(x, y, width, height);
  };
  const frame = (paint: Paint) => {
    if (!isRoomy) return;
    context.strokeStyle = paint;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  };
  switch (status) {
    case 'materialized':
      return fill(paints.ok);
    case 'stale':
      fill(isRoomy ? paints.ok : paints.stale);
      if (isRoomy) paintNotch(context, x + width, y, Math.min(width, height) * 0.46, paints);
      return;
    case 'missing':
      fill(paints.missing);
      return frame(paints.edge);
    case 'queued':
      fill(isRoomy ? paints.queuedStripes : paints.queuedDashes);
      return frame(paints.run);
    case 'materializing':
      fill(paints.run);
      if (isRoomy) fill(paints.materializingStripes);
      return;
    case 'not tried':
      fill(isRoomy ? paints.notTriedHatch : paints.fail);
      return frame(paints.fail);
    case 'failed':
      fill(paints.fail);
      if (Math.min(width, height) >= GLYPHS) paintCross(context, x, y, width, height, paints);
      else if (isRoomy) fill(paints.failedHatch);
      return;
    case 'not yet existing':
      return fill(paints.dots);
  }
}

function paintNotch(
  context: GridPainter,
  right: number,
  top: number,
  side: number,
  { paper, stale }: StatusPaints,
): void {
  for (const [paint, reach] of [
    [paper, side + 1.6],
    [stale, side],
  ] as const) {
    context.fillStyle = paint;
    context.beginPath();
    context.moveTo(right - reach, top);
    context.lineTo(right, top);
    context.lineTo(right, top + reach);
    context.closePath();
    context.fill();
  }
}

function paintCross(
  context: GridPainter,
  x: number,
  y: number,
  width: number,
  height: number,
  { paper }: StatusPaints,
): void {
  const arm = Math.min(width, height) * 0.22;
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  context.strokeStyle = paper;
  context.lineWidth = arm > 4 ? 2.4 : 1.6;
  context.beginPath();
  context.moveTo(middleX - arm, middleY - arm);
  context.lineTo(middleX + arm, middleY + arm);
  context.moveTo(middleX + arm, middleY - arm);
  context.lineTo(middleX - arm, middleY + arm);
  context.stroke();
}
