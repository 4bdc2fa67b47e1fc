import { failedFlags, type FailedFlag } from './failed-flags.ts';
import { levelOfDetail, type KeyScale, type LevelOfDetail } from './key-scale.ts';
import { WORST_FIRST, type ShownStatus } from './shown-status.ts';
import { LISTED, type StatusTally } from './status-tally.ts';

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

export type Paint = string | CanvasPattern;

/** The colours and patterns of one theme at one pixel ratio. */
export interface StatusPaints {
  readonly paper: Paint;
  readonly edge: Paint;
  readonly ok: Paint;
  readonly run: Paint;
  readonly fail: Paint;
  readonly stale: Paint;
  readonly missing: Paint;
  /** Paper stripes, laid over the status colour; those of `materializing` move. */
  readonly materializingStripes: Paint;
  readonly queuedStripes: Paint;
  readonly failedHatch: Paint;
  readonly notTriedHatch: Paint;
  /** For keys too narrow for a pattern. */
  readonly queuedDashes: Paint;
  readonly notTriedDashes: Paint;
  readonly dots: Paint;
}

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

/** A share of a column, or a key. */
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
export function paintStatusBar(context: Painter, bar: BarPicture): void {
  const detail = levelOfDetail(bar.scale.pixelsPerKey);
  const boxes = detail === 'columns' ? columnBoxes(bar) : keyBoxes(bar, detail);
  if (detail === 'labels' || detail === 'patterns') {
    paintSegments(context, bar, boxes, detail);
  } else {
    paintDense(context, bar, boxes, detail);
  }
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

/** One column a device pixel, split by the true shares of its keys, worst on top; equal neighbours are joined. */
function columnBoxes(bar: BarPicture): Boxes {
  const { scale, top, height, ratio } = bar;
  const boxes = noBoxes();
  const columns = Math.round(scale.width * ratio);
  const shares = sharesOf(bar, columns);
  for (let row = 0; row < shares.statuses.length; row++) {
    const status = shares.statuses[row] as ShownStatus; // `row` is within
    const list = boxes[status];
    let start = 0;
    for (let column = 1; column <= columns; column++) {
      const [before, here] = [row * columns + column - 1, row * columns + column];
      const isSame =
        column < columns &&
        shares.y[here] === shares.y[before] &&
        shares.height[here] === shares.height[before];
      if (isSame) continue;
      const tall = shares.height[before] as number;
      if (tall > 0) {
        const y = top + (shares.y[before] as number);
        // A share to the bottom is as tall as the bar allows, whole pixels or not.
        const bottom = y + tall >= top + height ? top + height : y + tall;
        list.push({ x: start / ratio, y, width: (column - start) / ratio, height: bottom - y });
      }
      start = column;
    }
  }
  return boxes;
}

/** Where each status stands in each column; `y` and `height` hold a row of columns for each status, CSS px. */
interface ColumnShares {
  readonly statuses: readonly ShownStatus[];
  readonly y: Float64Array;
  readonly height: Float64Array;
}

function sharesOf({ scale, tally, height }: BarPicture, columns: number): ColumnShares {
  const pixel = scale.width / columns;
  const from = new Float64Array(columns);
  const to = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    const first = scale.firstAt(column * pixel);
    from[column] = first;
    to[column] = Math.max(first, scale.endAt((column + 1) * pixel));
  }
  const counts = countsByColumn(tally, from, to);
  const statuses = WORST_FIRST.filter((status) => counts[status] !== undefined);
  const byRow = statuses.map((status) => counts[status] as Float64Array);
  const y = new Float64Array(statuses.length * columns);
  const tall = new Float64Array(statuses.length * columns);
  for (let column = 0; column < columns; column++) {
    const total = (to[column] as number) - (from[column] as number);
    let rest = total;
    let at = 0;
    for (let row = 0; row < statuses.length && rest > 0; row++) {
      const count = byRow[row]?.[column] ?? 0;
      if (count === 0) continue;
      rest -= count;
      // Whole pixels keep neighbours equal, so that most columns join. What follows keeps some room.
      const share = Math.max(LEAST, Math.round((count / total) * height));
      const end = rest > 0 ? Math.min(height - LEAST, at + share) : height;
      y[row * columns + column] = at;
      tall[row * columns + column] = end - at;
      at = end;
    }
  }
  return { statuses, y, height: tall };
}

