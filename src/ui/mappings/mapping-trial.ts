import { checkMapping, checkSelfDependency } from '../../partitions/mapping/check-mapping.ts';
import { messageOf } from '../../errors.ts';
import { mapToDownstream, mapToUpstream } from '../../partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../partitions/mapping/partition-mapping.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import type { EdgeIndexes, MappedEdge } from './mapped-edge.ts';

/** A function is only in the notebook: nobody can try another without writing it. */
type Kind = Exclude<PartitionMapping['kind'], 'function'>;
type Definition = PartitionsDefinition | null;

/** Every kind, as they are offered. */
export const TRIAL_KINDS: readonly Kind[] = [
  'identity',
  'timeWindow',
  'all',
  'last',
  'specific',
  'static',
  'multiToSingle',
  'multi',
];

/** Lists of more keys are not paired beforehand: nobody would write them. */
const MOST_PAIRED = 50;

/** A mapping of a kind to begin with, as near as it can be to what both ends are. */
export function beginTrial(kind: Kind, ends: EdgeIndexes): PartitionMapping {
  const { upstream, downstream } = ends;
  switch (kind) {
    case 'identity':
    case 'all':
    case 'last':
      return { kind };
    case 'specific': {
      const count = upstream?.count ?? 0;
      return { kind, keys: upstream && count > 0 ? [upstream.keyAt(count - 1)] : [] };
    }
    case 'static': {
      const size = Math.min(upstream?.count ?? 0, downstream?.count ?? 0, MOST_PAIRED);
      return {
        kind,
        downstreamByUpstream: Array.from({ length: size }, (_, at) => [
          upstream?.keyAt(at) ?? '',
          [downstream?.keyAt(at) ?? ''],
        ]),
      };
    }
    case 'timeWindow':
      return beginOffsets();
    case 'multiToSingle':
      return { kind, partitionDimensionName: null };
    case 'multi': {
      const above = dimensionsOf(upstream?.definition ?? null);
      const below = dimensionsOf(downstream?.definition ?? null);
      return {
        kind,
        dimensions: above.flatMap(({ name, definition }, at) => {
          const same = below.find((one) => one.name === name) ?? below[at];
          if (!same) return [];
          const isTime = definition.kind === 'timeWindow' && same.definition.kind === 'timeWindow';
          const mapping: PartitionMapping = isTime ? beginOffsets() : { kind: 'identity' };
          return [{ upstream: name, downstream: same.name, mapping }];
        }),
      };
    }
  }
}

function beginOffsets(): PartitionMapping {
  return {
    kind: 'timeWindow',
    startOffset: 0,
    endOffset: 0,
    allowNonexistentUpstreamPartitions: false,
  };
}

/** The dimensions of a definition of two; empty for others. */
export function dimensionsOf(definition: Definition) {
  return definition?.kind === 'multi' ? definition.dimensions : [];
}

/** Why a mapping does not fit an edge, in the words that loading its cell would give; null if it fits. */
export function trialProblem(
  mapping: PartitionMapping,
  edge: MappedEdge,
  ends: EdgeIndexes,
): string | null {
  const { upstream, downstream } = edge;
  try {
    if (upstream.assetKey === downstream.assetKey) {
      checkSelfDependency(downstream.assetKey, mapping, downstream.partitionsDef);
    }
    if (upstream.partitionsDef !== null) {
      checkMapping(mapping, upstream.partitionsDef, downstream.partitionsDef);
    }
    // Some of it is found out only by mapping.
    mapToUpstream({ mapping, ...ends, subset: [] });
    mapToDownstream({ mapping, ...ends, subset: [] });
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** A mapping as text for an address; the inverse of `parseTrial`. */
export function formatTrial(mapping: PartitionMapping): string {
  return JSON.stringify(mapping);
}

/** Reads what `formatTrial` wrote; null if it is no mapping. */
export function parseTrial(text: string): PartitionMapping | null {
  try {
    return mappingIn(JSON.parse(text), 0);
  } catch {
    // An address that was cut or typed: then nothing is tried.
    return null;
  }
}

function mappingIn(value: unknown, depth: number): PartitionMapping | null {
  if (typeof value !== 'object' || value === null || depth > 1) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  switch (fields.kind) {
    case 'identity':
    case 'all':
    case 'last':
      return { kind: fields.kind };
    case 'specific':
      return isTexts(fields.keys) ? { kind: 'specific', keys: fields.keys } : null;
    case 'static': {
      const pairs = fields.downstreamByUpstream;
      const isPairs =
        Array.isArray(pairs) &&
        pairs.every(
          (pair) => Array.isArray(pair) && typeof pair[0] === 'string' && isTexts(pair[1]),
        );
      return isPairs
        ? { kind: 'static', downstreamByUpstream: pairs as [string, readonly string[]][] }
        : null;
    }
    case 'timeWindow': {
      const { startOffset, endOffset, allowNonexistentUpstreamPartitions: allows } = fields;
      if (!isOffset(startOffset) || !isOffset(endOffset)) return null;
      return {
        kind: 'timeWindow',
        startOffset,
        endOffset,
        allowNonexistentUpstreamPartitions: allows === true,
      };
    }
    case 'multiToSingle': {
      const name = fields.partitionDimensionName;
      return {
        kind: 'multiToSingle',
        partitionDimensionName: typeof name === 'string' ? name : null,
      };
    }
    case 'multi': {
      if (!Array.isArray(fields.dimensions)) return null;
      const dimensions = (fields.dimensions as Readonly<Record<string, unknown>>[]).map((one) => ({
        upstream: String(one.upstream),
        downstream: String(one.downstream),
        mapping: mappingIn(one.mapping, depth + 1),
      }));
      const whole = dimensions.filter(
        (one): one is (typeof dimensions)[number] & { mapping: PartitionMapping } =>
          one.mapping !== null,
      );
      return whole.length === dimensions.length ? { kind: 'multi', dimensions: whole } : null;
    }
    default:
      return null;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** As wide as a definition takes them. */
const MOST_OFFSET = 1_000_000;

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && Math.abs(value as number) <= MOST_OFFSET;
}

/** Pairs as lines that people write: `upstream: reader, reader`. */
export function formatPairs(
  pairs: Extract<PartitionMapping, { kind: 'static' }>['downstreamByUpstream'],
): string {
  return pairs.map(([key, readers]) => `${key}: ${readers.join(', ')}`).join('\n');
}

/** Reads what `formatPairs` writes; the first colon of a line with a blank after it parts it. */
export function parsePairs(
  text: string,
): Extract<PartitionMapping, { kind: 'static' }>['downstreamByUpstream'] {
  return text.split('\n').flatMap((line) => {
    const match = /^(.*?):\s+(.*)$|^(.*?):?\s*$/.exec(line.trim());
    const key = (match?.[1] ?? match?.[3] ?? '').trim();
    return key === '' ? [] : [[key, parseKeys(match?.[2] ?? '')] as const];
  });
}

/** Keys that commas part. */
export function parseKeys(text: string): readonly string[] {
  return text
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
}
