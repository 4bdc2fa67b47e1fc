import { columnInks, type InkPicture } from './column-inks.ts';
import { failedFlags, type FailedFlag } from './failed-flags.ts';
import { levelOfDetail, type KeyScale, type LevelOfDetail } from './key-scale.ts';
import type { ShownStatus } from './shown-status.ts';
import type { Paint, StatusPaints } from './status-paints.ts';
import type { StatusTally } from './status-tally.ts';

/** What is used of a canvas; a test records it. */
export type Painter = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'beginPath'
  | 'closePath'
  | 'moveTo'
  | 'lineTo'
  | 'rect'
  | 'roundRect'
  | 'clip'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
>;

/** Puts the pixels of a dense bar where the bar is. */
export type InkPainter = (picture: InkPicture) => void;

/** A bar to be painted; all lengths in CSS px. */
export interface BarPicture {
  readonly scale: KeyScale;
  readonly tally: StatusTally;
  /** Where the bar begins below the canvas's top; what is above is for flags. */
  readonly top: number;
  readonly height: number;
  /** Device pixels a CSS px. */
  readonly ratio: number;
  readonly paints: StatusPaints;
}

/** How far a failed key of a dense bar stands out above and below. */
export const FAILED_RISE = 3;

/** The least width of a failed key, and of any other. */
const FAILED_WIDTH = 3;
const LEAST = 2;

/** A key, or a run of them. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Boxes = Record<ShownStatus, Box[]>;

/**
 * Paints the keys of one asset as a bar: one by one as long as a key has 2 px, then
 * by shares of each device pixel's keys, so that a single failed key among a million
 * is seen. Takes time by the number of pixels.
 */
export function paintStatusBar(context: Painter, bar: BarPicture, paintInks: InkPainter): void {
  const detail = levelOfDetail(bar.scale.pixelsPerKey);
  if (detail === 'labels' || detail === 'patterns') {
    paintSegments(context, bar, keyBoxes(bar, detail), detail);
    return;
  }
  if (detail === 'solid') paintSolid(context, bar, keyBoxes(bar, detail));
  else paintInks(columnInks(bar));
  paintFailed(context, bar);
}

function noBoxes(): Boxes {
  return {
    failed: [],
    'not tried': [],
    materializing: [],
    queued: [],
    missing: [],
    stale: [],
    materialized: [],
    'not yet existing': [],
  };
}

const GAP: Record<Exclude<LevelOfDetail, 'columns' | 'solid'>, number> = {
  labels: 2,
  patterns: 1.5,
};

/** One box a key, less the gap to the next. */
function keyBoxes({ scale, tally, top, height }: BarPicture, detail: LevelOfDetail): Boxes {
  const boxes = noBoxes();
  const gap =
    detail === 'labels' || detail === 'patterns' ? GAP[detail] : scale.pixelsPerKey < 3 ? 0.5 : 1;
  for (let ordinal = scale.from; ordinal < scale.to; ordinal++) {
    const x = scale.leftOf(ordinal);
    // The last key of all reaches the end of the line.
    const isLast = scale.rightOf(ordinal) >= scale.width - 0.01;
    const width = Math.max(0.5, scale.rightOf(ordinal) - x - (isLast ? 0 : gap));
    boxes[tally.statusAt(ordinal)].push({ x, y: top, width, height });
  }
  return boxes;
}

