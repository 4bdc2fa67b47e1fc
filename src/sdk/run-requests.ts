import { InvalidDefinitionError } from '../errors.ts';
import type {
  AutomationResult,
  DynamicPartitionsRequest,
  RunRequest,
} from '../orchestration/run-request.ts';
import {
  listArgument,
  optionalBoolean,
  optionalText,
  optionsOf,
  show,
  textArgument,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import type { AssetKeyObject } from './asset-key.ts';
import { assetArgument, assetKeyOf, type DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { tagTexts } from './partitioned-config.ts';
import { keyArgument } from './partitions-definitions.ts';
import { runConfigArgument } from './run-config.ts';

/** Asks for a run. */
export class RunRequestObject {
  readonly runKey: string | null;
  readonly partitionKey: string | null;
  readonly runConfig: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly jobName: string | null;
  readonly assetSelection: readonly (DeclaredAsset | AssetKeyObject)[] | null;
  readonly staleAssetsOnly: boolean;

  constructor(evaluation: Evaluation, options: unknown) {
    const given = optionsOf(options, 'dg.RunRequest', [
      'runKey',
      'partitionKey',
      'runConfig',
      'tags',
      'jobName',
      'assetSelection',
      'staleAssetsOnly',
    ]);
    this.runKey = optionalText(given.runKey, 'runKey');
    this.partitionKey =
      given.partitionKey === undefined || given.partitionKey === null
        ? null
        : keyArgument(given.partitionKey, 'partitionKey');
    this.runConfig =
      given.runConfig === undefined || given.runConfig === null
        ? {}
        : runConfigArgument(given.runConfig, 'The runConfig of dg.RunRequest');
    this.tags = tagsArgument(given.tags);
    this.jobName = optionalText(given.jobName, 'jobName');
    this.assetSelection =
      given.assetSelection === undefined || given.assetSelection === null
        ? null
        : listArgument(given.assetSelection, 'assetSelection').map((asset, i) =>
            assetArgument(evaluation, asset, `assetSelection[${i}]`),
          );
    this.staleAssetsOnly = optionalBoolean(given.staleAssetsOnly, 'staleAssetsOnly');
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.RunRequest';
  }
}

/** A request as plain data; its assets have their names by now. */
function runRequestOf(request: RunRequestObject): RunRequest<never> {
  const { runKey, partitionKey, runConfig, tags, jobName, assetSelection, staleAssetsOnly } =
    request;
  return {
    runKey,
    partitionKey,
    runConfig,
    tags,
    jobName,
    assetSelection: assetSelection?.map(assetKeyOf) ?? null,
    staleAssetsOnly,
  };
}

/** Says why no run is asked for. */
export class SkipReasonObject {
  readonly skipMessage: string | null;

  constructor(message: unknown) {
    this.skipMessage = optionalText(message, 'The message of dg.SkipReason');
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.SkipReason';
  }
}

/** What a sensor asks for (RR-7). */
export class SensorResultObject {
  readonly runRequests: readonly RunRequestObject[];
  readonly skipReason: SkipReasonObject | null;
  readonly cursor: string | null;
  readonly dynamicPartitionsRequests: readonly DynamicPartitionsRequest[];

  constructor(options: unknown) {
    const given = optionsOf(options, 'dg.SensorResult', [
      'runRequests',
      'skipReason',
      'cursor',
      'dynamicPartitionsRequests',
      'assetEvents',
    ]);
    if (listOrNothing(given.assetEvents, 'assetEvents').length > 0) {
      throw wrongArgument(
        'assetEvents must be empty: here the functions of assets record what happens to them.',
      );
    }
    this.runRequests = listOrNothing(given.runRequests, 'runRequests').map((request, i) => {
      if (request instanceof RunRequestObject) return request;
      throw wrongArgument(`runRequests[${i}] must be a dg.RunRequest, not ${show(request)}.`);
    });
    if (given.skipReason && this.runRequests.length > 0) {
      throw new InvalidDefinitionError(
        'Failure condition: Expected a single skip reason or one or more run requests: received values for both run_requests and skip_reason',
        'CheckError',
      );
    }
    this.skipReason = skipReasonArgument(given.skipReason);
    this.cursor = optionalText(given.cursor, 'cursor');
    this.dynamicPartitionsRequests = listOrNothing(
      given.dynamicPartitionsRequests,
      'dynamicPartitionsRequests',
    ).map((request, i) => dynamicRequestArgument(request, `dynamicPartitionsRequests[${i}]`));
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.SensorResult';
  }
}

/** One thing that a function gave, as plain data. */
export function automationResultOf(value: unknown): AutomationResult<never> {
  if (value === undefined || value === null) return { kind: 'nothing' };
  if (value instanceof RunRequestObject) {
    return { kind: 'runRequest', request: runRequestOf(value) };
  }
  if (value instanceof SkipReasonObject) {
    return { kind: 'skipReason', message: value.skipMessage };
  }
  if (value instanceof SensorResultObject) {
    const { runRequests, skipReason, cursor, dynamicPartitionsRequests } = value;
    return {
      kind: 'sensorResult',
      runRequests: runRequests.map(runRequestOf),
      skipReason: skipReason && { message: skipReason.skipMessage },
      cursor,
      dynamicPartitionsRequests,
    };
  }
  return { kind: 'other', ...pythonLook(value) };
}

/** A value as Dagster's messages show it, with its type in Python. */
export function pythonLook(value: unknown): { readonly shown: string; readonly typeName: string } {
  switch (typeof value) {
    case 'string':
      return { shown: `'${value.slice(0, 200)}'`, typeName: 'str' };
    case 'number':
      return { shown: String(value), typeName: Number.isInteger(value) ? 'int' : 'float' };
    case 'boolean':
      return { shown: value ? 'True' : 'False', typeName: 'bool' };
    case 'function':
      return { shown: show(value), typeName: 'function' };
    default:
      return { shown: show(value), typeName: Array.isArray(value) ? 'list' : 'dict' };
  }
}

function tagsArgument(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return tagTexts(value);
  throw wrongArgument(`tags must be an object of texts, not ${show(value)}.`);
}

function skipReasonArgument(value: unknown): SkipReasonObject | null {
  if (value === undefined || value === null) return null;
  if (value instanceof SkipReasonObject) return value;
  if (typeof value === 'string') return new SkipReasonObject(value);
  throw wrongArgument(`skipReason must be text or a dg.SkipReason, not ${show(value)}.`);
}

function dynamicRequestArgument(value: unknown, what: string): DynamicPartitionsRequest {
  const { action, partitionsDefName, partitionKeys } = optionsOf(value, what, [
    'action',
    'partitionsDefName',
    'partitionKeys',
  ]);
  if (action !== 'add' && action !== 'delete') {
    throw wrongArgument(
      `${what} must be made by buildAddRequest or buildDeleteRequest of a dynamic definition, not ${show(value)}.`,
    );
  }
  return {
    action,
    partitionsDefName: textArgument(partitionsDefName, `${what}.partitionsDefName`),
    partitionKeys: listArgument(partitionKeys, `${what}.partitionKeys`).map((key, i) =>
      keyArgument(key, `${what}.partitionKeys[${i}]`),
    ),
  };
}

function listOrNothing(value: unknown, what: string): readonly unknown[] {
  return value === undefined || value === null ? [] : listArgument(value, what);
}

/** `dg.RunRequest`, `dg.SkipReason` and `dg.SensorResult`. */
export function runRequestConstructors(evaluation: Evaluation) {
  return {
    RunRequest: (options?: unknown) => new RunRequestObject(evaluation, options),
    SkipReason: (message?: unknown) => new SkipReasonObject(message),
    SensorResult: (options?: unknown) => new SensorResultObject(options),
  };
}
