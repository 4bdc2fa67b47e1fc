import type { Painter } from '../../../src/ui/partitions/paint-status-bar.ts';
import type { Paint, StatusPaints } from '../../../src/ui/partitions/status-paints.ts';
import { tallyStatuses, type ShownStatuses } from '../../../src/ui/partitions/status-tally.ts';

/** Paints by name, so that a test can say what was filled with what. */
export const namedPaints: StatusPaints = {
  paper: 'paper',
  edge: 'edge',
  ok: 'ok',
  run: 'run',
  fail: 'fail',
  stale: 'stale',
  missing: 'missing',
  materializingStripes: 'materializing stripes',
  queuedStripes: 'queued stripes',
  failedHatch: 'failed hatch',
  notTriedHatch: 'not tried hatch',
  queuedDashes: 'queued dashes',
  notTriedDashes: 'not tried dashes',
  dots: 'dots',
};

interface Rectangle {
  readonly paint: Paint | CanvasGradient;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A canvas that keeps what was filled and framed, and paints nothing. */
export class RecordingPainter implements Painter {
  fillStyle: Paint | CanvasGradient = '';
  strokeStyle: Paint | CanvasGradient = '';
  lineWidth = 1;
  readonly filled: Rectangle[] = [];
  readonly framed: Rectangle[] = [];
  /** Fills of shapes that are no rectangles. */
  readonly shapes: (Paint | CanvasGradient)[] = [];
  #path: Omit<Rectangle, 'paint'>[] = [];
  #drawsLines = false;

  beginPath(): void {
    this.#path = [];
    this.#drawsLines = false;
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push({ x, y, width, height });
  }
  roundRect(x: number, y: number, width: number, height: number): void {
    this.rect(x, y, width, height);
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.filled.push({ paint: this.fillStyle, x, y, width, height });
  }
  fill(): void {
    if (this.#drawsLines) this.shapes.push(this.fillStyle);
    for (const box of this.#path) this.filled.push({ paint: this.fillStyle, ...box });
  }
  stroke(): void {
    for (const box of this.#path) this.framed.push({ paint: this.strokeStyle, ...box });
  }
  lineTo(): void {
    this.#drawsLines = true;
  }
  moveTo(): void {}
  closePath(): void {}
  save(): void {}
  restore(): void {}
  clip(): void {}
  setLineDash(): void {}

  /** The rectangles filled with `paint`, in the order of painting. */
  filledWith(paint: Paint): readonly Rectangle[] {
    return this.filled.filter((box) => box.paint === paint);
  }
}

/** The tally of `count` keys, of which all but those named are materialized. */
export function tallyOf(count: number, statuses: Partial<ShownStatuses>) {
  const exceptions = [...Object.values(statuses)].flatMap((spans) => [...chunks(spans)]);
  exceptions.sort(([a], [b]) => a - b);
  const rest: number[] = [];
  let at = 0;
  for (const [start, end] of exceptions) {
    if (start > at) rest.push(at, start);
    at = Math.max(at, end);
  }
  if (at < count) rest.push(at, count);
  return tallyStatuses(
    {
      materialized: rest,
      materializing: [],
      queued: [],
      failed: [],
      notTried: [],
      ...statuses,
    },
    count,
  );
}

function* chunks(spans: readonly number[]): Generator<[number, number]> {
  for (let at = 0; at + 1 < spans.length; at += 2) yield [spans[at] ?? 0, spans[at + 1] ?? 0];
}