/** Keys of 6 px and more: rounded, with their patterns, and glyphs from 40 px on. */
function paintSegments(
  context: Painter,
  { paints, height }: BarPicture,
  boxes: Boxes,
  detail: 'labels' | 'patterns',
): void {
  fillSegments(context, boxes.materialized, paints.ok);
  fillSegments(context, boxes.stale, paints.ok);
  for (const box of boxes.stale) paintNotch(context, box, paints);
  fillSegments(context, boxes.missing, paints.missing);
  frameSegments(context, boxes.missing, paints.edge);
  fillSegments(context, boxes.queued, paints.queuedStripes);
  frameSegments(context, boxes.queued, paints.run);
  fillSegments(context, boxes.materializing, paints.run);
  fillSegments(context, boxes.materializing, paints.materializingStripes);
  fillSegments(context, boxes['not tried'], paints.notTriedHatch);
  frameSegments(context, boxes['not tried'], paints.fail);
  fillSegments(context, boxes.failed, paints.fail);
  fillSegments(context, boxes.failed, paints.failedHatch);
  context.setLineDash([1.5, 2.5]);
  frameSegments(context, boxes['not yet existing'], paints.edge);
  context.setLineDash([]);
  if (detail === 'patterns' || height < GLYPH_ROOM) return;
  for (const box of boxes.failed) paintCross(context, box, paints);
  for (const box of boxes['not tried']) paintDash(context, box, paints);
}

const RADIUS = 2;
/** In a lower bar a glyph is a smudge. */
const GLYPH_ROOM = 12;

function fillSegments(context: Painter, boxes: readonly Box[], paint: Paint): void {
  if (boxes.length === 0) return;
  context.beginPath();
  for (const { x, y, width, height } of boxes) context.roundRect(x, y, width, height, RADIUS);
  context.fillStyle = paint;
  context.fill();
}

function frameSegments(context: Painter, boxes: readonly Box[], paint: Paint): void {
  if (boxes.length === 0) return;
  context.beginPath();
  for (const { x, y, width, height } of boxes) {
    context.roundRect(x + 0.5, y + 0.5, Math.max(0, width - 1), height - 1, RADIUS - 0.5);
  }
  context.strokeStyle = paint;
  context.lineWidth = 1;
  context.stroke();
}

/** The corner that says stale, behind a keyline of paper. */
function paintNotch(context: Painter, box: Box, paints: StatusPaints): void {
  const side = Math.min(13, Math.max(8, box.height * 0.42), box.width);
  const right = box.x + box.width;
  const keyline = 1.6 * Math.SQRT2;
  for (const [reach, paint] of [
    [side + keyline, paints.paper],
    [side, paints.stale],
  ] as const) {
    context.beginPath();
    context.moveTo(Math.max(box.x, right - reach), box.y);
    context.lineTo(right, box.y);
    context.lineTo(right, box.y + reach);
    context.closePath();
    context.fillStyle = paint;
    context.fill();
  }
}

/** A ✕ on a plate that frees it from the hatch. */
function paintCross(context: Painter, box: Box, paints: StatusPaints): void {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const arm = Math.min(4, box.height * 0.2);
  context.fillStyle = paints.fail;
  context.fillRect(x - 11, box.y, 22, box.height);
  context.strokeStyle = paints.paper;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - arm, y - arm);
  context.lineTo(x + arm, y + arm);
  context.moveTo(x + arm, y - arm);
  context.lineTo(x - arm, y + arm);
  context.stroke();
}

/** A – on a plate that frees it from the hatch. */
function paintDash(context: Painter, box: Box, paints: StatusPaints): void {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  context.fillStyle = paints.paper;
  context.fillRect(x - 10, box.y + 1, 20, box.height - 2);
  context.fillStyle = paints.fail;
  context.fillRect(x - 6, y - 1, 12, 2);
}

/** Keys under 6 px: plain colour, the bar's own ends rounded. */
function paintSolid(context: Painter, bar: BarPicture, boxes: Boxes): void {
  const { scale, top, height, paints } = bar;
  context.save();
  context.beginPath();
  context.roundRect(0, top, scale.width, height, RADIUS);
  context.clip();
  fillBoxes(context, boxes.materialized, paints.ok, 0);
  fillBoxes(context, joined(boxes.missing), paints.missing, LEAST);
  frameRuns(context, joined(boxes.missing), paints.edge);
  fillBoxes(context, joined(boxes['not yet existing']), paints.dots, LEAST);
  fillBoxes(context, boxes.stale, paints.paper, LEAST, 1);
  fillBoxes(context, boxes.stale, paints.stale, LEAST);
  paintRuns(context, boxes.queued, paints.queuedStripes, paints.queuedDashes, paints);
  fillBoxes(context, boxes.materializing, paints.run, LEAST);
  paintRuns(context, boxes['not tried'], paints.notTriedHatch, paints.notTriedDashes, paints);
  fillBoxes(context, boxes.failed, paints.fail, LEAST);
  context.restore();
}

