import type { PartitionKey } from '../context.ts';
import { DIMENSION_SEPARATOR } from '../definition/multi.ts';
import { equalPartitionsDefinitions } from '../definition/identity.ts';
import { partsOfKey } from '../multi-keys.ts';
import type { PartitionIndex } from '../partition-index.ts';
import {
  isEmptyPortable,
  keysOfPortable,
  portableContains,
  portableSubset,
  portableWhole,
  windowsOfPortable,
  type PortableSubset,
} from '../subset/portable-subset.ts';
import { functionReaders, functionReads } from './function-mapping.ts';
import { mappedDimensions, requireDimension } from './check-mapping.ts';
import type { PartitionMapping } from './partition-mapping.ts';
import { requireKind, requireKnown, timeSides, unpartitioned } from './require-sides.ts';
import { mapStretchesToDownstream, mapStretchesToUpstream } from './time-window-mapping.ts';

/** Two partitioned assets and how they correspond. */
export interface MappedDefinitions {
  readonly mapping: PartitionMapping;
  readonly upstream: PartitionIndex;
  readonly downstream: PartitionIndex;
}

/** What some downstream partitions read; what of it does not exist stands apart. */
export interface PortableUpstreamResult {
  readonly subset: PortableSubset;
  /** Keys of the single dimension where two dimensions are mapped part by part (MAP-MM-4). */
  readonly requiredButNonexistent: PortableSubset;
}

/**
 * What `subset` of the downstream asset reads upstream, where texts that name no partition may
 * be in it. A null `downstream` is an asset without partitions.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions, or a key
 *   does not fit its own.
 */
export function mapPortableToUpstream({
  mapping,
  upstream,
  downstream,
  subset,
}: {
  readonly mapping: PartitionMapping;
  readonly upstream: PartitionIndex;
  readonly downstream: PartitionIndex | null;
  readonly subset: PortableSubset;
}): PortableUpstreamResult {
  const exactly = (found: PortableSubset): PortableUpstreamResult => ({
    subset: found,
    requiredButNonexistent: portableSubset(upstream, []),
  });
  switch (mapping.kind) {
    case 'all':
      return exactly({ kind: 'all' });
    case 'last':
      return exactly(
        portableSubset(upstream, upstream.count === 0 ? [] : [upstream.keyAt(upstream.count - 1)]),
      );
    case 'specific':
      return exactly(portableSubset(upstream, mapping.keys));
    case 'static': {
      const pairs = mapping.downstreamByUpstream;
      requireKind(upstream, 'static', 'upstream');
      requireKnown(
        upstream,
        pairs.map(([key]) => key),
        'source',
        'upstream',
      );
      const wanted = new Set(downstream === null ? [] : keysOfPortable(downstream, subset));
      const read = pairs.filter(([, keys]) => keys.some((key) => wanted.has(key)));
      return exactly(
        portableSubset(
          upstream,
          read.map(([key]) => key),
        ),
      );
    }
    case 'function': {
      if (downstream === null) throw unpartitioned();
      const { read, unasked } = functionReads(mapping, keysOfPortable(downstream, subset));
      const exists = (key: PartitionKey) => upstream.ordinalOf(key) >= 0;
      const missing = read.filter((key) => !exists(key));
      return {
        subset: portableSubset(upstream, read.filter(exists)),
        requiredButNonexistent: { kind: 'keys', keys: new Set([...missing, ...unasked]) },
      };
    }
    case 'identity': {
      if (downstream === null) throw unpartitioned();
      if (equalPartitionsDefinitions(upstream.definition, downstream.definition)) {
        return exactly(subset);
      }
      const keys = keysOfPortable(downstream, subset);
      const missing = keys.filter((key) => upstream.ordinalOf(key) < 0);
      return {
        subset: portableSubset(
          upstream,
          keys.filter((key) => upstream.ordinalOf(key) >= 0),
        ),
        requiredButNonexistent: { kind: 'keys', keys: new Set(missing) },
      };
    }
    case 'timeWindow': {
      const sides = timeSides(upstream, downstream);
      const { windows, missing } = mapStretchesToUpstream(
        mapping,
        sides.downstream,
        sides.upstream,
        windowsOfPortable(sides.downstream.index, subset),
      );
      return {
        subset: { kind: 'windows', windows },
        requiredButNonexistent: { kind: 'windows', windows: missing },
      };
    }
    case 'multiToSingle':
    case 'multi': {
      if (downstream === null) throw unpartitioned();
      // Everything stays everything, whether or not the mapping fits.
      if (subset.kind === 'all') return exactly(subset);
      const missing = new Set<PartitionKey>();
      const pairs = pairsOf({ mapping, upstream, downstream });
      const found = mapParts(
        { index: downstream, subset },
        upstream,
        pairs.map((pair) => ({
          from: pair.downstream,
          to: pair.upstream,
          map: (key) => {
            const from = side(downstream, pair.downstream);
            const to = side(upstream, pair.upstream);
            const result = mapPortableToUpstream({
              mapping: pair.mapping,
              upstream: to,
              downstream: from,
              subset: portableSubset(from, [key]),
            });
            keysOfPortable(to, result.requiredButNonexistent).forEach((one) => missing.add(one));
            return keysOfPortable(to, result.subset);
          },
        })),
      );
      return { subset: found, requiredButNonexistent: { kind: 'keys', keys: missing } };
    }
  }
}

/**
 * Which downstream partitions read any of `subset` of the upstream asset, where texts that name
 * no partition may be in it.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions, or a key
 *   does not fit its own.
 */
