import { equalPartitionsDefinitions } from '../definition/identity.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { countOf, equalSubsets, subsetOf, subsetOfSpan } from '../subset/subset-algebra.ts';
import { mappedDimensions, requireDimension } from './check-mapping.ts';
import { mapToDownstream, mapToUpstream, type MappedAssets } from './map-partitions.ts';

/**
 * What one key has at the other end of a mapping. Of keys in two dimensions, the parts: every pair of
 * them counts, so that thousands need not be listed.
 */
export interface TracedKeys {
  /** Ordinals of the other end, or of its first dimension. */
  readonly rows: PartitionsSubset;
  /** Ordinals of its second dimension; null if the other end has not two. */
  readonly columns: PartitionsSubset | null;
  /** Whether keys are needed that do not exist; never so downstream. */
  readonly lacks: boolean;
}

/** Answers for one ordinal at a time; made to be asked for all of them in order. */
export type KeyTracer = (ordinal: number) => TracedKeys;

/** How many keys those are. */
export function tracedCount({ rows, columns }: TracedKeys): number {
  return countOf(rows) * (columns === null ? 1 : countOf(columns));
}

export function equalTraced(a: TracedKeys, b: TracedKeys): boolean {
  if (a === b) return true;
  if (a.lacks !== b.lacks || !equalSubsets(a.rows, b.rows)) return false;
  return a.columns === null || b.columns === null
    ? a.columns === b.columns
    : equalSubsets(a.columns, b.columns);
}

/**
 * What each downstream key reads upstream; the same as `mapToUpstream` says of each alone, with what does not
 * depend on the key found out once.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function traceUpstream(assets: MappedAssets): KeyTracer {
  const { mapping, upstream, downstream } = assets;
  const one = (ordinal: number): TracedKeys => {
    const result = mapToUpstream({ ...assets, subset: [ordinal, ordinal + 1] });
    return single(result.subset, result.requiredButNonexistent.length > 0);
  };
  if (upstream === null) return always(single([0, 1]));
  switch (mapping.kind) {
    case 'all':
    case 'last':
    case 'specific':
      return always(one(0));
    case 'static': {
      // Tells whether it fits, of no key at all.
      mapToUpstream({ ...assets, subset: [] });
      const pairs = mapping.downstreamByUpstream.flatMap(([key, readers]) =>
        readers.map((reader) => [reader, key] as const),
      );
      return downstream === null ? always(single([])) : paired(pairs, downstream, upstream);
    }
    case 'identity':
      return sameKeys(upstream, downstream) ? (ordinal) => single([ordinal, ordinal + 1]) : one;
    case 'timeWindow':
    case 'function':
      return one;
    case 'multiToSingle': {
      if (downstream === null) return one;
      const { position, mapping: inner } = requireDimension(
        upstream.definition,
        downstream.definition,
      );
      const dimension = upstream.dimensions?.[position];
      if (dimension !== undefined) {
        const trace = traceUpstream({ mapping: inner, upstream: dimension, downstream });
        return (ordinal) => beside(trace(ordinal), upstream, position);
      }
      const trace = remembered(
        traceUpstream({
          mapping: inner,
          upstream,
          downstream: downstream.dimensions?.[position] ?? null,
        }),
      );
      return (ordinal) => trace(partOf(downstream, position, ordinal));
    }
    case 'multi': {
      if (downstream === null) return one;
      const maps = mappedDimensions(mapping, upstream.definition, downstream.definition).map(
        ({ upstreamPosition, downstreamPosition, mapping: inner }) => ({
          from: downstreamPosition,
          to: upstreamPosition,
          trace: traceUpstream({
            mapping: inner,
            upstream: upstream.dimensions?.[upstreamPosition] ?? null,
            downstream: downstream.dimensions?.[downstreamPosition] ?? null,
          }),
        }),
      );
      return product(downstream, upstream, maps);
    }
  }
}

/**
 * Which downstream keys read each upstream key, as `mapToDownstream` says of each alone.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function traceDownstream(assets: MappedAssets): KeyTracer {
  const { mapping, upstream, downstream } = assets;
  const one = (ordinal: number): TracedKeys =>
    single(mapToDownstream({ ...assets, subset: [ordinal, ordinal + 1] }));
  if (downstream === null || upstream === null || mapping.kind === 'all') return always(one(0));
  switch (mapping.kind) {
    case 'last':
    case 'specific':
    case 'timeWindow':
    case 'function':
      return one;
    case 'static': {
      mapToDownstream({ ...assets, subset: [] });
      const pairs = mapping.downstreamByUpstream.flatMap(([key, readers]) =>
        readers.map((reader) => [key, reader] as const),
      );
      return paired(pairs, upstream, downstream);
    }
    case 'identity':
      return sameKeys(upstream, downstream) ? (ordinal) => single([ordinal, ordinal + 1]) : one;
    case 'multiToSingle': {
      const { position, mapping: inner } = requireDimension(
        upstream.definition,
        downstream.definition,
      );
      const dimension = downstream.dimensions?.[position];
      if (dimension !== undefined) {
        const trace = traceDownstream({ mapping: inner, upstream, downstream: dimension });
        return (ordinal) => beside(trace(ordinal), downstream, position);
      }
      const trace = remembered(
        traceDownstream({
          mapping: inner,
          upstream: upstream.dimensions?.[position] ?? null,
          downstream,
        }),
      );
      return (ordinal) => trace(partOf(upstream, position, ordinal));
    }
    case 'multi': {
      const maps = mappedDimensions(mapping, upstream.definition, downstream.definition).map(
        ({ upstreamPosition, downstreamPosition, mapping: inner }) => ({
          from: upstreamPosition,
          to: downstreamPosition,
          trace: traceDownstream({
            mapping: inner,
            upstream: upstream.dimensions?.[upstreamPosition] ?? null,
            downstream: downstream.dimensions?.[downstreamPosition] ?? null,
          }),
        }),
      );
      return product(upstream, downstream, maps);
    }
  }
}

function single(rows: PartitionsSubset, lacks = false): TracedKeys {
  return { rows, columns: null, lacks };
}

function always(keys: TracedKeys): KeyTracer {
  return () => keys;
}

function sameKeys(a: PartitionIndex, b: PartitionIndex | null): boolean {
  return b !== null && equalPartitionsDefinitions(a.definition, b.definition);
}

/** From keys of `own` to those of `other` that pairs name. */
function paired(
  pairs: readonly (readonly [own: string, other: string])[],
  own: PartitionIndex,
  other: PartitionIndex,
): KeyTracer {
  const ordinals = new Map<number, number[]>();
  for (const [key, counterpart] of pairs) {
    const at = own.ordinalOf(key);
    const to = other.ordinalOf(counterpart);
    if (at < 0 || to < 0) continue;
    const known = ordinals.get(at);
    if (known) known.push(to);
    else ordinals.set(at, [to]);
  }
  return (ordinal) => single(subsetOf(ordinals.get(ordinal) ?? []));
}

