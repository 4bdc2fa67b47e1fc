import { InvalidDefinitionError } from '../../errors.ts';
import type { PartitionKey } from '../context.ts';
import { equalPartitionsDefinitions } from '../definition/identity.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { contains, countOf, subsetOf, subsetOfSpan } from '../subset/subset-algebra.ts';
import { fromKeys, keysOf } from '../subset/subset-keys.ts';
import { windowOfKey } from '../time-queries.ts';
import { functionReaders, functionReads } from './function-mapping.ts';
import { mappedDimensions, requireDimension } from './check-mapping.ts';
import {
  columnsUsed,
  mapProduct,
  rowsUsed,
  subsetOfColumns,
  subsetOfRows,
} from './product-mapping.ts';
import type { PartitionMapping } from './partition-mapping.ts';
import { requireKind, requireKnown, timeSides, unpartitioned } from './require-sides.ts';
import { mapWindowsToDownstream, mapWindowsToUpstream } from './time-window-mapping.ts';

/** A mapping between the partitions of two assets as they exist now; null is an asset without partitions. */
export interface MappedAssets {
  readonly mapping: PartitionMapping;
  readonly upstream: PartitionIndex | null;
  readonly downstream: PartitionIndex | null;
}

/** What some downstream partitions read. */
export interface UpstreamPartitionsResult {
  readonly subset: PartitionsSubset;
  /** Keys that are needed and do not exist, in no set order; asking for them fails a run (MAP-0). */
  readonly requiredButNonexistent: readonly PartitionKey[];
}

/** An asset without partitions counts as one, ordinal 0. */
const THE_ONE: PartitionsSubset = [0, 1];

const everything = (index: PartitionIndex | null): PartitionsSubset =>
  index === null ? THE_ONE : subsetOfSpan(0, index.count);

/**
 * What the downstream partitions in `subset` read upstream.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function mapToUpstream({
  mapping,
  upstream,
  downstream,
  subset,
}: MappedAssets & { readonly subset: PartitionsSubset }): UpstreamPartitionsResult {
  const exactly = (found: PartitionsSubset): UpstreamPartitionsResult => ({
    subset: found,
    requiredButNonexistent: [],
  });
  if (upstream === null) return exactly(THE_ONE);
  switch (mapping.kind) {
    case 'all':
      return exactly(everything(upstream));
    case 'last':
      return exactly(subsetOfSpan(Math.max(0, upstream.count - 1), upstream.count));
    case 'specific':
      return specificKeys(upstream, mapping.keys);
    case 'static': {
      const { downstreamByUpstream } = mapping;
      requireKind(upstream, 'static', 'upstream');
      requireKnown(
        upstream,
        downstreamByUpstream.map(([key]) => key),
        'source',
        'upstream',
      );
      const wanted = new Set(downstream === null ? [] : keysOf(downstream, subset));
      const read = downstreamByUpstream.filter(([, keys]) => keys.some((key) => wanted.has(key)));
      return exactly(
        fromKeys(
          upstream,
          read.map(([key]) => key),
        ).subset,
      );
    }
    case 'function': {
      if (downstream === null) throw unpartitioned();
      const { read, unasked } = functionReads(mapping, keysOf(downstream, subset));
      const { subset: found, unknownKeys } = fromKeys(upstream, read);
      return { subset: found, requiredButNonexistent: [...unknownKeys, ...unasked] };
    }
    case 'identity': {
      if (downstream === null) throw unpartitioned();
      if (sameOrdinals(downstream, upstream, subset)) return exactly(subset);
      const { subset: found, unknownKeys } = fromKeys(upstream, keysOf(downstream, subset));
      return { subset: found, requiredButNonexistent: unknownKeys };
    }
    case 'timeWindow': {
      const sides = timeSides(upstream, downstream);
      return mapWindowsToUpstream(mapping, sides.downstream, sides.upstream, subset);
    }
    case 'multiToSingle': {
      if (downstream === null) throw unpartitioned();
      const { position, mapping: inner } = requireDimension(
        upstream.definition,
        downstream.definition,
      );
      // The mapping of the dimension is asked for keys alone: with none, whether it fits does not come up.
      if (subset.length === 0) return exactly([]);
      const dimension = upstream.dimensions?.[position];
      if (dimension !== undefined) {
        const found = mapToUpstream({ mapping: inner, upstream: dimension, downstream, subset });
        return { ...found, subset: withOther(upstream, position, found.subset) };
      }
      return mapToUpstream({
        mapping: inner,
        upstream,
        downstream: downstream.dimensions?.[position] ?? null,
        subset: alone(downstream, position, subset),
      });
    }
    case 'multi': {
      if (downstream === null) throw unpartitioned();
      const missing = new Set<PartitionKey>();
      const pairs = mappedDimensions(mapping, upstream.definition, downstream.definition);
      const found = mapProduct(
        downstream,
        upstream,
        subset,
        pairs.map(({ upstreamPosition, downstreamPosition, mapping: inner }) => ({
          from: downstreamPosition,
          to: upstreamPosition,
          map: (ordinal) => {
            const result = mapToUpstream({
              mapping: inner,
              upstream: dimensionOf(upstream, upstreamPosition),
              downstream: dimensionOf(downstream, downstreamPosition),
              subset: [ordinal, ordinal + 1],
            });
            for (const key of result.requiredButNonexistent) missing.add(key);
            return result.subset;
          },
        })),
      );
      return { subset: found, requiredButNonexistent: [...missing] };
    }
  }
}

/**
 * Which existing downstream partitions read any of the upstream ones in `subset`.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function mapToDownstream({
  mapping,
  upstream,
  downstream,
  subset,
}: MappedAssets & { readonly subset: PartitionsSubset }): PartitionsSubset {
  if (downstream === null) return subset.length > 0 ? THE_ONE : [];
  if (upstream === null) return subset.length > 0 ? everything(downstream) : [];
  switch (mapping.kind) {
    case 'all':
      return subset.length > 0 ? everything(downstream) : [];
    case 'last':
      return upstream.count > 0 && contains(subset, upstream.count - 1)
        ? everything(downstream)
        : [];
    case 'specific':
      return mapping.keys.some((key) => contains(subset, upstream.ordinalOf(key)))
        ? everything(downstream)
        : [];
    case 'static': {
      const { downstreamByUpstream } = mapping;
      requireKind(downstream, 'static', 'downstream');
      requireKnown(
        downstream,
        downstreamByUpstream.flatMap(([, keys]) => keys),
        'target',
        'downstream',
      );
      const given = new Set(keysOf(upstream, subset));
      const read = downstreamByUpstream.filter(([key]) => given.has(key));
      return fromKeys(
        downstream,
        read.flatMap(([, keys]) => keys),
      ).subset;
    }
    case 'function':
      return fromKeys(downstream, functionReaders(mapping, keysOf(upstream, subset))).subset;
    case 'identity':
      return sameOrdinals(upstream, downstream, subset)
        ? subset
        : fromKeys(downstream, keysOf(upstream, subset)).subset;
    case 'timeWindow': {
      const sides = timeSides(upstream, downstream);
      return mapWindowsToDownstream(mapping, sides.upstream, sides.downstream, subset);
    }
    case 'multiToSingle': {
      const { position, mapping: inner } = requireDimension(
        upstream.definition,
        downstream.definition,
      );
      if (subset.length === 0) return [];
      const dimension = downstream.dimensions?.[position];
      if (dimension !== undefined) {
        const found = mapToDownstream({ mapping: inner, upstream, downstream: dimension, subset });
        return withOther(downstream, position, found);
      }
      return mapToDownstream({
        mapping: inner,
        upstream: upstream.dimensions?.[position] ?? null,
        downstream,
        subset: alone(upstream, position, subset),
      });
    }
    case 'multi':
      return mapProduct(
        upstream,
        downstream,
        subset,
        mappedDimensions(mapping, upstream.definition, downstream.definition).map(
          ({ upstreamPosition, downstreamPosition, mapping: inner }) => ({
            from: upstreamPosition,
            to: downstreamPosition,
            map: (ordinal) =>
              mapToDownstream({
                mapping: inner,
                upstream: dimensionOf(upstream, upstreamPosition),
                downstream: dimensionOf(downstream, downstreamPosition),
                subset: [ordinal, ordinal + 1],
              }),
          }),
        ),
      );
  }
}

/**
 * Unknown keys of a key list are told as nonexistent, where Dagster keeps them and fails when
 * it loads them; unknown times vanish, as in Dagster (MAP-SPEC-1).
 */
