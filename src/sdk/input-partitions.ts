import type { AssetDependency } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import type { StepRequest } from '../protocol/sandbox.ts';
import { show, wrongArgument } from './arguments.ts';
import type { DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import {
  PartitionKeyRangeObject,
  timeDefinitionOf,
  timePartOf,
  windowForCell,
  type PartitionsDefinitionObject,
  type TimeWindowObject,
} from './partitions-definitions.ts';

/** The upstream keys of one input, at least one unless nothing is mapped, in definition order. */
interface MappedKeys {
  readonly keys: readonly PartitionKey[];
  readonly partitionsDef: PartitionsDefinitionObject;
}

/** Which keys of its upstream assets a step reads, by the mappings (CTX-9). */
export class InputPartitions {
  readonly #evaluation: Evaluation;
  readonly #asset: DeclaredAsset;
  readonly #step: StepRequest;
  readonly #keysOfRun: () => readonly PartitionKey[];

  /** @param runKeys the keys of the run for the asset, in definition order; asked for when they are needed. */
  constructor(
    evaluation: Evaluation,
    asset: DeclaredAsset,
    step: StepRequest,
    runKeys: () => readonly PartitionKey[],
  ) {
    this.#keysOfRun = runKeys;
    this.#evaluation = evaluation;
    this.#asset = asset;
    this.#step = step;
  }

  /** In definition order; none where an offset leads nowhere. */
  keysOf(name: unknown): readonly unknown[] {
    const { keys, partitionsDef } = this.#mapped(name);
    return keys.map((key) => partitionsDef.keyForCell(key));
  }

  /** @throws {InvalidDefinitionError} unless one key is mapped. */
  keyOf(name: unknown): unknown {
    const mapped = this.#mapped(name);
    const { start, end } = this.#range(mapped);
    if (start !== end) {
      throw wrongArgument(
        `Tried to access partition key for input '${String(name)}' of step '${this.#stepKey}', but the step input has a partition range: '${start}' to '${end}'.`,
        'CheckError',
      );
    }
    return mapped.partitionsDef.keyForCell(start);
  }

  /** @throws {InvalidDefinitionError} unless the keys form exactly one range. */
  rangeOf(name: unknown): PartitionKeyRangeObject {
    const { start, end } = this.#range(this.#mapped(name));
    return new PartitionKeyRangeObject(start, end);
  }

  /** From the start of the first key's window to the end of the last's. @throws {InvalidDefinitionError} unless the keys form exactly one range of windows. */
  windowOf(name: unknown): TimeWindowObject {
    const upstream = this.#upstreamOf(this.#depOf(name));
    const { definition } = upstream;
    const time = timeDefinitionOf(definition);
    if (!time) {
      throw wrongArgument(
        `Tried to get asset partitions for an input '${String(name)}' that corresponds to a partitioned asset that is not time-partitioned.`,
        'ValueError',
      );
    }
    const { start, end } = this.#range(this.#mapped(name));
    const window = (key: PartitionKey) => windowOfKey(time, timePartOf(definition, key));
    const { startAt } = window(start);
    return windowForCell({ startAt, endAt: window(end).endAt }, time.timezone, this.#evaluation);
  }

  /** The ends of the one range that the keys form. */
  #range({ keys, partitionsDef }: MappedKeys): { start: PartitionKey; end: PartitionKey } {
    const index = indexPartitions(partitionsDef.definition, this.#evaluation.partitionContext);
    const ordinals = keys.map((key) => index.ordinalOf(key));
    const ranges = ordinals.filter(
      (ordinal, i) => i === 0 || ordinal !== (ordinals[i - 1] ?? 0) + 1,
    );
    const [start] = keys;
    const end = keys.at(-1);
    if (ranges.length !== 1 || start === undefined || end === undefined) {
      throw wrongArgument(
        `Tried to access asset partition key range, but there are (${ranges.length}) key ranges associated with this input.`,
        'CheckError',
      );
    }
    return { start, end };
  }

  get #stepKey(): string {
    return this.#asset.assetKey.replaceAll('/', '__');
  }

  #mapped(name: unknown): MappedKeys {
    const dep = this.#depOf(name);
    const partitionsDef = this.#upstreamOf(dep);
    const loaded = this.#step.inputs.find((one) => one.name === dep.inputName);
    return { keys: loaded?.keys ?? this.#map(dep), partitionsDef };
  }

  #depOf(name: unknown): AssetDependency {
    const { deps } = this.#asset;
    // An input goes by its name, and what is not loaded by its asset's.
    const dep =
      deps.find((one) => one.inputName === name) ??
      deps.find((one) => one.inputName === null && one.assetKey === name);
    if (!dep) {
      const names = deps.map((one) => one.inputName ?? one.assetKey).join(', ') || 'none';
      throw wrongArgument(
        `The asset ${this.#asset.assetKey} has no input ${show(name)}. Its inputs: ${names}.`,
        'DagsterInvariantViolationError',
      );
    }
    return dep;
  }

  #upstreamOf({ assetKey }: AssetDependency): PartitionsDefinitionObject {
    const upstream = this.#evaluation.assets.find((asset) => asset.assetKey === assetKey);
    if (!upstream?.partitionsDef) {
      throw wrongArgument('The input has no asset partitions', 'CheckError');
    }
    return upstream.partitionsDef;
  }

  /** The keys by the mapping: of what the step did not load. */
  #map(dep: AssetDependency): readonly PartitionKey[] {
    const { assets, libraries } = this.#evaluation;
    const { now, dynamicPartitions } = this.#step.world;
    const runKeys = this.#asset.partitionsDef ? this.#keysOfRun() : [];
    const { keys, refusal } = libraries.execution.mappedKeys(
      this.#asset.spec,
      dep,
      this.#asset.partitionsDef ? runKeys : null,
      assets.map(({ spec }) => spec),
      { effectiveAt: now, dynamicPartitions: new Map(dynamicPartitions) },
    );
    if (refusal !== null) throw wrongArgument(refusal, 'DagsterInvariantViolationError');
    return keys.filter((key) => key !== null);
  }
}
