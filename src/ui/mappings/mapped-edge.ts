import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { AssetDependency, AssetSpec } from '../../definitions/definitions.ts';
import { defaultMapping } from '../../partitions/mapping/default-mapping.ts';
import { mapToDownstream, mapToUpstream } from '../../partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../partitions/mapping/partition-mapping.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { unionAll } from '../../partitions/subset/subset-algebra.ts';
import { mappingWords } from '../graph/mapping-words.ts';
import type { Counterparts } from './ribbons.ts';

/** A dependency of which both ends are declared. */
export interface MappedEdge {
  readonly upstream: AssetSpec;
  readonly downstream: AssetSpec;
  readonly dep: AssetDependency;
  /** What a key reads, as few words. */
  readonly words: string;
}

/** Every dependency between two assets that the notebook declares, by reader. */
export function mappedEdges(session: EdgeSource): readonly MappedEdge[] {
  return session.definitions.assets.flatMap((downstream) =>
    downstream.deps.flatMap((dep) => {
      const upstream = session.assetSpec(dep.assetKey);
      if (!upstream) return [];
      const words = mappingWords(dep.mapping, upstream.partitionsDef, downstream.partitionsDef);
      return [{ upstream, downstream, dep, words }];
    }),
  );
}

type EdgeSource = Pick<NotebookSession, 'definitions' | 'assetSpec'>;

/** The mapping of an edge, or what its two definitions have by default. */
export function mappingOf({ dep, upstream, downstream }: MappedEdge): PartitionMapping {
  return dep.mapping ?? defaultMapping(upstream.partitionsDef, downstream.partitionsDef);
}

/** Both ends as they exist now; null for an asset without partitions. */
export interface EdgeIndexes {
  readonly upstream: PartitionIndex | null;
  readonly downstream: PartitionIndex | null;
}

/** Mappings that go key by key: of many keys only some are asked. */
const BY_KEY: ReadonlySet<PartitionMapping['kind']> = new Set([
  'identity',
  'static',
  'multi',
  'multiToSingle',
]);
/** So many keys are mapped one by one without being felt. */
const SAMPLE = 24;

/**
 * What keys of one end have at the other. Of mappings that go by the texts of keys, many keys are answered
 * for by some of them: enough for a picture, never for a count. What does not fit has nothing.
 */
export function counterpartsThrough(
  mapping: PartitionMapping,
  ends: EdgeIndexes,
  looks: 'up' | 'down',
): Counterparts {
  const assets = { mapping, ...ends };
  const map = (subset: PartitionsSubset): PartitionsSubset =>
    looks === 'up'
      ? mapToUpstream({ ...assets, subset }).subset
      : mapToDownstream({ ...assets, subset });
  const isSame =
    mapping.kind === 'identity' && ends.upstream?.definition === ends.downstream?.definition;
  return (from, to) => {
    try {
      if (!BY_KEY.has(mapping.kind) || isSame || to - from <= SAMPLE) return map([from, to]);
      const step = (to - from - 1) / (SAMPLE - 1);
      return unionAll(
        Array.from({ length: SAMPLE }, (_, at) => {
          const ordinal = from + Math.round(at * step);
          return map([ordinal, ordinal + 1]);
        }),
      );
    } catch {
      // A mapping that does not fit its definitions is told where it is declared, or tried.
      return [];
    }
  };
}
