import {
  booleanOf,
  cutTextOf,
  fieldsOf,
  integerOf,
  listOf,
  plainDataOf,
  plainRecordOf,
  textOf,
  textOrNullOf,
  wordOf,
  type Fields,
} from './checked.ts';
import {
  MAX_CAUSES,
  MAX_MESSAGE_CHARS,
  MAX_STACK_CHARS,
  type CellPosition,
  type SerializableErrorInfo,
} from './error-info.ts';
import { parseDefinitions } from './parse-definitions.ts';
import type { LoadOutcome, OpOutput, StepOutcome } from './sandbox.ts';
import { measureValue } from './stored-value.ts';

/** Outputs that one op may have. */
const MAX_OP_OUTPUTS = 1000;

/** Where in a cell a line and column of the session's script are; null if in none. Both count from 1. */
export type Locate = (line: number, column: number) => CellPosition | null;

/** An answer that has been read: what it says, or that a library was missing. */
export interface Answer<Outcome> {
  /** How many messages the guest says that it has posted so far. */
  readonly posted: number;
  /** Null if the call must be made again with all libraries. */
  readonly outcome: Outcome | null;
}

/**
 * The guest's answer to `load`.
 *
 * @throws {ShapeError} if it is none.
 */
export function parseLoadAnswer(data: unknown, locate: Locate): Answer<LoadOutcome> {
  const fields = fieldsOf(data, 'answer');
  const posted = postedOf(fields('posted'));
  const status = wordOf(fields('status'), 'answer.status', ['loaded', 'threw', 'library_missing']);
  switch (status) {
    case 'library_missing':
      return { posted, outcome: null };
    case 'loaded':
      return { posted, outcome: { status, definitions: parseDefinitions(fields('definitions')) } };
    case 'threw': {
      const error = parseError(fields('error'), locate);
      const cellId = textOrNullOf(fields('cellId'), 'answer.cellId', 200);
      return { posted, outcome: { status, cellId, error } };
    }
  }
}

/**
 * The guest's answer to `execute`.
 *
 * @throws {ShapeError} if it is none.
 * @throws {ValueRefusedError} if its value cannot be kept.
 */
export function parseStepAnswer(data: unknown, locate: Locate): Answer<StepOutcome> {
  return parseOutcome(data, locate, 'success', (fields) => ({
    status: 'success',
    ...stepOutputOf(fields),
  }));
}

/**
 * An answer that is the error of the cell's code, or else what `read` finds in its fields.
 *
 * @param success the status that it has then.
 * @throws {ShapeError} if it is neither.
 */
export function parseOutcome<Outcome>(
  data: unknown,
  locate: Locate,
  success: 'success' | 'evaluated',
  read: (fields: Fields) => Outcome,
): Answer<Outcome | { readonly status: 'failure'; readonly error: SerializableErrorInfo }> {
  const fields = fieldsOf(data, 'answer');
  const posted = postedOf(fields('posted'));
  const status = wordOf(fields('status'), 'answer.status', [success, 'failure', 'library_missing']);
  if (status === 'library_missing') return { posted, outcome: null };
  if (status === 'failure') {
    return { posted, outcome: { status, error: parseError(fields('error'), locate) } };
  }
  return { posted, outcome: read(fields) };
}

function stepOutputOf(
  fields: Fields,
): Omit<Extract<StepOutcome, { readonly status: 'success' }>, 'status'> {
  const value = fields('value');
  measureValue(value);
  const flag = <Name extends 'noOutput' | 'keptByCell'>(name: Name) =>
    fields(name) === undefined
      ? {}
      : ({ [name]: booleanOf(fields(name), `answer.${name}`) } as {
          readonly [Key in Name]?: boolean;
        });
  const [assetMetadata, metadataByKey, opOutputs] = [
    fields('assetMetadata'),
    fields('metadataByKey'),
    fields('opOutputs'),
  ];
  return {
    value,
    hasValue: booleanOf(fields('hasValue'), 'answer.hasValue'),
    handled: booleanOf(fields('handled'), 'answer.handled'),
    metadata: metadataOf(fields('metadata'), 'answer.metadata'),
    dataVersion: textOrNullOf(fields('dataVersion'), 'answer.dataVersion', 1000),
    ...flag('noOutput'),
    ...flag('keptByCell'),
    ...(assetMetadata !== undefined && {
      assetMetadata: metadataOf(assetMetadata, 'answer.assetMetadata'),
    }),
    ...(metadataByKey !== undefined && {
      metadataByKey: metadataByKeyOf(metadataByKey, 'answer.metadataByKey'),
    }),
    ...(opOutputs !== undefined && {
      opOutputs: listOf(opOutputs, 'answer.opOutputs', MAX_OP_OUTPUTS, opOutputOf),
    }),
  };
}

