/** How well a text matches what was typed. */
export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** The places of the text that were typed, ascending. */
  readonly places: readonly number[];
}

const FIRST_OF_TEXT = 12;
const FIRST_OF_WORD = 8;
const NEXT_TO_LAST = 6;
const WHOLE_WORD = 10;
/** Each letter in between costs something, up to so much. */
const MOST_SKIPPED = 6;

/**
 * Matches each word of `typed` somewhere in `text`, its letters in order: beginnings of words and neighbours count
 * more than letters here and there. Null if a word is not in it.
 */
export function fuzzyMatch(text: string, typed: string): Match | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  const places = new Set<number>();
  let score = 0;
  for (const word of words) {
    const match = matchWord(lower, text, word);
    if (!match) return null;
    score += match.score;
    for (const place of match.places) places.add(place);
  }
  // Of two that match alike, the shorter one is meant.
  return { score: score - text.length / 100, places: [...places].sort((a, b) => a - b) };
}

/** As one piece if it is in there, else letter by letter, from each place where its first letter is. */
function matchWord(lower: string, text: string, word: string): Match | null {
  let best: Match | null = null;
  for (let from = lower.indexOf(word[0] ?? ''); from >= 0;) {
    const match = matchFrom(lower, text, word, from);
    // Letters that are merely somewhere are not what was meant.
    const isMeant = match !== null && match.score >= 0;
    if (isMeant && (best === null || match.score > best.score)) best = match;
    from = lower.indexOf(word[0] ?? '', from + 1);
  }
  return best;
}

function matchFrom(lower: string, text: string, word: string, from: number): Match | null {
  const places: number[] = [];
  let score = 0;
  let at = from;
  for (const letter of word) {
    const place = places.length === 0 ? from : lower.indexOf(letter, at);
    if (place < 0) return null;
    const last = places.at(-1);
    if (place === 0) score += FIRST_OF_TEXT;
    else if (startsWord(text, place)) score += FIRST_OF_WORD;
    if (last !== undefined) {
      score += place === last + 1 ? NEXT_TO_LAST : -Math.min(MOST_SKIPPED, place - last);
    }
    places.push(place);
    at = place + 1;
  }
  const isWhole = lower.startsWith(word, from) && !/[a-z0-9]/.test(lower[at] ?? ' ');
  if (isWhole && (from === 0 || startsWord(text, from))) score += WHOLE_WORD;
  return { score, places };
}

function startsWord(text: string, place: number): boolean {
  const before = text[place - 1] ?? ' ';
  const here = text[place] ?? '';
  return /[^A-Za-z0-9]/.test(before) || (/[a-z]/.test(before) && /[A-Z]/.test(here));
}
