import { InvalidDefinitionError, type DagsterErrorKind } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';

/*
 * Checks of what a cell passes to the language. Each names the call, the argument and what was
 * given, so that the message alone says what to change.
 */

/** A wrong argument, with Dagster's class for it. */
export function wrongArgument(
  message: string,
  kind: DagsterErrorKind = 'ParameterCheckError',
): InvalidDefinitionError {
  return new InvalidDefinitionError(message, kind);
}

/**
 * An options object, of which only `names` may be given.
 *
 * @throws {InvalidDefinitionError} naming an option that is unknown, with those that are known.
 */
export function optionsOf<Name extends string>(
  value: unknown,
  call: string,
  names: readonly Name[],
): Readonly<Partial<Record<Name, unknown>>> {
  if (value === undefined) return {} as Readonly<Partial<Record<Name, unknown>>>;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongArgument(`${call} takes one object of options, not ${show(value)}.`);
  }
  for (const name of Object.keys(value)) {
    if (!names.includes(name as Name)) {
      const nearest = nearestName(name, names);
      const hint = nearest === null ? `It takes ${names.join(', ')}.` : `Did you mean ${nearest}?`;
      throw wrongArgument(`${call} has no option "${name}". ${hint}`);
    }
  }
  return value as Readonly<Partial<Record<Name, unknown>>>;
}

export function textArgument(value: unknown, what: string): string {
  if (typeof value !== 'string') throw wrongArgument(`${what} must be text, not ${show(value)}.`);
  return value;
}

export function optionalText(value: unknown, what: string): string | null {
  return value === undefined || value === null ? null : textArgument(value, what);
}

export function optionalInteger(value: unknown, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value)) {
    throw wrongArgument(`${what} must be a whole number, not ${show(value)}.`);
  }
  return value as number;
}

export function optionalBoolean(value: unknown, what: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') {
    throw wrongArgument(`${what} must be true or false, not ${show(value)}.`);
  }
  return value;
}

export function functionArgument(value: unknown, what: string): (...args: never[]) => unknown {
  if (typeof value !== 'function')
    throw wrongArgument(`${what} must be a function, not ${show(value)}.`);
  return value as (...args: never[]) => unknown;
}

export function listArgument(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongArgument(`${what} must be a list, not ${show(value)}.`);
  return value;
}

export function textList(value: unknown, what: string): readonly string[] {
  if (value === undefined || value === null) return [];
  return listArgument(value, what).map((item, i) => textArgument(item, `${what}[${i}]`));
}

/** A record of text by name; numbers and booleans are written as text. */
export function textRecord(value: unknown, what: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrongArgument(`${what} must be an object of texts, not ${show(value)}.`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]): [string, string] => {
      if (typeof item === 'number' || typeof item === 'boolean') return [name, String(item)];
      return [name, textArgument(item, `${what}.${name}`)];
    }),
  );
}

/** An object of plain data, as JSON can hold it, copied. */
export function plainRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongArgument(`${what} must be an object, not ${show(value)}.`);
  }
  return plainData(value, what) as Readonly<Record<string, unknown>>;
}

/** Plain data, as JSON can hold it, copied. */
export function plainData(value: unknown, what: string): unknown {
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) return JSON.parse(text);
  } catch {
    // A cycle or a bigint: told below.
  }
  throw wrongArgument(`${what} must be plain data, as JSON can hold it, not ${show(value)}.`);
}

const MAX_NAME_CHARS = 200;

/**
 * A name as Dagster allows them.
 *
 * @throws {InvalidDefinitionError}
 */
export function validName(name: string, what: string): string {
  if (name.length > MAX_NAME_CHARS) {
    throw new InvalidDefinitionError(
      `The name of ${what} has at most ${MAX_NAME_CHARS} characters, not ${name.length}.`,
    );
  }
  if (!/^[A-Za-z0-9_]+$/.test(name)) {
    throw new InvalidDefinitionError(
      `"${name}" is not a valid name of ${what}: names are made of letters, digits and underscores.`,
    );
  }
  return name;
}

/** What an object of the language calls itself in messages, under this key. */
export const WORDS = Symbol('words');

/** A value in few words, for messages. */
export function show(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return wordsOf(value) ?? 'a function';
    case 'object': {
      if (Array.isArray(value)) return 'a list';
      const name: unknown = value.constructor?.name;
      const known = wordsOf(value);
      if (known !== null) return known;
      return typeof name === 'string' && name !== 'Object' && name.length > 2
        ? `a ${name}`
        : 'an object';
    }
    default:
      return String(value);
  }
}

function wordsOf(value: object): string | null {
  const words = (value as { readonly [WORDS]?: unknown })[WORDS];
  return typeof words === 'string' ? words : null;
}