function specificKeys(
  upstream: PartitionIndex,
  keys: readonly PartitionKey[],
): UpstreamPartitionsResult {
  const { definition } = upstream;
  if (definition.kind !== 'timeWindow') {
    const { subset, unknownKeys } = fromKeys(upstream, keys);
    return { subset, requiredButNonexistent: unknownKeys };
  }
  const starts = keys.map((key) => windowOfKey(definition, key).startAt);
  if (upstream.count === 0 && keys.length > 0) {
    throw new InvalidDefinitionError('The upstream asset has no partitions yet.', 'CheckError');
  }
  const ordinals = starts
    .map((startAt) => ({ startAt, ordinal: upstream.countStartingBefore(startAt) ?? 0 }))
    .filter(
      ({ startAt, ordinal }) =>
        ordinal < upstream.count && upstream.windowAt(ordinal)?.startAt === startAt,
    );
  return { subset: subsetOf(ordinals.map(({ ordinal }) => ordinal)), requiredButNonexistent: [] };
}

/** Of a list of keys, a part that is so much smaller is looked up before lists are compared. */
const FEW = 16;

/** Whether the keys of `subset` are known to have the same ordinals in both; else they are to be looked up. */
function sameOrdinals(
  source: PartitionIndex,
  target: PartitionIndex,
  subset: PartitionsSubset,
): boolean {
  if (source.definition === target.definition) return true;
  const isFew = source.definition.kind === 'static' && countOf(subset) * FEW < source.count;
  return !isFew && equalPartitionsDefinitions(source.definition, target.definition);
}

/** A dimension that the check of the mapping has found. */
function dimensionOf(index: PartitionIndex, position: number): PartitionIndex {
  return index.dimensions?.[position] as PartitionIndex;
}

/** All partitions of a product whose part in one dimension is in `subset`. */
function withOther(
  index: PartitionIndex,
  position: number,
  subset: PartitionsSubset,
): PartitionsSubset {
  return position === 0 ? subsetOfRows(index, subset) : subsetOfColumns(index, subset);
}

/** The parts in one dimension of a subset of a product. */
function alone(
  index: PartitionIndex,
  position: number,
  subset: PartitionsSubset,
): PartitionsSubset {
  return position === 0 ? rowsUsed(index, subset) : columnsUsed(index, subset);
}
