import type { PartitionKey } from '../partitions/context.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import type { StepRequest } from '../protocol/sandbox.ts';
import { show, wrongArgument } from './arguments.ts';
import type { DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { comesLater } from './later.ts';
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

  constructor(evaluation: Evaluation, asset: DeclaredAsset, step: StepRequest) {
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
    const { keys, partitionsDef } = this.#mapped(name);
    const [key, ...others] = keys;
    const of = `partition key for input '${String(name)}' of step '${this.#stepKey}'`;
    if (key === undefined) {
      throw wrongArgument(`Tried to access ${of}, but no key is mapped to it.`, 'CheckError');
    }
    if (others.length > 0) {
      throw wrongArgument(
        `Tried to access ${of}, but the step input has a partition range: '${key}' to '${others.at(-1)}'.`,
        'CheckError',
      );
    }
    return partitionsDef.keyForCell(key);
  }

  /** @throws {InvalidDefinitionError} unless the keys form exactly one range. */
  rangeOf(name: unknown): PartitionKeyRangeObject {
    const { keys, partitionsDef } = this.#mapped(name);
    const index = indexPartitions(partitionsDef.definition, this.#evaluation.partitionContext);
    const ordinals = keys.map((key) => index.ordinalOf(key));
    const ranges = ordinals.filter(
      (ordinal, i) => i === 0 || ordinal !== (ordinals[i - 1] ?? 0) + 1,
    );
    if (ranges.length !== 1) {
      throw wrongArgument(
        `Tried to access asset partition key range, but there are (${ranges.length}) key ranges associated with this input.`,
        'CheckError',
      );
    }
    return new PartitionKeyRangeObject(keys[0], keys.at(-1));
  }

  /** From the start of the first key's window to the end of the last's. */
  windowOf(name: unknown): TimeWindowObject {
    const { keys, partitionsDef } = this.#mapped(name);
    const { definition } = partitionsDef;
    const time = timeDefinitionOf(definition);
    if (!time) {
      throw wrongArgument(
        `The partitions of the input ${show(name)} are not windows of time.`,
        'ValueError',
      );
    }
    const [first] = keys;
    const last = keys.at(-1);
    if (first === undefined || last === undefined) {
      throw wrongArgument(`No key is mapped to the input ${show(name)}.`, 'CheckError');
    }
    const window = (key: PartitionKey) => windowOfKey(time, timePartOf(definition, key));
    const { startAt } = window(first);
    return windowForCell({ startAt, endAt: window(last).endAt }, time.timezone, this.#evaluation);
  }

  get #stepKey(): string {
    return this.#asset.assetKey.replaceAll('/', '__');
  }

  #mapped(name: unknown): MappedKeys {
    const { inputs } = this.#step;
    const input = inputs.find((one) => one.name === name);
    const { deps } = this.#asset;
    if (!input) {
      if (deps.some((dep) => dep.inputName === null && dep.assetKey === name)) {
        throw comesLater(`Asking for the keys of ${show(name)}, which is in \`deps\`,`);
      }
      const names = inputs.map((one) => one.name).join(', ') || 'none';
      throw wrongArgument(
        `The asset ${this.#asset.assetKey} has no input ${show(name)}. Its inputs: ${names}.`,
        'DagsterInvariantViolationError',
      );
    }
    const upstreamKey = deps.find((dep) => dep.inputName === name)?.assetKey;
    const upstream = this.#evaluation.assets.find((asset) => asset.assetKey === upstreamKey);
    if (!upstream?.partitionsDef) {
      throw wrongArgument('The input has no asset partitions', 'CheckError');
    }
    if (!input.keys) {
      throw wrongArgument(
        'Cannot access partition_key for a non-partitioned run',
        'DagsterInvariantViolationError',
      );
    }
    return { keys: input.keys, partitionsDef: upstream.partitionsDef };
  }
}