/** How many keys of each status that occurs stand in the columns that reach from `from` to `to`. */
function countsByColumn(
  tally: StatusTally,
  from: Float64Array,
  to: Float64Array,
): Partial<Record<ShownStatus, Float64Array>> {
  const [first = 0] = from;
  const last = to.at(-1) ?? 0;
  const counts: Partial<Record<ShownStatus, Float64Array>> = {};
  for (const status of LISTED) {
    if (tally.countIn(status, first, last) === 0) continue;
    const inside = tally.countBeforeEach(status, to);
    subtract(inside, tally.countBeforeEach(status, from));
    counts[status] = inside;
  }
  // Counted before each place, materialized keys have the stale ones among them.
  if (counts.materialized) subtract(counts.materialized, counts.stale);
  for (const status of ['missing', 'not yet existing'] as const) {
    if (tally.countIn(status, first, last) === 0) continue;
    const inside = new Float64Array(from.length);
    for (let at = 0; at < inside.length; at++) {
      const [start, end] = [from[at] as number, to[at] as number];
      const ahead = Math.max(0, end - Math.max(start, tally.existing));
      inside[at] = status === 'missing' ? end - start - ahead : ahead;
    }
    if (status === 'missing') for (const listed of LISTED) subtract(inside, counts[listed]);
    counts[status] = inside;
  }
  return counts;
}

/** Takes `less` away from `counts`, place by place. */
function subtract(counts: Float64Array, less: Float64Array | undefined): void {
  if (!less) return;
  for (let at = 0; at < counts.length; at++) {
    counts[at] = (counts[at] as number) - (less[at] as number);
  }
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

/** Keys under 6 px: plain colour, the bar's own ends rounded, failed keys standing out. */
function paintDense(
  context: Painter,
  { scale, tally, top, height, paints }: BarPicture,
  boxes: Boxes,
  detail: 'solid' | 'columns',
): void {
  context.save();
  context.beginPath();
  context.roundRect(0, top, scale.width, height, RADIUS);
  context.clip();
  fillBoxes(context, boxes.materialized, paints.ok, 0);
  fillBoxes(context, joined(boxes.missing), paints.missing, LEAST);
  frameRuns(context, joined(boxes.missing), height, paints.edge);
  fillBoxes(context, joined(boxes['not yet existing']), paints.dots, LEAST);
  if (detail === 'solid') fillBoxes(context, boxes.stale, paints.paper, LEAST, 1);
  fillBoxes(context, boxes.stale, paints.stale, LEAST);
  paintRuns(context, boxes.queued, paints.queuedStripes, paints.queuedDashes, paints);
  fillBoxes(context, boxes.materializing, paints.run, LEAST);
  paintRuns(context, boxes['not tried'], paints.notTriedHatch, paints.notTriedDashes, paints);
  fillBoxes(context, boxes.failed, paints.fail, LEAST);
  context.restore();
  for (const flag of failedFlags(scale, tally)) {
    paintFailedTick(context, flag, top, height, paints);
    paintFlag(context, flag.x, top - FAILED_RISE - 1, paints);
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

/** Neighbours of equal height become one, gap or not: a run of keys has one frame. */
function joined(boxes: readonly Box[]): readonly Box[] {
  const runs: Box[] = [];
  for (const box of boxes) {
    const last = runs.at(-1);
    const touches = last && box.x - (last.x + last.width) < 1.2;
    if (last && touches && last.y === box.y && last.height === box.height) {
      runs[runs.length - 1] = { ...last, width: box.x + box.width - last.x };
    } else {
      runs.push(box);
    }
  }
  return runs;
}

/** Runs as high as the bar get a frame; lower shares in a row draw one line together, along their upper ends. */
function frameRuns(context: Painter, runs: readonly Box[], full: number, paint: Paint): void {
  if (runs.length === 0) return;
  context.beginPath();
  for (const { x, y, width, height } of runs) {
    if (height === full) context.rect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
    else context.rect(x, y + 0.5, width, 0);
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

/** ▼ with its point at `y`. */
function paintFlag(context: Painter, x: number, y: number, paints: StatusPaints): void {
  context.beginPath();
  context.moveTo(x - 4, y - 6);
  context.lineTo(x + 4, y - 6);
  context.lineTo(x, y);
  context.closePath();
  context.fillStyle = paints.fail;
  context.fill();
}
