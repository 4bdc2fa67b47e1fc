import type { LogLevel } from '../orchestration/event.ts';
import {
  cutTextOf,
  fieldsOf,
  integerOf,
  listOf,
  numberOf,
  ShapeError,
  textOf,
  textOrNullOf,
  wordOf,
} from './checked.ts';
import type { DynamicPartitionsChange, GuestMessage, GuestRequest } from './sandbox.ts';

const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** Messages that may come in one post. */
const MAX_MESSAGES = 1000;
const MAX_LINE_CHARS = 100_000;
const MAX_PATH_CHARS = 1000;
const MAX_KEY_CHARS = 1000;
/** Dynamic keys that one change may name. */
const MAX_DYNAMIC_KEYS = 100_000;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * What the guest posted on its message port, as fresh objects of ours.
 *
 * @throws {ShapeError} if any part of it is not a message; then nothing of it is used.
 */
export function parseGuestMessages(data: unknown): readonly GuestMessage[] {
  return listOf(data, 'messages', MAX_MESSAGES, parseGuestMessage);
}

function parseGuestMessage(data: unknown, path: string): GuestMessage {
  const fields = fieldsOf(data, path);
  const kind = wordOf(fields('kind'), `${path}.kind`, [
    'ready',
    'cell',
    'log',
    'progress',
    'dynamicPartitions',
    'latestMaterialization',
    'request',
  ]);
  switch (kind) {
    case 'ready':
      return { kind };
    case 'cell':
      return { kind, cellId: textOf(fields('cellId'), `${path}.cellId`, 200) };
    case 'log':
      return {
        kind,
        stepId: stepIdOf(fields('stepId'), path),
        level: wordOf(fields('level'), `${path}.level`, LEVELS),
        text: cutTextOf(fields('text'), `${path}.text`, MAX_LINE_CHARS),
      };
    case 'progress': {
      const total = numberOf(fields('total'), `${path}.total`, 0, Number.MAX_SAFE_INTEGER);
      return {
        kind,
        stepId: stepIdOf(fields('stepId'), path),
        done: numberOf(fields('done'), `${path}.done`, 0, Number.MAX_SAFE_INTEGER),
        total,
      };
    }
    case 'dynamicPartitions':
      return { kind, change: dynamicChangeOf(fields('change'), `${path}.change`) };
    case 'latestMaterialization': {
      const partitionKey = fields('partitionKey');
      return {
        kind,
        requestId: requestIdOf(fields('requestId'), path),
        assetKey: textOf(fields('assetKey'), `${path}.assetKey`, MAX_KEY_CHARS),
        partitionKey: textOrNullOf(partitionKey, `${path}.partitionKey`, MAX_KEY_CHARS),
      };
    }
    case 'request':
      return {
        kind,
        requestId: requestIdOf(fields('requestId'), path),
        ask: parseGuestRequest(fields('ask'), `${path}.ask`),
      };
  }
}

/** Steps of runs count upwards from 0, evaluations of schedules and sensors downwards. */
function stepIdOf(value: unknown, path: string): number {
  return integerOf(value, `${path}.stepId`, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

function requestIdOf(value: unknown, path: string): number {
  return integerOf(value, `${path}.requestId`, 0, Number.MAX_SAFE_INTEGER);
}

/** A request to add or delete dynamic keys, or what a cell did to them; both have one shape. */
export function dynamicChangeOf(data: unknown, path: string): DynamicPartitionsChange {
  const fields = fieldsOf(data, path);
  return {
    action: wordOf(fields('action'), `${path}.action`, ['add', 'delete']),
    partitionsDefName: textOf(
      fields('partitionsDefName'),
      `${path}.partitionsDefName`,
      MAX_KEY_CHARS,
    ),
    partitionKeys: listOf(
      fields('partitionKeys'),
      `${path}.partitionKeys`,
      MAX_DYNAMIC_KEYS,
      (key, at) => textOf(key, at, MAX_KEY_CHARS),
    ),
  };
}

function parseGuestRequest(data: unknown, path: string): GuestRequest {
  const fields = fieldsOf(data, path);
  const kind = wordOf(fields('kind'), `${path}.kind`, ['readFile', 'writeFile', 'removeFile']);
  const file = textOf(fields('path'), `${path}.path`, MAX_PATH_CHARS);
  if (kind !== 'writeFile') return { kind, path: file };
  const bytes = fields('bytes');
  if (!(bytes instanceof Uint8Array) || bytes.byteLength > MAX_FILE_BYTES) {
    throw new ShapeError(`${path}.bytes`, `at most ${MAX_FILE_BYTES / 1024 / 1024} MB of bytes`);
  }
  // A copy: the guest's view may be a window onto a much larger buffer.
  return { kind, path: file, bytes: new Uint8Array(bytes) };
}
