import { PlaygroundError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';

/** A name of the language that it does not have; in Python, where Dagster's names are, an `AttributeError`. */
class UnknownNameError extends PlaygroundError {
  readonly code = 'unknown_name';
  readonly kind = 'AttributeError';
}

/** Names that the language itself, and those who print an object, ask any object for. */
const ASKED_OF_ALL = new Set(['then', 'toJSON', 'inspect', 'nodeType', 'asymmetricMatch']);

/**
 * A prototype that refuses names which what stands on it does not have, so that a misspelt one is
 * an error where it is written, and not `undefined`.
 *
 * @param what as messages call it, such as `context`.
 * @param namesOf the names that there are on an object; by default all that are on it.
 */
export function refusingUnknown(
  what: string,
  namesOf: (object: object) => Iterable<string> = namesOn,
): object {
  return new Proxy(Object.prototype, {
    get(target, name, receiver): unknown {
      if (typeof name === 'symbol' || name in target || ASKED_OF_ALL.has(name)) {
        return Reflect.get(target, name, receiver);
      }
      const nearest = nearestName(name, namesOf(receiver as object));
      const hint = nearest === null ? '' : ` Did you mean ${what}.${nearest}?`;
      throw new UnknownNameError(`${what} has no ${name}.${hint}`);
    },
  });
}

function namesOn(object: object): readonly string[] {
  const names: string[] = [];
  for (
    let at: object | null = object;
    at !== null && !Object.hasOwn(at, 'hasOwnProperty');
    at = Object.getPrototypeOf(at) as object | null
  ) {
    names.push(...Object.getOwnPropertyNames(at).filter((name) => name !== 'constructor'));
  }
  return names;
}
