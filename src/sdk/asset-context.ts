import { assetKeyInDagster } from '../orchestration/dagster-text.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { optionsOf, wrongArgument } from './arguments.ts';
import { AssetKeyObject } from './asset-key.ts';
import type { DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { ExecutionContext, type ContextFacts } from './execution-context.ts';
import { InputPartitions, checkHasWindows } from './input-partitions.ts';
import {
  keyArgument,
  type PartitionKeyRangeObject,
  type TimeWindowObject,
} from './partitions-definitions.ts';
import { metadataOf } from './results.ts';

type Metadata = Readonly<Record<string, unknown>>;

/** What an asset's function gets first (CTX). */
export class AssetExecutionContext extends ExecutionContext {
  readonly #asset: DeclaredAsset;
  readonly #assetMetadata = new Map<string, unknown>();
  readonly #metadataByKey = new Map<PartitionKey, Map<string, unknown>>();

  constructor(evaluation: Evaluation, asset: DeclaredAsset, facts: ContextFacts) {
    super(evaluation, asset.partitionsDef, facts);
    this.#asset = asset;
  }

  get assetKey(): AssetKeyObject {
    return new AssetKeyObject(this.#asset.assetKey);
  }

  assetPartitionKeyForOutput(): unknown {
    this.#checkOutput();
    const keys = this.keys();
    if (keys.length > 1) {
      throw wrongArgument(
        `Failure condition: Tried to access partition key for output 'result' of step '${this.#stepKey}', but the step output has a partition range: '${keys[0]}' to '${keys.at(-1)}'.`,
        'CheckError',
      );
    }
    return this.partitionKey;
  }

  assetPartitionKeysForOutput(): readonly unknown[] {
    if (this.#asset.partitionsDef === null) {
      throw wrongArgument(
        `Attempting to access partitions def for asset ${assetKeyInDagster(this.#asset.assetKey)}, but it is not partitioned`,
        'DagsterInvariantViolationError',
      );
    }
    return this.partitionKeys;
  }

  assetPartitionKeyRangeForOutput(): PartitionKeyRangeObject {
    this.#checkOutput();
    return this.partitionKeyRange;
  }

  assetPartitionsTimeWindowForOutput(): TimeWindowObject {
    const definition = this.#asset.partitionsDef?.definition ?? null;
    checkHasWindows(definition, "an output 'result'");
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

  /** Facts about the asset, or about one of the keys of the run; these stand above all others (CTX-12). */
  addAssetMetadata(metadata: unknown, options?: unknown): void {
    const entries = metadataOf(metadata, 'The metadata of addAssetMetadata');
    const { partitionKey } = optionsOf(options, 'addAssetMetadata', ['partitionKey']);
    let kept = this.#assetMetadata;
    if (partitionKey !== undefined) {
      const key = keyArgument(partitionKey, 'partitionKey');
      if (!this.keys().includes(key)) {
        throw wrongArgument(
          `Partition key ${key} is not among the keys of the run.`,
          'DagsterInvariantViolationError',
        );
      }
      kept = this.#metadataByKey.get(key) ?? new Map<string, unknown>();
      this.#metadataByKey.set(key, kept);
    }
    for (const [name, value] of Object.entries(entries)) kept.set(name, value);
  }

  get #inputPartitions(): InputPartitions {
    return new InputPartitions(this.evaluation, this.#asset, this.step, () => this.keys());
  }

  get #stepKey(): string {
    return this.#asset.assetKey.replaceAll('/', '__');
  }

  #checkOutput(): void {
    if (this.#asset.partitionsDef === null) {
      throw wrongArgument('Failure condition: The output has no asset partitions', 'CheckError');
    }
  }

  /** What the function said of the asset, and of single keys; each is absent if it said nothing. */
  static assetMetadata(context: AssetExecutionContext): {
    readonly assetMetadata?: Metadata;
    readonly metadataByKey?: Readonly<Record<PartitionKey, Metadata>>;
  } {
    const byKey = [...context.#metadataByKey].map(
      ([key, entries]) => [key, Object.fromEntries(entries)] as const,
    );
    return {
      ...(context.#assetMetadata.size > 0 && {
        assetMetadata: Object.fromEntries(context.#assetMetadata),
      }),
      ...(byKey.length > 0 && { metadataByKey: Object.fromEntries(byKey) }),
    };
  }
}
