import type {
  AssetKeyText,
  AssetTarget,
  Definitions,
  JobSpec,
} from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { assetKeyInDagster } from './dagster-text.ts';
import { ANONYMOUS_JOB, IMPLICIT_JOB } from './job-names.ts';

/** What the requests of a schedule or a sensor are for. */
export interface AutomationTarget {
  readonly jobName: string;
  /** In notebook order; empty for a job of ops. */
  readonly assetKeys: readonly AssetKeyText[];
  /** By which all its runs are partitioned; null if by none, or by different ones. */
  readonly partitionsDef: PartitionsDefinition | null;
  /** Null if there is no job of the author's. */
  readonly job: JobSpec | null;
  /** Whether every run names its assets: so it is without a job of its own (`assetSelection`). */
  readonly namesAssets: boolean;
}

/** A schedule or a sensor, as far as its target goes. */
export interface Targeting {
  readonly jobName: string | null;
  readonly target?: AssetTarget;
}

/**
 * The target of a schedule or a sensor; null if it names nothing that there is.
 *
 * @param name of the schedule or sensor.
 */
export function targetOf(
  { jobName, target }: Targeting,
  name: string,
  definitions: Definitions,
): AutomationTarget | null {
  if (jobName !== null) {
    const job = definitions.jobs.find((one) => one.jobName === jobName);
    if (!job) return null;
    const { assetKeys, partitionsDef } = job;
    return { jobName, assetKeys, partitionsDef, job, namesAssets: false };
  }
  if (target === undefined) return null;
  const { assetKeys, mixesPartitions } = target;
  const among = mixesPartitions
    ? definitions.assets.map(({ assetKey }) => assetKey)
    : target.assetKeys;
  return {
    jobName: mixesPartitions ? IMPLICIT_JOB : `${ANONYMOUS_JOB}${name}`,
    assetKeys,
    partitionsDef: onlyDefinition(definitionsOf(among, definitions)),
    job: null,
    namesAssets: mixesPartitions,
  };
}

/**
 * The definition that a request's key belongs to (JOB-3).
 *
 * @throws {InvalidDefinitionError} if there is none, or more than one.
 */
export function definitionForRequest(
  target: AutomationTarget,
  assetSelection: readonly AssetKeyText[] | null,
  definitions: Definitions,
): PartitionsDefinition {
  if (target.partitionsDef) return target.partitionsDef;
  const chosen = assetSelection?.length ? assetSelection : target.assetKeys;
  const definition = onlyDefinition(definitionsOf(chosen, definitions));
  if (definition) return definition;
  throw new InvalidDefinitionError(
    assetSelection === null
      ? 'Failure condition: Job has no PartitionsDefinition'
      : 'Failure condition: There is no PartitionsDefinition shared by all the provided assets',
    'CheckError',
  );
}

/**
 * The definitions of the partitioned ones among some assets.
 *
 * @throws {InvalidDefinitionError} if one is not an asset of the notebook.
 */
export function definitionsOf(
  assetKeys: readonly AssetKeyText[],
  definitions: Definitions,
): readonly PartitionsDefinition[] {
  return assetKeys.flatMap((assetKey) => {
    const asset = definitions.assets.find((one) => one.assetKey === assetKey);
    if (asset) return asset.partitionsDef ?? [];
    throw new InvalidDefinitionError(assetKeyInDagster(assetKey), 'KeyError');
  });
}

/** The definition that all of them equal; null if there is none, or they differ. */
export function onlyDefinition(
  definitions: readonly PartitionsDefinition[],
): PartitionsDefinition | null {
  const [first = null, ...others] = definitions;
  return others.every((other) => equalPartitionsDefinitions(other, first)) ? first : null;
}
