import type { DateTime } from 'luxon';
import { InvalidDefinitionError } from '../errors.ts';
import type { LogLevel } from '../orchestration/event.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import type { StepRequest } from '../protocol/sandbox.ts';
import { wrongArgument } from './arguments.ts';
import { AssetKeyObject } from './asset-key.ts';
import type { DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { InputPartitions } from './input-partitions.ts';
import { comesLater } from './later.ts';
import {
  dateTimeForCell,
  PartitionKeyRangeObject,
  timeDefinitionOf,
  timePartOf,
  TimeWindowObject,
  windowForCell,
} from './partitions-definitions.ts';
import { metadataOf } from './results.ts';
import { refusingUnknown } from './unknown-names.ts';

/** Where the lines and the progress of one step go. */
export interface StepVoice {
  log(level: LogLevel, text: string): void;
  progress(done: number, total: number): void;
}

const NOT_PARTITIONED = 'Cannot access partition_key for a non-partitioned run';

/** What a compute function gets first (CTX). Facts about the partition come from the run. */
export class AssetExecutionContext {
  readonly config: unknown;
  readonly log;
  readonly run: { readonly runId: string; readonly tags: Readonly<Record<string, string>> };
  readonly #evaluation: Evaluation;
  readonly #asset: DeclaredAsset;
  readonly #step: StepRequest;
  readonly #voice: StepVoice;
  /** What the function said of its output; later values of a name win (CTX-10). */
  readonly #metadata = new Map<string, unknown>();

  constructor(
    evaluation: Evaluation,
    asset: DeclaredAsset,
    step: StepRequest,
    config: unknown,
    voice: StepVoice,
  ) {
    this.#evaluation = evaluation;
    this.#asset = asset;
    this.#step = step;
    this.#voice = voice;
    this.config = config;
    this.run = Object.freeze({
      runId: step.runId,
      tags: Object.freeze({ ...step.runTags }),
    });
    const line = (level: LogLevel) => (message: unknown) => voice.log(level, textOfLine(message));
    this.log = Object.freeze({
      debug: line('DEBUG'),
      info: line('INFO'),
      warning: line('WARNING'),
      error: line('ERROR'),
      critical: line('CRITICAL'),
    });
  }

  get assetKey(): AssetKeyObject {
    return new AssetKeyObject(this.#asset.assetKey);
  }

  get instance(): never {
    throw comesLater('context.instance');
  }

  /** The notebook's clock. Extension. */
  get now(): DateTime {
    return dateTimeForCell(this.#step.world.now, 'utc', this.#evaluation);
  }

  /** Whether the run is for one key (CTX-2). */
  get hasPartitionKey(): boolean {
    return this.#step.partitionKeys.length > 0 && !this.hasPartitionKeyRange;
  }

  get hasPartitionKeyRange(): boolean {
    return (
      Object.hasOwn(this.#step.runTags, 'dagster/asset_partition_range_start') ||
      this.#step.partitionKeys.length > 1
    );
  }

  /** @throws {InvalidDefinitionError} in a run without a key, or with several (CTX-3). */
  get partitionKey(): unknown {
    const [key, ...others] = this.#keys();
    if (others.length > 0) {
      throw wrongArgument(
        'Cannot access partition_key for a partitioned run with a range of partitions. Call partition_key_range instead.',
        'DagsterInvariantViolationError',
      );
    }
    return this.#keyForCell(key as PartitionKey);
  }

  get partitionKeys(): readonly unknown[] {
    return this.#keys().map((key) => this.#keyForCell(key));
  }

  get partitionKeyRange(): PartitionKeyRangeObject {
    const keys = this.#keys();
    return new PartitionKeyRangeObject(keys[0], keys.at(-1));
  }

  /** From the start of the first key's window to the end of the last's (CTX-6). */
  get partitionTimeWindow(): TimeWindowObject {
    const keys = this.#keys();
    const definition = this.#asset.partitionsDef?.definition;
    const time = definition && timeDefinitionOf(definition);
    if (!definition || !time) {
      throw wrongArgument(
        'Tried to access partition_time_window of an asset whose partitions are not windows of time.',
        'DagsterInvariantViolationError',
      );
    }
    const window = (key: PartitionKey | undefined) =>
      windowOfKey(time, timePartOf(definition, key ?? ''));
    const { startAt } = window(keys[0]);
    const { endAt } = window(keys.at(-1));
    return windowForCell({ startAt, endAt }, time.timezone, this.#evaluation);
  }

  assetPartitionKeyForOutput(): unknown {
    this.#checkOutput();
    const keys = this.#keys();
    if (keys.length > 1) {
      throw wrongArgument(
        `Tried to access partition key for output 'result' of step '${this.#asset.assetKey.replaceAll('/', '__')}', but the step output has a partition range: '${keys[0]}' to '${keys.at(-1)}'.`,
        'CheckError',
      );
    }
    return this.partitionKey;
  }

  assetPartitionKeysForOutput(): readonly unknown[] {
    this.#checkOutput();
    return this.partitionKeys;
  }

  assetPartitionKeyRangeForOutput(): PartitionKeyRangeObject {
    this.#checkOutput();
    return this.partitionKeyRange;
  }

  assetPartitionsTimeWindowForOutput(): TimeWindowObject {
    this.#checkOutput();
    return this.partitionTimeWindow;
  }

  assetPartitionKeyForInput(name: unknown): unknown {
    return this.#inputPartitions.keyOf(name);
  }

  assetPartitionKeysForInput(name: unknown): readonly unknown[] {
    return this.#inputPartitions.keysOf(name);
  }

  assetPartitionKeyRangeForInput(name: unknown): PartitionKeyRangeObject {
    return this.#inputPartitions.rangeOf(name);
  }

  assetPartitionsTimeWindowForInput(name: unknown): TimeWindowObject {
    return this.#inputPartitions.windowOf(name);
  }

  addOutputMetadata(metadata: unknown): void {
    const entries = metadataOf(metadata, 'The metadata of addOutputMetadata');
    for (const [name, value] of Object.entries(entries)) this.#metadata.set(name, value);
  }

  addAssetMetadata(metadata: unknown): void {
    this.addOutputMetadata(metadata);
  }

  /** Extension: how far the function is. */
  progress(done: unknown, total: unknown): void {
    if (typeof done !== 'number' || typeof total !== 'number' || !(done >= 0) || !(total >= 0)) {
      throw wrongArgument('context.progress takes two numbers: what is done, and the total.');
    }
    this.#voice.progress(Math.min(done, total), total);
  }

  get #inputPartitions(): InputPartitions {
    return new InputPartitions(this.#evaluation, this.#asset, this.#step);
  }

  #keys(): readonly PartitionKey[] {
    const { partitionKeys } = this.#step;
    if (partitionKeys.length === 0) {
      throw wrongArgument(NOT_PARTITIONED, 'DagsterInvariantViolationError');
    }
    return partitionKeys;
  }

  #keyForCell(key: PartitionKey): unknown {
    return this.#asset.partitionsDef?.keyForCell(key) ?? key;
  }

  #checkOutput(): void {
    if (this.#asset.partitionsDef === null) {
      throw new InvalidDefinitionError('The output has no asset partitions', 'CheckError');
    }
  }

  /** The metadata of the output: the result's, then what the function added (CTX-12). */
  static metadataOf(
    context: AssetExecutionContext,
    ofResult: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...Object.entries(ofResult), ...context.#metadata]);
  }
}

/** A misspelt member is an error, and not `undefined`. */
Object.setPrototypeOf(
  AssetExecutionContext.prototype,
  refusingUnknown('context', () => [
    ...Object.getOwnPropertyNames(AssetExecutionContext.prototype),
    'config',
    'log',
    'run',
  ]),
);

/** A log line as text: objects as JSON, as people expect of a log. */
export function textOfLine(message: unknown): string {
  if (typeof message === 'string') return message;
  if (message instanceof Error) return `${message.name}: ${message.message}`;
  if (typeof message === 'object' && message !== null) {
    try {
      return JSON.stringify(message) ?? String(message);
    } catch {
      return Object.prototype.toString.call(message);
    }
  }
  return String(message);
}
