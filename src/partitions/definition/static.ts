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
  return { kind: 'static', keys: listed };
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : `${String(value)} (${typeof value})`;
}
