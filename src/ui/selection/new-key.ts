import { DIMENSION_SEPARATOR } from '../../partitions/definition/multi.ts';

/** Why `key` cannot be added to the dynamic keys `name`; null if it can. */
export function refusalOfKey(key: string, keys: readonly string[], name: string): string | null {
  if (key.trim() === '') return 'A key has at least one character.';
  return keys.includes(key) ? `${key} is a key of ${name} already.` : null;
}

/** What adding a key leads to that its author may not want; Dagster adds it all the same (DYN-5). */
export function warningOfKey(key: string): string | null {
  if (key.includes('...'))
    return 'A static definition would refuse "...": ranges are written with it.';
  if (/[\t\n\r\f\v\0\x07\b]/.test(key)) return 'A static definition would refuse this sign.';
  if (/[,*"[\]]/.test(key)) return 'Where keys are chosen by text, it is written in quotes.';
  if (key !== key.trim()) return 'The spaces at its ends are part of the key.';
  return key.includes(DIMENSION_SEPARATOR)
    ? `With ${DIMENSION_SEPARATOR} in it, it is no key where this is one of two dimensions.`
    : null;
}
