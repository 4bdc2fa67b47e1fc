import type { JobSpec } from '../definitions/definitions.ts';
import type { DeclaredAsset } from './assets.ts';
import { WORDS } from './arguments.ts';
import { Declared, type Evaluation } from './evaluation.ts';
import { executeJobInProcess } from './materialize.ts';
import type { DeclaredOp } from './ops.ts';
import type { PartitionsDefinitionObject } from './partitions-definitions.ts';

/** Run config for each key of a definition, as far as jobs ask for it. */
export interface PartitionedConfig {
  readonly partitionsDef: PartitionsDefinitionObject;
  getRunConfigForPartitionKey(key: unknown): unknown;
  getTagsForPartitionKey(key: unknown, options?: { readonly jobName?: string }): unknown;
}

/** A job as declared: over assets, or of ops. */
export abstract class Job extends Declared {
  /** Null if its runs get no config of their key. */
  readonly partitionedConfig: PartitionedConfig | null;
  protected readonly evaluation: Evaluation;

  constructor(evaluation: Evaluation, partitionedConfig: PartitionedConfig | null = null) {
    super(evaluation);
    this.evaluation = evaluation;
    this.partitionedConfig = partitionedConfig;
  }

  /** @throws {InvalidDefinitionError} if it has no name yet. */
  abstract get jobName(): string;

  /**
   * As plain data.
   *
   * @param assets those of the notebook, in its order.
   */
  abstract specAmong(assets: readonly DeclaredAsset[]): JobSpec;

  /** By which its runs have keys; null for a job over assets, where that is the assets' affair. */
  get partitionsDef(): PartitionsDefinitionObject | null {
    return null;
  }

  /** The op of one of its steps; null if there is no such step. */
  opOf(_stepKey: string): DeclaredOp | null {
    return null;
  }

  /** Runs it here and now, on an instance that leaves no record (JOB-5). */
  executeInProcess(options?: unknown): Promise<unknown> {
    return executeJobInProcess(this.evaluation, this, options);
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a job';
  }
}

/** The partitioned config that the option `config` holds; null if it is something else. */
export function partitionedConfigIn(value: unknown): PartitionedConfig | null {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) return null;
  const { getRunConfigForPartitionKey } = value as Partial<PartitionedConfig>;
  return typeof getRunConfigForPartitionKey === 'function' ? (value as PartitionedConfig) : null;
}
