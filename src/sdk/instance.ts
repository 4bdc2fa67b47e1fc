import type { DateTime } from 'luxon';
import type { DynamicPartitionsRequest } from '../orchestration/run-request.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { LatestMaterialization } from '../protocol/sandbox.ts';
import { optionsOf, show, textArgument, wrongArgument, WORDS } from './arguments.ts';
import { AssetKeyObject } from './asset-key.ts';
import { assetArgument, assetKeyOf } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { dateTimeForCell, keyArgument } from './partitions-definitions.ts';

/** What an instance keeps, and how it is asked. */
export interface InstanceRecords {
  /** Keys of each dynamic definition, in order of their addition; changed in place. */
  readonly dynamicPartitions: Map<string, readonly PartitionKey[]>;
  /** Called for each change that is made through the instance, with what it changed. */
  readonly changed: (change: DynamicPartitionsRequest) => void;
  /** In the order of their first materialization. */
  readonly materializedPartitions: (assetKey: string) => readonly PartitionKey[];
  /** Of one key, or of any if that is null. */
  readonly latestMaterialization: (
    assetKey: string,
    partitionKey: PartitionKey | null,
  ) => Promise<LatestMaterialization | null>;
}

/** What cells get as `context.instance`, and from `dg.DagsterInstance.ephemeral()` (DYN-3). */
export class InstanceObject {
  readonly #evaluation: Evaluation;
  readonly #records: InstanceRecords;

  constructor(evaluation: Evaluation, records: InstanceRecords) {
    this.#evaluation = evaluation;
    this.#records = records;
  }

  hasDynamicPartition(name: unknown, key: unknown): boolean {
    return this.getDynamicPartitions(name).includes(keyArgument(key, 'The partition key'));
  }

  /** In order of their addition. */
  getDynamicPartitions(name: unknown): readonly PartitionKey[] {
    const known = this.#records.dynamicPartitions.get(definitionName(name));
    return known === undefined ? [] : [...known];
  }

  /** Keys that are there already stay where they are (DYN-4). */
  addDynamicPartitions(name: unknown, keys: unknown): void {
    const partitionsDefName = definitionName(name);
    if (!Array.isArray(keys)) {
      throw wrongArgument(
        `addDynamicPartitions takes a list of keys, not ${show(keys)}.`,
        'ParameterCheckError',
      );
    }
    const given = (keys as unknown[]).map((key, i) => keyArgument(key, `partitionKeys[${i}]`));
    const known = this.#records.dynamicPartitions.get(partitionsDefName) ?? [];
    const added = [...new Set(given)].filter((key) => !known.includes(key));
    if (added.length === 0) return;
    this.#records.dynamicPartitions.set(partitionsDefName, [...known, ...added]);
    this.#records.changed({ action: 'add', partitionsDefName, partitionKeys: added });
  }

  /** Silent if there is no such key (DYN-3). */
  deleteDynamicPartition(name: unknown, key: unknown): void {
    const partitionsDefName = definitionName(name);
    const deleted = keyArgument(key, 'The partition key');
    const known = this.#records.dynamicPartitions.get(partitionsDefName) ?? [];
    if (!known.includes(deleted)) return;
    this.#records.dynamicPartitions.set(
      partitionsDefName,
      known.filter((other) => other !== deleted),
    );
    this.#records.changed({ action: 'delete', partitionsDefName, partitionKeys: [deleted] });
  }

  /** Keys of the asset that were ever materialized. */
  getMaterializedPartitions(asset: unknown): readonly PartitionKey[] {
    return [...this.#records.materializedPartitions(this.#assetKey(asset))];
  }

  /** The newest materialization of the asset, or of one of its keys; null if there is none. */
  async getLatestMaterialization(asset: unknown, options?: unknown): Promise<unknown> {
    const { partitionKey } = optionsOf(options, 'getLatestMaterialization', ['partitionKey']);
    const key =
      partitionKey === undefined || partitionKey === null
        ? null
        : keyArgument(partitionKey, 'partitionKey');
    const found = await this.#records.latestMaterialization(this.#assetKey(asset), key);
    if (found === null) return null;
    const { assetKey, at, ...rest } = found;
    const timestamp: DateTime = dateTimeForCell(at, 'utc', this.#evaluation);
    return Object.freeze({ ...rest, assetKey: new AssetKeyObject(assetKey), timestamp });
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a Dagster instance';
  }

  /** The keys of every dynamic definition, as they stand. */
  static dynamicPartitionsOf(
    instance: InstanceObject,
  ): ReadonlyMap<string, readonly PartitionKey[]> {
    return instance.#records.dynamicPartitions;
  }

  #assetKey(asset: unknown): string {
    return assetKeyOf(assetArgument(this.#evaluation, asset, 'The asset'));
  }
}

/** An instance that lives only as long as the call: what `dg.DagsterInstance.ephemeral()` gives. */
export class EphemeralInstance extends InstanceObject {
  readonly #materializations: LatestMaterialization[];

  constructor(evaluation: Evaluation) {
    const materializations: LatestMaterialization[] = [];
    const of = (assetKey: string) => materializations.filter((one) => one.assetKey === assetKey);
    super(evaluation, {
      dynamicPartitions: new Map(),
      changed: () => undefined,
      materializedPartitions: (assetKey) => [
        ...new Set(of(assetKey).flatMap(({ partitionKey }) => partitionKey ?? [])),
      ],
      latestMaterialization: async (assetKey, partitionKey) =>
        of(assetKey).findLast(
          (one) => partitionKey === null || one.partitionKey === partitionKey,
        ) ?? null,
    });
    this.#materializations = materializations;
  }

  /** Remembers what a run on this instance recorded. */
  static record(instance: EphemeralInstance, materialization: LatestMaterialization): void {
    instance.#materializations.push(materialization);
  }
}

/** The notebook's own instance, as of the call's beginning and with what the call changed itself. */
export function instanceOf(evaluation: Evaluation): InstanceObject {
  return evaluation.instance(() => {
    const materialized = new Map(evaluation.world.materializedPartitions);
    return new InstanceObject(evaluation, {
      dynamicPartitions: evaluation.dynamicPartitions,
      changed: (change) => evaluation.dynamicPartitionsChanged(change),
      materializedPartitions: (assetKey) => materialized.get(assetKey) ?? [],
      latestMaterialization: (assetKey, partitionKey) =>
        evaluation.notebook.latestMaterialization(assetKey, partitionKey),
    });
  });
}

/** The option `instance`: one that a cell made; a new ephemeral one if it is left out. */
export function instanceArgument(evaluation: Evaluation, value: unknown): InstanceObject {
  if (value === undefined || value === null) return new EphemeralInstance(evaluation);
  if (value instanceof InstanceObject) return value;
  throw wrongArgument(
    `instance must be one such as dg.DagsterInstance.ephemeral(), not ${show(value)}.`,
  );
}

/** `dg.DagsterInstance`. */
export function instanceConstructors(evaluation: Evaluation) {
  return {
    DagsterInstance: Object.freeze({ ephemeral: () => new EphemeralInstance(evaluation) }),
  };
}

function definitionName(name: unknown): string {
  return textArgument(name, 'The name of a dynamic definition');
}
