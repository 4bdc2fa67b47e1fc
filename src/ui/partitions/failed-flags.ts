import type { KeyScale } from './key-scale.ts';
import type { StatusTally } from './status-tally.ts';

/** A mark above a bar where keys failed. */
export interface FailedFlag {
  /** Middle of what it stands over, CSS px. */
  readonly x: number;
  /** From the left end of its first key to the right end of its last, CSS px. */
  readonly left: number;
  readonly right: number;
  /** How many failed keys it stands for; at least 1. */
  readonly count: number;
  /** The first of them. */
  readonly ordinal: number;
}

/** Flags nearer than this become one, CSS px. */
const NEAR = 12;
/** So much of it is taken by the least width of what they stand over. */
const LEAST_WIDTH = 3;

/**
 * The flags over a bar, left to right. Takes time by the number of pixels, however many
 * keys failed.
 */
export function failedFlags(scale: KeyScale, tally: StatusTally): readonly FailedFlag[] {
  const flags: Mutable<FailedFlag>[] = [];
  let ordinal = tally.firstFrom('failed', scale.from);
  while (ordinal >= 0 && ordinal < scale.to) {
    const left = Math.max(0, scale.leftOf(ordinal));
    // All that begin so near are under one flag, so one step takes them together.
    const near = Math.max(left + 1, scale.rightOf(ordinal)) + NEAR - LEAST_WIDTH;
    const end = Math.max(ordinal + 1, scale.endAt(near));
    const right = Math.min(scale.width, scale.rightOf(tally.lastBefore('failed', end)));
    const last = flags.at(-1);
    const count = tally.countIn('failed', ordinal, end);
    if (last && left - last.right < NEAR - LEAST_WIDTH) {
      last.right = right;
      last.x = (last.left + right) / 2;
      last.count += count;
    } else {
      flags.push({ x: (left + right) / 2, left, right, count, ordinal });
    }
    ordinal = tally.firstFrom('failed', end);
  }
  return flags;
}

/** As long as it is put together. */
type Mutable<Part> = { -readonly [Name in keyof Part]: Part[Name] };
