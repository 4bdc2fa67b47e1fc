import type { Unanswered } from './random-cases.ts';

/** Parts of a definition or a mapping that it does without. */
const OPTIONAL = new Set([
  'timezone',
  'endOffset',
  'minuteOffset',
  'hourOffset',
  'dayOffset',
  'end',
  'exclusions',
  'startOffset',
  'allowNonexistentUpstreamPartitions',
]);
/** Lists whose items may be left out. */
const LISTS = new Set(['windows', 'nextKey', 'has', 'ranges', 'keys', 'a', 'b', 'input', 'things']);

/** Questions with one thing less, those with much less first. */
export function simplerCases(one: Unanswered): readonly Unanswered[] {
  return without(one, '') as readonly Unanswered[];
}

/** Every value that lacks something of this one. */
function without(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) {
    if (!LISTS.has(name)) return [];
    const halves =
      value.length > 3 ? [value.slice(0, value.length >> 1), value.slice(value.length >> 1)] : [];
    return [...halves, ...value.map((_, at) => value.toSpliced(at, 1))];
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  return [
    ...entries.flatMap(([part]) =>
      OPTIONAL.has(part) ? [Object.fromEntries(entries.filter(([other]) => other !== part))] : [],
    ),
    ...entries.flatMap(([part, inner]) =>
      without(inner, part).map((less) =>
        Object.fromEntries(entries.map(([other, held]) => [other, other === part ? less : held])),
      ),
    ),
  ];
}
