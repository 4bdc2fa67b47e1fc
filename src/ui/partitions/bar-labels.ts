import { levelOfDetail, type KeyScale } from './key-scale.ts';
import type { StatusTally } from './status-tally.ts';

/** A key's name under a bar. */
export interface BarLabel {
  readonly ordinal: number;
  readonly text: string;
  /** Left end, CSS px. */
  readonly x: number;
}

/** An em of the monospaced face is so many times as wide as high; labels are 12 px. */
const LABEL_FONT_SIZE = 12;
const MONO_ADVANCE = 0.6;
const CHARACTER = LABEL_FONT_SIZE * MONO_ADVANCE;

/** Between two labels, CSS px. */
const APART = 10;

/** Beyond these many failed keys in view, names tell nothing more. */
const FAILED_NAMED = 12;

/**
 * The names that fit under a bar, left to right: the key in focus, then failed ones, first and last,
 * and all others where each key has 40 px. None is cut or turned; what collides with one more
 * important is left out.
 *
 * @param focused ordinal of the key in focus; null if none is.
 * @param keyAt the name of an ordinal.
 */
export function placeLabels(
  scale: KeyScale,
  tally: StatusTally,
  focused: number | null,
  keyAt: (ordinal: number) => string,
): readonly BarLabel[] {
  return placeTexts(candidates(scale, tally, focused), scale.width, (ordinal) => ({
    text: keyAt(ordinal),
    x: scale.leftOf(ordinal),
  }));
}

/**
 * The names that fit side by side within `width`, left to right; of two that collide, the one that comes
 * first in `ordinals` stays.
 *
 * @param at the name of an ordinal, and where it would begin.
 */
export function placeTexts(
  ordinals: Iterable<number>,
  width: number,
  at: (ordinal: number) => { readonly text: string; readonly x: number },
): readonly BarLabel[] {
  const placed: BarLabel[] = [];
  for (const ordinal of ordinals) {
    const { text, x: wished } = at(ordinal);
    const wide = text.length * CHARACTER;
    if (wide > width) continue;
    const x = Math.min(Math.max(0, wished), width - wide);
    const isFree = placed.every(
      (other) =>
        x >= other.x + other.text.length * CHARACTER + APART || x + wide + APART <= other.x,
    );
    if (isFree) placed.push({ ordinal, text, x });
  }
  return placed.sort((a, b) => a.x - b.x);
}

/** Ordinals by importance, each once. */
function candidates(
  scale: KeyScale,
  tally: StatusTally,
  focused: number | null,
): ReadonlySet<number> {
  const ordinals = new Set<number>();
  if (scale.to <= scale.from) return ordinals;
  if (focused !== null && focused >= scale.from && focused < scale.to) ordinals.add(focused);
  let failed = tally.firstFrom('failed', scale.from);
  for (let named = 0; failed >= 0 && failed < scale.to && named < FAILED_NAMED; named++) {
    ordinals.add(failed);
    failed = tally.firstFrom('failed', failed + 1);
  }
  ordinals.add(scale.from).add(scale.to - 1);
  if (levelOfDetail(scale.pixelsPerKey) === 'labels') {
    for (let ordinal = scale.from; ordinal < scale.to; ordinal++) ordinals.add(ordinal);
  }
  return ordinals;
}
