import {
  listArgument,
  optionalText,
  optionsOf,
  plainData,
  show,
  textArgument,
  wrongArgument,
  WORDS,
} from './arguments.ts';

/** A materialization that an asset reports itself; without a value the I/O manager is left out (IO-9). */
export class MaterializeResultObject {
  readonly value: unknown;
  readonly hasValue: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly dataVersion: string | null;

  constructor(options: unknown) {
    const given = optionsOf(options, 'dg.MaterializeResult', ['value', 'metadata', 'dataVersion']);
    this.hasValue = given.value !== undefined;
    this.value = given.value;
    this.metadata = metadataOf(given.metadata, 'The metadata of dg.MaterializeResult');
    this.dataVersion = optionalText(given.dataVersion, 'dataVersion');
  }
}

/** A value with metadata. */
export class OutputObject {
  readonly value: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly dataVersion: string | null;

  constructor(value: unknown, options: unknown) {
    const given = optionsOf(options, 'dg.Output', ['metadata', 'dataVersion']);
    this.value = value;
    this.metadata = metadataOf(given.metadata, 'The metadata of dg.Output');
    this.dataVersion = optionalText(given.dataVersion, 'dataVersion');
  }
}

/**
 * One entry of metadata, made by `dg.MetadataValue`. Numbers, texts and booleans stay as they are;
 * the other kinds are kept as `{ type, value }`.
 */
class MetadataValueObject {
  readonly data: unknown;

  constructor(data: unknown) {
    this.data = data;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.MetadataValue';
  }
}

function kind(type: string, read: (value: unknown) => unknown) {
  return (value: unknown) => new MetadataValueObject({ type, value: read(value) });
}

function numberMetadata(value: unknown): MetadataValueObject {
  if (typeof value !== 'number') {
    throw wrongArgument(`MetadataValue.int and .float take a number, not ${show(value)}.`);
  }
  return new MetadataValueObject(value);
}

function json(value: unknown, what = 'Metadata'): unknown {
  return plainData(value, what);
}

/** `dg.MetadataValue`. */
const metadataValues = {
  int: numberMetadata,
  float: numberMetadata,
  text: (value: unknown) => new MetadataValueObject(textArgument(value, 'MetadataValue.text')),
  bool: (value: unknown) => new MetadataValueObject(Boolean(value)),
  md: kind('md', (value) => textArgument(value, 'MetadataValue.md')),
  url: kind('url', (value) => textArgument(value, 'MetadataValue.url')),
  json: kind('json', (value) => json(value)),
  timestamp: kind('timestamp', (value) => {
    const at = typeof value === 'object' && value !== null ? Number(value.valueOf()) : value;
    if (typeof at === 'number' && Number.isFinite(at)) return at;
    throw wrongArgument(
      `MetadataValue.timestamp takes a DateTime, a Date or milliseconds, not ${show(value)}.`,
    );
  }),
  table: kind('table', (value) =>
    listArgument(value, 'The rows of MetadataValue.table').map((row) => json(row)),
  ),
};

/** What an asset's function gives back, and metadata, as they stand on `dg`. */
export const resultConstructors = {
  MaterializeResult: (options?: unknown) => new MaterializeResultObject(options),
  Output: (value: unknown, options?: unknown) => new OutputObject(value, options),
  MetadataValue: Object.freeze(metadataValues),
};

/** Metadata as plain data, by name. */
export function metadataOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrongArgument(`${what} is an object, not ${show(value)}.`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      metadataEntryOf(entry, `${what}: ${name}`),
    ]),
  );
}

function metadataEntryOf(entry: unknown, what: string): unknown {
  if (entry instanceof MetadataValueObject) return entry.data;
  if (entry === null || ['string', 'number', 'boolean'].includes(typeof entry)) return entry;
  return { type: 'json', value: json(entry, what) };
}
