import type {
  AutomationEvaluation,
  AutomationResult,
  Given,
  PartitionConfig,
  RunRequest,
} from '../orchestration/run-request.ts';
import {
  booleanOf,
  cutTextOf,
  fieldsOf,
  listOf,
  plainRecordOf,
  textOf,
  textOrNullOf,
  textRecordOf,
  wordOf,
} from './checked.ts';
import type { SerializableErrorInfo } from './error-info.ts';
import { parseError, parseOutcome, type Answer, type Locate } from './parse-guest-answer.ts';
import { dynamicChangeOf } from './parse-guest-message.ts';

/** Requests of one evaluation. */
const MAX_RESULTS = 100_000;
const MAX_KEY_CHARS = 1000;
const MAX_CURSOR_CHARS = 1_000_000;
/** Parts of all run configs of one evaluation together. */
const MAX_CONFIG_NODES = 1_000_000;

/** What is there of an evaluation that ended in an answer. */
export type AutomationAnswer =
  | { readonly status: 'evaluated'; readonly evaluation: AutomationEvaluation }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo };

/** What is there of a partitioned config that ended in an answer. */
export type PartitionedConfigAnswer =
  | { readonly status: 'evaluated'; readonly configs: readonly PartitionConfig[] }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo };

/**
 * The guest's answer to `evaluateSchedule` and `evaluateSensor`.
 *
 * @throws {ShapeError} if it is none.
 */
export function parseAutomationAnswer(data: unknown, locate: Locate): Answer<AutomationAnswer> {
  return parseOutcome(data, locate, 'evaluated', (fields) => {
    const reader = new AutomationReader(locate);
    const evaluation = fieldsOf(fields('evaluation'), 'evaluation');
    const updated = evaluation('updatedCursor');
    return {
      status: 'evaluated',
      evaluation: {
        results: listOf(evaluation('results'), 'results', MAX_RESULTS, (result, path) =>
          reader.result(result, path),
        ),
        ...(updated !== undefined && {
          updatedCursor: textOrNullOf(updated, 'updatedCursor', MAX_CURSOR_CHARS),
        }),
      },
    };
  });
}

/**
 * The guest's answer to `evaluatePartitionedConfig`.
 *
 * @throws {ShapeError} if it is none.
 */
export function parsePartitionedConfigAnswer(
  data: unknown,
  locate: Locate,
): Answer<PartitionedConfigAnswer> {
  return parseOutcome(data, locate, 'evaluated', (fields) => {
    const reader = new AutomationReader(locate);
    return {
      status: 'evaluated',
      configs: listOf(fields('configs'), 'configs', MAX_RESULTS, (config, path) =>
        reader.partitionConfig(config, path),
      ),
    };
  });
}

/** Reads one answer; all run configs in it share a budget. */
class AutomationReader {
  readonly #locate: Locate;
  readonly #budget = { nodes: MAX_CONFIG_NODES };

  constructor(locate: Locate) {
    this.#locate = locate;
  }

  result(data: unknown, path: string): AutomationResult {
    const fields = fieldsOf(data, path);
    const kind = wordOf(fields('kind'), `${path}.kind`, [
      'runRequest',
      'skipReason',
      'sensorResult',
      'nothing',
      'other',
    ]);
    switch (kind) {
      case 'nothing':
        return { kind };
      case 'other':
        return {
          kind,
          shown: cutTextOf(fields('shown'), `${path}.shown`, 300),
          typeName: cutTextOf(fields('typeName'), `${path}.typeName`, 100),
        };
      case 'skipReason':
        return { kind, message: messageOf(fields('message'), `${path}.message`) };
      case 'runRequest':
        return { kind, request: this.#runRequest(fields('request'), `${path}.request`) };
      case 'sensorResult': {
        const skip = fields('skipReason');
        return {
          kind,
          runRequests: listOf(
            fields('runRequests'),
            `${path}.runRequests`,
            MAX_RESULTS,
            (request, at) => this.#runRequest(request, at),
          ),
          skipReason:
            skip === null
              ? null
              : { message: messageOf(fieldsOf(skip, path)('message'), `${path}.skipReason`) },
          cursor: textOrNullOf(fields('cursor'), `${path}.cursor`, MAX_CURSOR_CHARS),
          dynamicPartitionsRequests: listOf(
            fields('dynamicPartitionsRequests'),
            `${path}.dynamicPartitionsRequests`,
            MAX_RESULTS,
            dynamicChangeOf,
          ),
        };
      }
    }
  }

  partitionConfig(data: unknown, path: string): PartitionConfig {
    const fields = fieldsOf(data, path);
    return {
      runConfig: this.#given(fields('runConfig'), `${path}.runConfig`, (value, at) =>
        plainRecordOf(value, at, this.#budget),
      ),
      tags: this.#given(fields('tags'), `${path}.tags`, textRecordOf),
    };
  }

  #runRequest(data: unknown, path: string): RunRequest {
    const fields = fieldsOf(data, path);
    const textOrNull = (name: string) =>
      textOrNullOf(fields(name), `${path}.${name}`, MAX_KEY_CHARS);
    const selection = fields('assetSelection');
    const forPartition = fields('forPartition');
    return {
      runKey: textOrNull('runKey'),
      partitionKey: textOrNull('partitionKey'),
      runConfig: plainRecordOf(fields('runConfig'), `${path}.runConfig`, this.#budget),
      tags: textRecordOf(fields('tags'), `${path}.tags`),
      jobName: textOrNull('jobName'),
      assetSelection:
        selection === null
          ? null
          : listOf(selection, `${path}.assetSelection`, MAX_RESULTS, (key, at) =>
              textOf(key, at, MAX_KEY_CHARS),
            ),
      staleAssetsOnly: booleanOf(fields('staleAssetsOnly'), `${path}.staleAssetsOnly`),
      ...(forPartition !== undefined && {
        forPartition: this.partitionConfig(forPartition, `${path}.forPartition`),
      }),
    };
  }

  #given<Value>(
    data: unknown,
    path: string,
    read: (value: unknown, path: string) => Value,
  ): Given<Value> {
    const fields = fieldsOf(data, path);
    const status = wordOf(fields('status'), `${path}.status`, ['given', 'threw']);
    return status === 'given'
      ? { status, value: read(fields('value'), path) }
      : { status, error: parseError(fields('error'), this.#locate) };
  }
}

function messageOf(value: unknown, path: string): string | null {
  return value === null || value === undefined ? null : cutTextOf(value, path, 10_000);
}
