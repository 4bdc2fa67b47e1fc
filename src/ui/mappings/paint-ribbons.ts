import type { Extent } from './bar-layout.ts';
import type { Ribbon } from './ribbons.ts';

/** What a picture of ribbons is painted from; the end that is looked from is at the bottom, unless `flipped`. */
export interface RibbonPicture {
  readonly rest: readonly Ribbon[];
  /** Of the key in focus. */
  readonly focused: readonly Ribbon[];
  /** In ink: the odd one, or the one under the pointer. */
  readonly odd: readonly Ribbon[];
  /** That are only by the mapping that is compared with: outlines, dashed. */
  readonly lost: readonly Ribbon[];
  /** That are only by the mapping that is tried: hatched in ink. */
  readonly gained: readonly Ribbon[];
  readonly flipped: boolean;
  /** CSS px. */
  readonly width: number;
  readonly height: number;
}

/** The colours of a theme. */
export interface RibbonInks {
  readonly relation: string;
  readonly relationOn: string;
  readonly ink: string;
  readonly paper: string;
}

/** Paints the ribbons; separators of paper keep neighbours apart. */
export function paintRibbons(
  context: CanvasRenderingContext2D,
  picture: RibbonPicture,
  inks: RibbonInks,
): void {
  const { rest, focused, odd, lost, gained, width, height } = picture;
  context.clearRect(0, 0, width, height);
  const trace = (ribbon: Ribbon) => traceRibbon(context, ribbon, picture);
  const fill = (ribbons: readonly Ribbon[], style: string, separated: boolean) => {
    for (const ribbon of ribbons) {
      trace(ribbon);
      context.fillStyle = style;
      context.fill();
      // Of very narrow ones, separators would be all that is seen.
      if (!separated || widthOf(ribbon) < NARROWEST_SEPARATED) continue;
      context.strokeStyle = inks.paper;
      context.lineWidth = 1;
      context.stroke();
    }
  };
  const wide = rest.length * 3 < width;
  fill(rest, inks.relation, wide);
  fill(focused, inks.relationOn, true);
  for (const ribbon of gained) {
    context.save();
    trace(ribbon);
    context.clip();
    hatch(context, ribbon, picture, inks.ink);
    context.restore();
    trace(ribbon);
    context.strokeStyle = inks.ink;
    context.lineWidth = 1;
    context.stroke();
  }
  context.setLineDash([3, 3]);
  for (const ribbon of lost) {
    trace(ribbon);
    context.strokeStyle = inks.ink;
    context.lineWidth = 1;
    context.stroke();
  }
  context.setLineDash([]);
  fill(odd, inks.ink, true);
}

/** From the extent at the top to the one at the bottom, along two curves. */
function traceRibbon(
  context: CanvasRenderingContext2D,
  { own, other }: Ribbon,
  { flipped, height }: RibbonPicture,
): void {
  const [top, bottom] = flipped ? [seen(own), seen(other)] : [seen(other), seen(own)];
  const middle = height / 2;
  context.beginPath();
  context.moveTo(top.left, 0);
  context.bezierCurveTo(top.left, middle, bottom.left, middle, bottom.left, height);
  context.lineTo(bottom.right, height);
  context.bezierCurveTo(bottom.right, middle, top.right, middle, top.right, 0);
  context.closePath();
}

/** CSS px. */
const NARROWEST_SEPARATED = 3;

/** At its wider end, CSS px. */
function widthOf({ own, other }: Ribbon): number {
  return Math.max(own.right - own.left, other.right - other.left);
}

/** No end is narrower than this, CSS px. */
const NARROWEST = 1;

function seen({ left, right }: Extent): Extent {
  return right - left >= NARROWEST ? { left, right } : { left, right: left + NARROWEST };
}

const HATCH_PITCH = 5;

function hatch(
  context: CanvasRenderingContext2D,
  { own, other }: Ribbon,
  { height }: RibbonPicture,
  ink: string,
): void {
  const left = Math.min(own.left, other.left) - height;
  const right = Math.max(own.right, other.right);
  context.beginPath();
  for (let x = left - (left % HATCH_PITCH); x < right; x += HATCH_PITCH) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.stroke();
}
