import type { AssetDependency } from '../definitions/definitions.ts';
import type { PartitionKey, PartitionKeyRange } from '../partitions/context.ts';
import type {
  PartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from '../partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { fromKeys, keyRangesOf } from '../partitions/subset/subset-keys.ts';
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

/** The dimension of time of a definition. */
interface Windows {
  readonly definition: TimeWindowPartitionsDefinition;
  /** The part of a key that is in it. */
  readonly partOf: (key: PartitionKey) => PartitionKey;
}

/**
 * The windows of what has partitions in time.
 *
 * @param what it is of, in messages.
 * @throws {InvalidDefinitionError} if it has none.
 */
export function checkHasWindows(definition: PartitionsDefinition | null, what: string): Windows {
  const refused = (why: string) =>
    wrongArgument(`Tried to get asset partitions for ${what} that ${why}.`, 'ValueError');
  if (!definition) throw refused('does not correspond to a partitioned asset');
  const time = timeDefinitionOf(definition);
  if (!time) throw refused('correponds to a partitioned asset that is not time-partitioned');
  return { definition: time, partOf: (key) => timePartOf(definition, key) };
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
    const { start, end } = this.#rangeOf(mapped);
    if (start !== end) {
      throw wrongArgument(
        `Failure condition: Tried to access partition key for input '${String(name)}' of step '${this.#stepKey}', but the step input has a partition range: '${start}' to '${end}'.`,
        'CheckError',
      );
    }
    return mapped.partitionsDef.keyForCell(start);
  }

  /** @throws {InvalidDefinitionError} unless the keys form exactly one range. */
  rangeOf(name: unknown): PartitionKeyRangeObject {
    const { start, end } = this.#rangeOf(this.#mapped(name));
    return new PartitionKeyRangeObject(start, end);
  }

  /**
   * From the start of the first key's window to the end of the last's.
   *
   * @throws {InvalidDefinitionError} unless the keys form exactly one range, in time.
   */
  windowOf(name: unknown): TimeWindowObject {
    const definition = this.#partitionsOf(this.#dependency(name))?.definition ?? null;
    const time = checkHasWindows(definition, `an input '${String(name)}'`);
    const { start, end } = this.#rangeOf(this.#mapped(name));
    const window = (key: PartitionKey) => windowOfKey(time.definition, time.partOf(key));
    const { startAt } = window(start);
    return windowForCell(
      { startAt, endAt: window(end).endAt },
      time.definition.timezone,
      this.#evaluation,
    );
  }

  get #stepKey(): string {
    return this.#asset.assetKey.replaceAll('/', '__');
  }

  #rangeOf({ keys, partitionsDef }: MappedKeys): PartitionKeyRange {
    const index = indexPartitions(partitionsDef.definition, this.#evaluation.partitionContext);
    const ranges = keyRangesOf(index, fromKeys(index, keys).subset);
    const [range, ...others] = ranges;
    if (range === undefined || others.length > 0) {
      throw wrongArgument(
        `Failure condition: Tried to access asset partition key range, but there are (${ranges.length}) key ranges associated with this input.`,
        'CheckError',
      );
    }
    return range;
  }

  #dependency(name: unknown): AssetDependency {
    const { deps } = this.#asset;
    // An input goes by its name, and what is not loaded by its asset's.
    const dep =
      deps.find((one) => one.inputName === name) ??
      deps.find((one) => one.inputName === null && one.assetKey === name);
    if (dep) return dep;
    const names = deps.map((one) => one.inputName ?? one.assetKey).join(', ') || 'none';
    throw wrongArgument(
      `The asset ${this.#asset.assetKey} has no input ${show(name)}. Its inputs: ${names}.`,
      'DagsterInvariantViolationError',
    );
  }

  #partitionsOf({ assetKey }: AssetDependency): PartitionsDefinitionObject | null {
    const upstream = this.#evaluation.assets.find((asset) => asset.assetKey === assetKey);
    return upstream?.partitionsDef ?? null;
  }

  #mapped(name: unknown): MappedKeys {
    const dep = this.#dependency(name);
    const partitionsDef = this.#partitionsOf(dep);
    if (!partitionsDef) {
      throw wrongArgument('Failure condition: The input has no asset partitions', 'CheckError');
    }
    const loaded = this.#step.inputs.find((one) => one.name === dep.inputName);
    return { keys: loaded?.keys ?? this.#map(dep), partitionsDef };
  }

  /** The keys by the mapping: of what the step did not load. */
  #map(dep: AssetDependency): readonly PartitionKey[] {
    const { assets, libraries } = this.#evaluation;
    const { now, dynamicPartitions } = this.#step.world;
    const { keys, fault } = libraries.execution.mappedKeys(
      this.#asset.spec,
      dep,
      this.#stepKey,
      this.#asset.partitionsDef ? this.#keysOfRun() : null,
      assets.map(({ spec }) => spec),
      { effectiveAt: now, dynamicPartitions: new Map(dynamicPartitions) },
    );
    if (fault !== null) throw wrongArgument(fault, 'DagsterInvariantViolationError');
    return keys.filter((key) => key !== null);
  }
}
