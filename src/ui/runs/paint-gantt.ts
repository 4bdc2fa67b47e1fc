import type { StatusPaints } from '../partitions/status-paints.ts';
import type { ShownStatus } from '../partitions/shown-status.ts';
import type { ForecastBar, GanttBar, IdleBreak } from './gantt-layout.ts';

/** CSS px. */
export const LANE = 34;
export const BAR = 24;
/** A bar that is narrower has no words. */
const WORDS_FROM = 44;

/** What a Gantt is painted from. */
export interface GanttPicture {
  readonly bars: readonly (GanttBar & { readonly status: ShownStatus; readonly label: string })[];
  /** Of runs that started: where they were foreseen, in the lane that they took. */
  readonly foreseen: readonly GanttBar[];
  /** Of runs that have not. */
  readonly toCome: readonly (ForecastBar & { readonly label: string })[];
  readonly breaks: readonly IdleBreak[];
  /** Where a wave ends and the next begins. */
  readonly waveLimits: readonly number[];
  /** Where the gridlines stand. */
  readonly ticks: readonly number[];
  /** Null where nothing runs. */
  readonly nowMs: number | null;
}

/** Colours that are no status. */
export interface GanttInk {
  readonly line: string;
  readonly edge: string;
  readonly ink2: string;
  readonly ink: string;
  readonly paper: string;
  readonly onStatus: string;
  readonly failText: string;
  readonly font: string;
}

/**
 * Paints lanes of bars.
 *
 * @param x from the ms of the picture to CSS px.
 */
export function paintGantt(
  context: CanvasRenderingContext2D,
  picture: GanttPicture,
  x: (ms: number) => number,
  { width, height }: { readonly width: number; readonly height: number },
  paints: StatusPaints,
  ink: GanttInk,
): void {
  context.clearRect(0, 0, width, height);
  context.font = ink.font;
  context.textBaseline = 'middle';
  context.fillStyle = ink.line;
  for (const tick of picture.ticks) context.fillRect(Math.round(x(tick)), 0, 1, height);
  for (const { atMs } of picture.breaks) {
    dashed(context, Math.round(x(atMs)) + 0.5, height, ink.edge, [2, 3]);
  }
  for (const limit of picture.waveLimits) {
    dashed(context, Math.round(x(limit)) + 0.5, height, ink.ink2, [1.5, 2.5]);
  }
  for (const { lane, fromMs, toMs } of picture.foreseen) {
    const left = x(fromMs);
    context.fillStyle = ink.edge;
    context.fillRect(left, lane * LANE + (LANE + BAR) / 2 + 1, Math.max(1, x(toMs) - left), 2);
  }
  context.setLineDash([1.5, 2.5]);
  context.strokeStyle = ink.edge;
  for (const bar of picture.toCome) {
    const [left, right] = [x(bar.fromMs), x(bar.toMs)];
    if (right < 0 || left > width) continue;
    const wide = Math.max(1, right - left - 1);
    if (wide > 3) {
      context.strokeRect(left + 0.5, topOf(bar) + 0.5, wide - 1, BAR - 1);
    } else {
      context.fillStyle = paints.dots;
      context.fillRect(left, topOf(bar), wide, BAR);
    }
    if (wide >= WORDS_FROM) words(context, bar.label, left, wide, topOf(bar), ink.ink2);
  }
  context.setLineDash([]);
  for (const bar of picture.bars) paintBar(context, bar, x, width, paints, ink);
  if (picture.nowMs !== null) {
    context.fillStyle = ink.ink;
    context.fillRect(Math.round(x(picture.nowMs)), 0, 1.6, height);
  }
}

function paintBar(
  context: CanvasRenderingContext2D,
  bar: GanttPicture['bars'][number],
  x: (ms: number) => number,
  width: number,
  paints: StatusPaints,
  ink: GanttInk,
): void {
  const { status, label } = bar;
  const [left, right] = [x(bar.fromMs), x(bar.toMs)];
  if (right < -1 || left > width) return;
  // A gap of one, and what failed is never lost.
  const wide = Math.max(status === 'failed' ? 3 : 1, right - left - 1);
  const top = topOf(bar);
  const fill = (paint: string | CanvasPattern) => {
    context.fillStyle = paint;
    context.fillRect(left, top, wide, BAR);
  };
  switch (status) {
    case 'failed':
      fill(paints.fail);
      if (wide >= 6) fill(paints.failedHatch);
      break;
    case 'materializing':
      fill(paints.run);
      if (wide >= 6) fill(paints.materializingStripes);
      break;
    case 'queued':
      fill(paints.queuedStripes);
      break;
    case 'materialized':
      fill(paints.ok);
      break;
    default:
      fill(paints.missing);
      context.strokeStyle = paints.edge;
      context.strokeRect(left + 0.5, top + 0.5, Math.max(1, wide - 1), BAR - 1);
  }
  if (wide < WORDS_FROM || label === '') return;
  if (status === 'failed' || status === 'materializing') {
    const text = status === 'failed' ? `${label} ✕` : label;
    const wanted = context.measureText(text).width + 8;
    if (wanted > wide - 6) return;
    context.fillStyle = ink.paper;
    context.fillRect(left + 3, top + 4, wanted, BAR - 8);
    words(context, text, left, wide, top, status === 'failed' ? ink.failText : ink.ink);
  } else {
    words(context, label, left, wide, top, status === 'materialized' ? ink.onStatus : ink.ink2);
  }
}

/** A text that fits, or nothing: a key is never cut. */
function words(
  context: CanvasRenderingContext2D,
  text: string,
  left: number,
  wide: number,
  top: number,
  colour: string,
): void {
  if (context.measureText(text).width > wide - 10) return;
  context.fillStyle = colour;
  context.fillText(text, left + 6, top + BAR / 2 + 0.5);
}

function topOf({ lane }: GanttBar): number {
  return lane * LANE + (LANE - BAR) / 2;
}

function dashed(
  context: CanvasRenderingContext2D,
  left: number,
  height: number,
  colour: string,
  dash: readonly number[],
): void {
  context.setLineDash([...dash]);
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(left, 0);
  context.lineTo(left, height);
  context.stroke();
  context.setLineDash([]);
}
