import type { AssetDependency, AssetSpec } from '../../definitions/definitions.ts';
import { defaultMapping } from '../../partitions/mapping/default-mapping.ts';
import type { PartitionLoadingContext } from '../../partitions/context.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { explainDownstream, explainUpstream } from '../../partitions/reasons/mapping-reason.ts';
import { explainNonexistent } from '../../partitions/reasons/nonexistent-reason.ts';
import {
  downstreamSentence,
  nonexistentSentence,
  remedySentence,
  upstreamSentence,
} from '../../partitions/reasons/reason-sentences.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** Keys of another asset that a key reads, or is read by. */
export interface KeyNeighbours {
  readonly assetKey: string;
  readonly subset: PartitionsSubset;
  /** Which keys these are, and why: one sentence. */
  readonly sentence: string;
  /** Keys that would be read and do not exist; null if there are none, and always downstream. */
  readonly missing: MissingNeighbours | null;
}

/** Keys that are needed and do not exist. */
export interface MissingNeighbours {
  /** Why they do not exist. */
  readonly sentence: string;
  /** What would mend it, a sentence each; empty if nothing is known to. */
  readonly remedies: readonly string[];
}

/** What is asked of the notebook to follow a mapping. */
export interface MappingSource {
  readonly assets: readonly AssetSpec[];
  /** As of which the indexes are. */
  readonly context: PartitionLoadingContext;
  indexFor(definition: AssetSpec['partitionsDef']): PartitionIndex;
}

/** What one key of an asset reads, by asset in the order of its dependencies. A mapping that does not fit gives nothing: its cell says why. */
export function neighboursAbove(
  source: MappingSource,
  spec: AssetSpec,
  ordinal: number,
): readonly KeyNeighbours[] {
  return spec.deps.flatMap((dep) => readThrough(source, dep, spec, ordinal));
}

/** What one key reads through one dependency; nothing if its mapping does not fit, or the asset is not declared. */
export function readThrough(
  source: MappingSource,
  dep: AssetDependency,
  spec: AssetSpec,
  ordinal: number,
): readonly KeyNeighbours[] {
  const upstream = source.assets.find(({ assetKey }) => assetKey === dep.assetKey);
  if (!upstream) return [];
  return fitting(() => {
    const assets = { ...mapped(source, dep, upstream, spec), ordinal };
    const answer = explainUpstream(assets);
    const missing = explainNonexistent(assets, source.context);
    const ends = {
      key: assets.downstream?.keyAt(ordinal) ?? null,
      asset: spec.assetKey,
      otherAsset: dep.assetKey,
      other: assets.upstream,
    };
    return {
      assetKey: dep.assetKey,
      subset: answer.subset,
      sentence: upstreamSentence(ends, answer),
      missing: missing && {
        sentence: nonexistentSentence(missing),
        remedies: missing.remedies.map((remedy) => remedySentence(remedy, dep.assetKey)),
      },
    };
  });
}

/** What reads one key of an asset, by asset in notebook order. */
export function neighboursBelow(
  source: MappingSource,
  spec: AssetSpec,
  ordinal: number,
): readonly KeyNeighbours[] {
  return source.assets.flatMap((downstream) =>
    downstream.deps
      .filter(({ assetKey }) => assetKey === spec.assetKey)
      .flatMap((dep) => readersThrough(source, dep, downstream, ordinal)),
  );
}

/** Which keys of an asset read one key upstream through one dependency; nothing if its mapping does not fit, or the asset upstream is not declared. */
export function readersThrough(
  source: MappingSource,
  dep: AssetDependency,
  downstream: AssetSpec,
  ordinal: number,
): readonly KeyNeighbours[] {
  const upstream = source.assets.find(({ assetKey }) => assetKey === dep.assetKey);
  if (!upstream) return [];
  return fitting(() => {
    const assets = { ...mapped(source, dep, upstream, downstream), ordinal };
    const answer = explainDownstream(assets);
    const ends = {
      key: assets.upstream?.keyAt(ordinal) ?? null,
      asset: dep.assetKey,
      otherAsset: downstream.assetKey,
      other: assets.downstream,
    };
    return {
      assetKey: downstream.assetKey,
      subset: answer.subset,
      sentence: downstreamSentence(ends, answer),
      missing: null,
    };
  });
}

function mapped(
  source: MappingSource,
  dep: AssetDependency,
  upstream: AssetSpec,
  downstream: AssetSpec,
) {
  const indexOf = ({ partitionsDef }: AssetSpec) =>
    partitionsDef ? source.indexFor(partitionsDef) : null;
  return {
    mapping: dep.mapping ?? defaultMapping(upstream.partitionsDef, downstream.partitionsDef),
    upstream: indexOf(upstream),
    downstream: indexOf(downstream),
  };
}

function fitting(find: () => KeyNeighbours): readonly KeyNeighbours[] {
  try {
    return [find()];
  } catch {
    // A mapping that does not fit its definitions is a problem of its cell, and stands there.
    return [];
  }
}