/** Failed keys stand out of a dense bar, each or several together under a flag. */
function paintFailed(context: Painter, { scale, tally, top, height, paints }: BarPicture): void {
  for (const flag of failedFlags(scale, tally)) {
    paintFailedTick(context, flag, top, height, paints);
    // Whole at the ends too.
    const x = Math.min(Math.max(FLAG_HALF, flag.x), scale.width - FLAG_HALF);
    paintFlag(context, x, top - FAILED_RISE - 1, paints);
  }
}

/** Neighbours together bear their pattern where it has room, and are dashed where not. */
function paintRuns(
  context: Painter,
  boxes: readonly Box[],
  pattern: Paint,
  dashes: Paint,
  paints: StatusPaints,
): void {
  const runs = joined(boxes);
  const narrow = runs.filter(({ width }) => width < PATTERN_ROOM);
  fillBoxes(
    context,
    runs.filter(({ width }) => width >= PATTERN_ROOM),
    pattern,
    LEAST,
  );
  fillBoxes(context, narrow, paints.paper, LEAST, 1);
  fillBoxes(context, narrow, dashes, LEAST);
}

/** A pattern is told from another from this width on. */
const PATTERN_ROOM = 6;

function fillBoxes(
  context: Painter,
  boxes: readonly Box[],
  paint: Paint,
  least: number,
  margin = 0,
): void {
  if (boxes.length === 0) return;
  context.fillStyle = paint;
  for (const { x, y, width, height } of boxes) {
    context.fillRect(x - margin, y, Math.max(least, width) + margin * 2, height);
  }
}

/** Neighbours become one, gap or not: a run of keys has one frame. */
function joined(boxes: readonly Box[]): readonly Box[] {
  const runs: Box[] = [];
  for (const box of boxes) {
    const last = runs.at(-1);
    const touches = last && box.x - (last.x + last.width) < 1.2;
    if (last && touches) {
      runs[runs.length - 1] = { ...last, width: box.x + box.width - last.x };
    } else {
      runs.push(box);
    }
  }
  return runs;
}

/** One frame round each run. */
function frameRuns(context: Painter, runs: readonly Box[], paint: Paint): void {
  if (runs.length === 0) return;
  context.beginPath();
  for (const { x, y, width, height } of runs) {
    context.rect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
  }
  context.strokeStyle = paint;
  context.lineWidth = 1;
  context.stroke();
}

/** Failed keys narrow enough to be overlooked become a tick that is wider and taller than the bar. */
function paintFailedTick(
  context: Painter,
  { x, left, right }: FailedFlag,
  top: number,
  height: number,
  paints: StatusPaints,
): void {
  if (right - left > FAILED_WIDTH * 2) return;
  const width = Math.max(FAILED_WIDTH, right - left);
  const y = top - FAILED_RISE;
  const tall = height + FAILED_RISE * 2;
  context.fillStyle = paints.paper;
  context.fillRect(x - width / 2 - 1, y, width + 2, tall);
  context.fillStyle = paints.fail;
  context.fillRect(x - width / 2, y, width, tall);
}

const FLAG_HALF = 4;

/** ▼ with its point at `y`. */
function paintFlag(context: Painter, x: number, y: number, paints: StatusPaints): void {
  context.beginPath();
  context.moveTo(x - FLAG_HALF, y - 6);
  context.lineTo(x + FLAG_HALF, y - 6);
  context.lineTo(x, y);
  context.closePath();
  context.fillStyle = paints.fail;
  context.fill();
}
