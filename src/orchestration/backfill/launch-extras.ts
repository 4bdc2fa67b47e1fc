import type { BackfillPolicy } from '../../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import { subsetOfRanges, type KeyRanges } from '../../partitions/key-ranges.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { contains, intersect, subtract } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { RunConfig } from '../run.ts';

/*
 * What a launch may ask for beside what Dagster lets it: all of it an extension.
 */

/** The config of the runs of some keys. */
export interface KeyedRunConfig {
  readonly partitionRanges: KeyRanges;
  /** In place of that of the launch. */
  readonly runConfig: RunConfig;
}

/** How the runs of a launch are cut, ordered and held back. What is absent is as Dagster has it. */
export interface LaunchPace {
  /** In place of the policy of every asset of the launch; null: none, so one run for each key. */
  readonly backfillPolicy?: BackfillPolicy | null;
  /** Of runs that could go at once, that of the last key goes first. */
  readonly newestFirst?: boolean;
  /** How many of its runs execute at once, at most; also bounded by the notebook's limit. */
  readonly mostAtOnce?: number;
}

/** What a backfill keeps of it. */
export interface LaunchExtras extends LaunchPace {
  /** Disjoint. */
  readonly configByKey: readonly KeyedRunConfig[];
  /** The definition whose keys these are. */
  readonly configuredDef: PartitionsDefinition | null;
}

/** Keys with a config of their own. */
export interface ConfigPart {
  readonly subset: PartitionsSubset;
  readonly runConfig: RunConfig;
}

const NO_PARTS: readonly ConfigPart[] = [];
const known = new WeakMap<LaunchExtras, { index: PartitionIndex; parts: readonly ConfigPart[] }>();

/** The keys of `index` that have a config of their own, by config; empty if it is not their definition. */
export function configPartsOf(
  extras: LaunchExtras | undefined,
  index: PartitionIndex | null,
): readonly ConfigPart[] {
  if (!extras || !index || extras.configByKey.length === 0) return NO_PARTS;
  if (!equalPartitionsDefinitions(extras.configuredDef, index.definition)) return NO_PARTS;
  const found = known.get(extras);
  if (found?.index === index) return found.parts;
  const parts = extras.configByKey.map(({ partitionRanges, runConfig }) => {
    return { subset: subsetOfRanges(index, partitionRanges).subset, runConfig };
  });
  known.set(extras, { index, parts });
  return parts;
}

/** The config that one key of `index` has of its own; null if it has that of the launch, or is no key. */
export function ownConfigOf(
  extras: LaunchExtras | undefined,
  index: PartitionIndex | null,
  ordinal: number,
): RunConfig | null {
  const parts = configPartsOf(extras, index);
  return parts.find(({ subset }) => contains(subset, ordinal))?.runConfig ?? null;
}

/** `subset` cut so that the keys of each piece have the same config; the keys without one of their own last. */
export function cutByConfig(
  subset: PartitionsSubset,
  parts: readonly ConfigPart[],
): readonly PartitionsSubset[] {
  if (parts.length === 0) return [subset];
  const pieces: PartitionsSubset[] = [];
  let rest = subset;
  for (const part of parts) {
    const piece = intersect(rest, part.subset);
    if (piece.length === 0) continue;
    pieces.push(piece);
    rest = subtract(rest, piece);
  }
  if (rest.length > 0) pieces.push(rest);
  return pieces;
}
