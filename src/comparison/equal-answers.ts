import { isFault, type Answer } from './question.ts';

/** Errors are equal if their class is; records, whatever the order of their names. */
export function equalAnswers(a: Answer, b: Answer): boolean {
  if (isFault(a) || isFault(b)) return isFault(a) && isFault(b) && a.error === b.error;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, place) => equalAnswers(item as Answer, b[place] as Answer))
    );
  }
  const [left, right] = [a, b] as readonly Readonly<Record<string, Answer>>[];
  const names = Object.keys(left ?? {});
  return (
    names.length === Object.keys(right ?? {}).length &&
    names.every(
      (name) =>
        Object.hasOwn(right ?? {}, name) &&
        equalAnswers((left ?? {})[name] as Answer, (right ?? {})[name] as Answer),
    )
  );
}
