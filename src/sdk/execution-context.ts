import type { DateTime } from 'luxon';
import type { LogLevel } from '../orchestration/event.ts';
import { RunTag } from '../orchestration/run-tags.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import type { StepRequest } from '../protocol/sandbox.ts';
import { optionalText, optionsOf, textArgument, wrongArgument } from './arguments.ts';
import type { Evaluation } from './evaluation.ts';
import { metadataOf } from './results.ts';
import {
  dateTimeForCell,
  MultiPartitionKey,
  PartitionKeyRangeObject,
  timeDefinitionOf,
  timePartOf,
  windowForCell,
  type PartitionsDefinitionObject,
  type TimeWindowObject,
} from './partitions-definitions.ts';
import { refusingUnknown } from './unknown-names.ts';

/** Where the lines and the progress of one step go. */
export interface StepVoice {
  log(level: LogLevel, text: string): void;
  progress(done: number, total: number): void;
}

/** What a context tells of. */
export interface ContextFacts {
  readonly step: StepRequest;
  /** As the function gets it. */
  readonly config: unknown;
  /** History and dynamic keys, as cells ask for them. */
  readonly instance: unknown;
  readonly voice: StepVoice;
}

/** The output of an asset, and of an op that names none. */
export const DEFAULT_OUTPUT = 'result';

/** What the function of an op gets first, and what that of an asset gets has too (CTX). Facts about the partition come from the run. */
export class ExecutionContext {
  readonly config: unknown;
  readonly log;
  readonly run: { readonly runId: string; readonly tags: Readonly<Record<string, string>> };
  protected readonly evaluation: Evaluation;
  protected readonly step: StepRequest;
  /** History and dynamic keys. */
  readonly instance: unknown;
  readonly #partitionsDef: PartitionsDefinitionObject | null;
  readonly #voice: StepVoice;
  /** What the function said of its outputs, by output; later values of a name win (CTX-10). */
  readonly #metadata = new Map<string, Map<string, unknown>>();

  /** @param partitionsDef by which the run's keys are read: that of the asset, or of the job. */
  constructor(
    evaluation: Evaluation,
    partitionsDef: PartitionsDefinitionObject | null,
    { step, config, instance, voice }: ContextFacts,
  ) {
    this.evaluation = evaluation;
    this.#partitionsDef = partitionsDef;
    this.step = step;
    this.#voice = voice;
    this.config = config;
    this.instance = instance;
    this.run = Object.freeze({ runId: step.runId, tags: Object.freeze({ ...step.runTags }) });
    this.log = logOf((level, text) => voice.log(level, text));
  }

  /** The notebook's clock. Extension. */
  get now(): DateTime {
    return dateTimeForCell(this.step.world.now, 'utc', this.evaluation);
  }

  /** How often this step was tried before in its run. */
  get retryNumber(): number {
    return this.step.retryNumber ?? 0;
  }

  /** Whether the run is for one key; not so in one that a backfill policy made, even of one (CTX-2). */
  get hasPartitionKey(): boolean {
    const { partitionKeys, runTags } = this.step;
    const named = partitionKeys.length > 0 || Object.hasOwn(runTags, RunTag.partition);
    return named && !this.hasPartitionKeyRange;
  }

  get hasPartitionKeyRange(): boolean {
    return (
      Object.hasOwn(this.step.runTags, 'dagster/asset_partition_range_start') ||
      this.step.partitionKeys.length > 1
    );
  }

  /** @throws {InvalidDefinitionError} in a run without a key, or with several (CTX-3). */
  get partitionKey(): unknown {
    const [key, ...others] = this.keys();
    if (others.length > 0) {
      throw wrongArgument(
        'Cannot access partition_key for a partitioned run with a range of partitions. Call partition_key_range instead.',
        'DagsterInvariantViolationError',
      );
    }
    return this.#keyForCell(key as PartitionKey);
  }