function opOutputOf(data: unknown, path: string): OpOutput {
  const fields = fieldsOf(data, path);
  const value = fields('value');
  measureValue(value);
  return {
    name: textOf(fields('name'), `${path}.name`, 1000),
    value,
    hasValue: booleanOf(fields('hasValue'), `${path}.hasValue`),
    metadata: metadataOf(fields('metadata'), `${path}.metadata`),
  };
}

function metadataOf(data: unknown, path: string): Readonly<Record<string, unknown>> {
  return plainDataOf(data, path) as Readonly<Record<string, unknown>>;
}

function metadataByKeyOf(
  data: unknown,
  path: string,
): NonNullable<Extract<StepOutcome, { readonly status: 'success' }>['metadataByKey']> {
  const byKey = plainRecordOf(data, path);
  return Object.fromEntries(
    Object.entries(byKey).map(([key, metadata]) => [
      key,
      plainRecordOf(metadata, `${path}.${key}`),
    ]),
  );
}

/**
 * The guest's answer to `runTest`: null as error means that it passed.
 *
 * @throws {ShapeError} if it is none.
 */
export function parseTestAnswer(
  data: unknown,
  locate: Locate,
): Answer<{ readonly error: SerializableErrorInfo | null }> {
  const fields = fieldsOf(data, 'answer');
  const posted = postedOf(fields('posted'));
  const status = wordOf(fields('status'), 'answer.status', ['passed', 'failed', 'library_missing']);
  switch (status) {
    case 'library_missing':
      return { posted, outcome: null };
    case 'passed':
      return { posted, outcome: { error: null } };
    case 'failed':
      return { posted, outcome: { error: parseError(fields('error'), locate) } };
  }
}

/** How many messages the guest says that it has posted. */
function postedOf(value: unknown): number {
  return integerOf(value, 'answer.posted', 0, Number.MAX_SAFE_INTEGER);
}

/** An error that the guest tells of, with the frames that are in cells. */
export function parseError(data: unknown, locate: Locate, depth = 0): SerializableErrorInfo {
  const fields = fieldsOf(data, 'error');
  const cause = fields('cause');
  return {
    name: cutTextOf(fields('name'), 'error.name', 200),
    code: textOrNullOf(fields('code'), 'error.code', 200),
    kind: textOrNullOf(fields('kind'), 'error.kind', 200),
    message: cutTextOf(fields('message'), 'error.message', MAX_MESSAGE_CHARS),
    frames: framesOf(textOrNullOf(fields('stack'), 'error.stack', MAX_STACK_CHARS), locate),
    cause:
      cause === null || cause === undefined || depth >= MAX_CAUSES
        ? null
        : parseError(cause, locate, depth + 1),
  };
}

/** `… (blob:null/1234:56:7)` in Chromium, `name@blob:null/1234:56:7` in Firefox. */
const STACK_LINE = /:(\d{1,9}):(\d{1,9})\)?$/;

const MAX_FRAMES = 20;

/** The frames of a stack that are in cells, innermost first. Reads both Chromium's and Firefox's form. */
export function framesOf(stack: string | null, locate: Locate): readonly CellPosition[] {
  const frames: CellPosition[] = [];
  for (const line of stack?.split('\n') ?? []) {
    const place = STACK_LINE.exec(line.trimEnd());
    if (!place) continue;
    const position = locate(Number(place[1]), Number(place[2]));
    if (position) frames.push(position);
    if (frames.length === MAX_FRAMES) break;
  }
  return frames;
}
