/** What a row of keys has in common is told once; each then needs only what is its own. */
export interface ShortKeys {
  /** Begins every key; empty if they have nothing in common. */
  readonly prefix: string;
  /** Ends every key. */
  readonly suffix: string;
}

/** What all of `keys` begin and end with, cut where a part of a key ends; nothing of a single key. */
export function commonEnds(keys: readonly string[]): ShortKeys {
  const [first = '', ...others] = keys;
  if (others.length === 0) return { prefix: '', suffix: '' };
  let start = first.length;
  let end = first.length;
  for (const key of others) {
    start = Math.min(
      start,
      sharedLength(first, key, (text, at) => text[at]),
    );
    end = Math.min(
      end,
      sharedLength(first, key, (text, at) => text[text.length - 1 - at]),
    );
  }
  const prefix = first.slice(0, start).replace(/[^-:|/_]+$/, '');
  const suffix = first.slice(first.length - end).replace(/^[^-:|/_]+/, '');
  // Of very short keys both might claim the same.
  const isApart = keys.every((key) => key.length > prefix.length + suffix.length);
  return isApart ? { prefix, suffix } : { prefix: '', suffix: '' };
}

function sharedLength(
  a: string,
  b: string,
  at: (text: string, place: number) => string | undefined,
): number {
  let length = 0;
  while (length < a.length && length < b.length && at(a, length) === at(b, length)) length += 1;
  return length;
}

/** What is a key's own. */
export function shortKey(key: string, { prefix, suffix }: ShortKeys): string {
  return key.slice(prefix.length, key.length - suffix.length);
}