  get partitionKeys(): readonly unknown[] {
    return this.keys().map((key) => this.#keyForCell(key));
  }

  get partitionKeyRange(): PartitionKeyRangeObject {
    const keys = this.keys();
    return new PartitionKeyRangeObject(keys[0], keys.at(-1));
  }

  /** From the start of the first key's window to the end of the last's (CTX-6). */
  get partitionTimeWindow(): TimeWindowObject {
    const keys = this.keys();
    const definition = this.#partitionsDef?.definition;
    const time = definition && timeDefinitionOf(definition);
    if (!definition || !time) {
      throw wrongArgument(
        'Expected a TimeWindowPartitionsDefinition or MultiPartitionsDefinition with a single time dimension: the partitions of this run are not windows of time.',
        'DagsterInvariantViolationError',
      );
    }
    const window = (key: PartitionKey | undefined) =>
      windowOfKey(time, timePartOf(definition, key ?? ''));
    const { startAt } = window(keys[0]);
    const { endAt } = window(keys.at(-1));
    return windowForCell({ startAt, endAt }, time.timezone, this.evaluation);
  }

  hasTag(name: unknown): boolean {
    return Object.hasOwn(this.run.tags, textArgument(name, 'The name of a tag'));
  }

  /** Null if the run has none of that name. */
  getTag(name: unknown): string | null {
    return this.hasTag(name) ? (this.run.tags[name as string] ?? null) : null;
  }

  addOutputMetadata(metadata: unknown, options?: unknown): void {
    const entries = metadataOf(metadata, 'The metadata of addOutputMetadata');
    const { outputName } = optionsOf(options, 'addOutputMetadata', ['outputName']);
    const output = optionalText(outputName, 'outputName') ?? DEFAULT_OUTPUT;
    const kept = this.#metadata.get(output) ?? new Map<string, unknown>();
    this.#metadata.set(output, kept);
    for (const [name, value] of Object.entries(entries)) kept.set(name, value);
  }

  /** Extension: how far the function is. */
  progress(done: unknown, total: unknown): void {
    if (typeof done !== 'number' || typeof total !== 'number' || !(done >= 0) || !(total >= 0)) {
      throw wrongArgument('context.progress takes two numbers: what is done, and the total.');
    }
    this.#voice.progress(Math.min(done, total), total);
  }

  /**
   * The keys of the run, in definition order, at least one. An asset without partitions has those
   * of the run that it rides along in.
   */
  protected keys(): readonly PartitionKey[] {
    const { partitionKeys, runTags } = this.step;
    if (partitionKeys.length > 0) return partitionKeys;
    const ofTag = runTags[RunTag.partition];
    if (ofTag !== undefined) return [ofTag];
    const start = runTags['dagster/asset_partition_range_start'];
    const end = runTags['dagster/asset_partition_range_end'];
    if (start !== undefined && end !== undefined) return start === end ? [start] : [start, end];
    throw wrongArgument(
      'Cannot access partition_key for a non-partitioned run',
      'DagsterInvariantViolationError',
    );
  }

  #keyForCell(key: PartitionKey): unknown {
    if (this.#partitionsDef) return this.#partitionsDef.keyForCell(key);
    const dimensions = Object.entries(this.step.runTags).flatMap(([tag, value]) =>
      tag.startsWith(RunTag.partitionDimension)
        ? [[tag.slice(RunTag.partitionDimension.length), value] as const]
        : [],
    );
    return dimensions.length > 0 ? new MultiPartitionKey(Object.fromEntries(dimensions)) : key;
  }

  /** The metadata of an output: the result's, then what the function added (CTX-12). */
  static outputMetadata(
    context: ExecutionContext,
    ofResult: Readonly<Record<string, unknown>>,
    outputName = DEFAULT_OUTPUT,
  ): Readonly<Record<string, unknown>> {
    const added = context.#metadata.get(outputName) ?? [];
    return Object.fromEntries([...Object.entries(ofResult), ...added]);
  }
}

/** A misspelt member is an error, and not `undefined`. */
Object.setPrototypeOf(ExecutionContext.prototype, refusingUnknown('context'));

/** What cells write lines with. */
export function logOf(write: StepVoice['log']) {
  const line = (level: LogLevel) => (message: unknown) => write(level, textOfLine(message));
  return Object.freeze({
    debug: line('DEBUG'),
    info: line('INFO'),
    warning: line('WARNING'),
    error: line('ERROR'),
    critical: line('CRITICAL'),
  });
}

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
