import { InvalidDefinitionError } from '../../errors.ts';
import { keyOrdinals } from '../key-ordinals.ts';
import type { StaticPartitionsDefinition } from './partitions-definition.ts';

/** Texts that no key may contain: three dots part the ends of a range, the rest cannot be seen. */
const FORBIDDEN = ['...', '\x07', '\b', '\f', '\n', '\r', '\t', '\v', '\0'];

/**
 * A partition for each of `keys`, in their order (ST-1).
 *
 * @throws {InvalidDefinitionError} if a key holds a text that keys may not hold, or is there
 *   twice (ST-2); of kind `CheckError` if one is no text (ST-3).
 */
export function makeStaticPartitionsDefinition(
  keys: readonly string[],
): StaticPartitionsDefinition {
  if (!Array.isArray(keys)) {
    throw new InvalidDefinitionError(
      `Partition keys must be a list of texts, not ${describe(keys)}.`,
      'ParameterCheckError',
    );
  }
  for (const key of keys as readonly unknown[]) {
    if (typeof key === 'string') continue;
    throw new InvalidDefinitionError(
      `Partition keys must be texts, but one is ${describe(key)}.`,
      'CheckError',
    );
  }
  const found = FORBIDDEN.filter((text) => keys.some((key) => key.includes(text)));
  if (found.length > 0) {
    throw new InvalidDefinitionError(
      `${found.map((text) => JSON.stringify(text)).join(', ')} may not occur in a partition key.`,
    );
  }
  const listed = [...keys];
  const ordinals = keyOrdinals(listed);
  if (ordinals.distinct < listed.length) {
    const repeated = listed.filter((key, ordinal) => ordinals.ordinalOf(key) !== ordinal);
    throw new InvalidDefinitionError(
      `Partition keys must be unique. Given more than once: ${[...new Set(repeated)].join(', ')}.`,
    );
  }
  return { kind: 'static', keys: sharedList(listed, ordinals.fingerprint) };
}

/** Below, lists are compared faster than they are found. */
const LONG_LIST = 1000;

const longLists = new Map<number, WeakRef<readonly string[]>>();

/**
 * The list that was made before, if an equal one was: assets mostly have the same partitions, and
 * whether two definitions are equal is asked again and again.
 */
function sharedList(keys: readonly string[], fingerprint: number): readonly string[] {
  if (keys.length < LONG_LIST) return keys;
  const known = longLists.get(fingerprint)?.deref();
  if (known?.length === keys.length && known.every((key, at) => key === keys[at])) return known;
  longLists.set(fingerprint, new WeakRef(keys));
  return keys;
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : `${String(value)} (${typeof value})`;
}