/** The keys of two dimensions of which one part is traced, and the other may be any. */
function beside(traced: TracedKeys, other: PartitionIndex, position: number): TracedKeys {
  const every = subsetOfSpan(0, other.dimensions?.[1 - position]?.count ?? 0);
  return position === 0
    ? { ...traced, columns: every }
    : { rows: every, columns: traced.rows, lacks: traced.lacks };
}

interface TracedDimension {
  readonly from: number;
  readonly to: number;
  readonly trace: KeyTracer;
}

/** Each dimension of the target by itself; of one that no map leads to, every part. */
function product(
  source: PartitionIndex,
  target: PartitionIndex,
  maps: readonly TracedDimension[],
): KeyTracer {
  const traces = maps.map((map) => ({ ...map, trace: remembered(map.trace) }));
  const toRows = traces.find(({ to }) => to === 0);
  const toColumns = traces.find(({ to }) => to === 1);
  const [rows, columns] = target.dimensions ?? [];
  const everyRow = single(subsetOfSpan(0, rows?.count ?? 0));
  const everyColumn = single(subsetOfSpan(0, columns?.count ?? 0));
  return (ordinal) => {
    const row = toRows?.trace(partOf(source, toRows.from, ordinal)) ?? everyRow;
    const column = toColumns?.trace(partOf(source, toColumns.from, ordinal)) ?? everyColumn;
    // A needed part that does not exist is told, whatever the other part is.
    return { rows: row.rows, columns: column.rows, lacks: row.lacks || column.lacks };
  };
}

/** The part in one dimension of a key of two, as an ordinal of that dimension. */
function partOf(index: PartitionIndex, position: number, ordinal: number): number {
  const columns = index.dimensions?.[1]?.count ?? 1;
  return position === 0 ? Math.floor(ordinal / columns) : ordinal % columns;
}

/** Asked once for each part. */
function remembered(trace: KeyTracer): KeyTracer {
  const known = new Map<number, TracedKeys>();
  return (ordinal) => {
    let traced = known.get(ordinal);
    if (traced === undefined) known.set(ordinal, (traced = trace(ordinal)));
    return traced;
  };
}
