import { equalPartitionsDefinitions } from '../definition/identity.ts';
import { timeDimensionOf } from '../definition/multi.ts';
import type {
  MultiPartitionsDefinition,
  PartitionsDefinition,
} from '../definition/partitions-definition.ts';
import type { PartitionMapping } from './partition-mapping.ts';

/** The time-window mapping without offsets. */
const overlapMapping: PartitionMapping = {
  kind: 'timeWindow',
  startOffset: 0,
  endOffset: 0,
  allowNonexistentUpstreamPartitions: false,
};

/**
 * The mapping of a dependency that names none (INF-2); null stands for an asset without
 * partitions. Never fails: whether the mapping fits is for `checkMapping` to say (INF-3).
 */
export function defaultMapping(
  upstream: PartitionsDefinition | null,
  downstream: PartitionsDefinition | null,
): PartitionMapping {
  if (upstream === null || downstream === null) return { kind: 'all' };
  const dimension = matchDimension(upstream, downstream);
  if (dimension !== null && 'mapping' in dimension) {
    return { kind: 'multiToSingle', partitionDimensionName: null };
  }
  if (upstream.kind === 'timeWindow' && downstream.kind === 'timeWindow') return overlapMapping;
  return { kind: 'identity' };
}

/** Which dimension of a multi definition goes with a single one, and how; or why none does. */
export type MatchedDimension =
  | {
      /** Its place in name order. */
      readonly position: number;
      readonly mapping: PartitionMapping;
    }
  | { readonly problem: string };

/** The dimension by which a multi and a single definition correspond (INF-4); null unless exactly one of the two is multi. */
export function matchDimension(
  a: PartitionsDefinition,
  b: PartitionsDefinition,
): MatchedDimension | null {
  if (a.kind === 'multi') return b.kind === 'multi' ? null : matchSingle(a, b);
  return b.kind === 'multi' ? matchSingle(b, a) : null;
}

function matchSingle(
  multi: MultiPartitionsDefinition,
  single: PartitionsDefinition,
): MatchedDimension {
  const { dimensions } = multi;
  const equal = dimensions.filter(({ definition }) =>
    equalPartitionsDefinitions(definition, single),
  );
  const [first] = equal;
  if (equal.length > 1) {
    return {
      problem: `the partition dimension name must be specified when multiple dimensions (${equal.map(({ name }) => name).join(', ')}) match the single-dimensional definition`,
    };
  }
  if (first !== undefined) {
    return { position: dimensions.indexOf(first), mapping: { kind: 'identity' } };
  }
  const time = single.kind === 'timeWindow' ? timeDimensionOf(multi) : null;
  if (time !== null) return { position: dimensions.indexOf(time), mapping: overlapMapping };
  return {
    problem:
      'one dimension of the multi-partitions definition must equal the single-dimensional one, or both must have one time dimension',
  };
}