export function mapPortableToDownstream({
  mapping,
  upstream,
  downstream,
  subset,
}: MappedDefinitions & { readonly subset: PortableSubset }): PortableSubset {
  const everythingIf = (found: boolean): PortableSubset =>
    found ? portableWhole(downstream) : portableSubset(downstream, []);
  switch (mapping.kind) {
    case 'all':
      return everythingIf(subset.kind === 'all' ? upstream.count > 0 : !isEmptyPortable(subset));
    case 'last':
      return everythingIf(
        upstream.count > 0 &&
          portableContains(upstream, subset, upstream.keyAt(upstream.count - 1)),
      );
    case 'specific':
      return everythingIf(mapping.keys.some((key) => portableContains(upstream, subset, key)));
    case 'static': {
      const pairs = mapping.downstreamByUpstream;
      requireKind(downstream, 'static', 'downstream');
      requireKnown(
        downstream,
        pairs.flatMap(([, keys]) => keys),
        'target',
        'downstream',
      );
      const given = new Set(keysOfPortable(upstream, subset));
      return portableSubset(
        downstream,
        pairs.flatMap(([key, keys]) => (given.has(key) ? keys : [])),
      );
    }
    case 'function': {
      const readers = functionReaders(mapping, keysOfPortable(upstream, subset));
      return portableSubset(
        downstream,
        readers.filter((key) => downstream.ordinalOf(key) >= 0),
      );
    }
    case 'identity':
      return equalPartitionsDefinitions(upstream.definition, downstream.definition)
        ? subset
        : portableSubset(
            downstream,
            keysOfPortable(upstream, subset).filter((key) => downstream.ordinalOf(key) >= 0),
          );
    case 'timeWindow': {
      const sides = timeSides(upstream, downstream);
      const windows = windowsOfPortable(upstream, subset);
      return {
        kind: 'windows',
        windows: mapStretchesToDownstream(mapping, sides.upstream, sides.downstream, windows),
      };
    }
    case 'multiToSingle':
    case 'multi':
      if (subset.kind === 'all') return subset;
      return mapParts(
        { index: upstream, subset },
        downstream,
        pairsOf({ mapping, upstream, downstream }).map((pair) => ({
          from: pair.upstream,
          to: pair.downstream,
          map: (key) => {
            const from = side(upstream, pair.upstream);
            const to = side(downstream, pair.downstream);
            const mapped = mapPortableToDownstream({
              mapping: pair.mapping,
              upstream: from,
              downstream: to,
              subset: portableSubset(from, [key]),
            });
            return keysOfPortable(to, mapped);
          },
        })),
      );
  }
}

/** Which dimensions a mapping pairs, by their places in name order; null is the whole key of a single one. */
interface DimensionPair {
  readonly upstream: number | null;
  readonly downstream: number | null;
  readonly mapping: PartitionMapping;
}

function pairsOf({ mapping, upstream, downstream }: MappedDefinitions): readonly DimensionPair[] {
  if (mapping.kind === 'multi') {
    return mappedDimensions(mapping, upstream.definition, downstream.definition).map((pair) => ({
      upstream: pair.upstreamPosition,
      downstream: pair.downstreamPosition,
      mapping: pair.mapping,
    }));
  }
  const matched = requireDimension(upstream.definition, downstream.definition);
  const upstreamIsMulti = upstream.definition.kind === 'multi';
  return [
    {
      upstream: upstreamIsMulti ? matched.position : null,
      downstream: upstreamIsMulti ? null : matched.position,
      mapping: matched.mapping,
    },
  ];
}

/** How one part of a key of the target follows from one of the source; null is the whole key. */
interface PartMap {
  readonly from: number | null;
  readonly to: number | null;
  /** The target's parts for one part of the source. */
  readonly map: (part: PartitionKey) => readonly PartitionKey[];
}

/**
 * Maps keys part by part, each key for itself (MAP-MM-3); a dimension of the target that no map
 * leads to takes every part (MAP-MM-2).
 */
function mapParts(
  source: { readonly index: PartitionIndex; readonly subset: PortableSubset },
  target: PartitionIndex,
  maps: readonly PartMap[],
): PortableSubset {
  const isMulti = source.index.definition.kind === 'multi';
  const keys = keysOfPortable(source.index, source.subset).map((key) =>
    isMulti ? partsOfKey(key) : [key],
  );
  const found = new Set<PartitionKey>();
  // In the order of the key's parts: of two that fail, the first says so.
  const inOrder = maps.toSorted((a, b) => (a.from ?? 0) - (b.from ?? 0));
  const remembered = inOrder.map(({ from, to, map }) => {
    const known = new Map<PartitionKey, readonly PartitionKey[]>();
    for (const key of keys) {
      const part = key[from ?? 0] as PartitionKey;
      if (!known.has(part)) known.set(part, map(part));
    }
    return { from, to, known };
  });
  const everyPart = (position: number): readonly PartitionKey[] =>
    target.dimensions?.[position]?.keys() ?? [];
  for (const key of keys) {
    const partsAt = (position: number | null): readonly PartitionKey[] | null => {
      const map = remembered.find(({ to }) => to === position);
      return map === undefined ? null : (map.known.get(key[map.from ?? 0] as PartitionKey) ?? []);
    };
    const single = partsAt(null);
    if (single !== null) {
      single.forEach((one) => found.add(one));
      continue;
    }
    const columns = partsAt(1) ?? everyPart(1);
    for (const row of partsAt(0) ?? everyPart(0)) {
      for (const column of columns) found.add(row + DIMENSION_SEPARATOR + column);
    }
  }
  return portableSubset(target, found);
}

/** One dimension of an index, or all of it. */
function side(index: PartitionIndex, position: number | null): PartitionIndex {
  // The check of the mapping has found the dimension.
  return position === null ? index : (index.dimensions?.[position] as PartitionIndex);
}
