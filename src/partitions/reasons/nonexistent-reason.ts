import type { EpochMs } from '../../time/time-window.ts';
import type { PartitionKey, PartitionLoadingContext } from '../context.ts';
import type {
  PartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from '../definition/partitions-definition.ts';
import { instantOfText } from '../definition/time-window.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';
import { indexPartitions } from '../index-partitions.ts';
import { requireDimension } from '../mapping/check-mapping.ts';
import { mapToUpstream, type MappedAssets } from '../mapping/map-partitions.ts';
import type { PartitionMapping } from '../mapping/partition-mapping.ts';
import type { PartitionIndex } from '../partition-index.ts';
import { keysInWindow, windowOfKey } from '../time-queries.ts';
import { explainKey, opensAtOf, type AbsenceReason, type AbsentKey } from './key-reason.ts';

/** Keys that are missing for the same kind of reason, in the order in which the mapping gives them. */
export interface MissingKeys {
  readonly first: PartitionKey;
  readonly last: PartitionKey;
  readonly count: number;
  /** Of the last of them. */
  readonly answer: AbsentKey;
}

/** A change with which the key no longer needs a key that does not exist. Each was tried on the engine. */
export type Remedy =
  /** Nothing needs to be changed: the keys open by then. */
  | { readonly kind: 'wait'; readonly until: EpochMs; readonly timezone: string }
  /** The upstream definition with this `endOffset`. */
  | { readonly kind: 'endOffset'; readonly endOffset: number }
  /** The upstream definition with a start early enough for this key. */
  | { readonly kind: 'start'; readonly firstKey: PartitionKey }
  /** The upstream definition with an end late enough for this key. */
  | { readonly kind: 'end'; readonly lastKey: PartitionKey }
  /** A mapping that reads other windows, further back. */
  | { readonly kind: 'offsets'; readonly startOffset: number; readonly endOffset: number }
  /** A mapping that leaves out what does not exist. */
  | { readonly kind: 'allowNonexistent' }
  /** These keys in the author's list. */
  | { readonly kind: 'listKeys'; readonly keys: readonly PartitionKey[] }
  /** These keys added to the dynamic keys of that name. */
  | { readonly kind: 'addKeys'; readonly name: string; readonly keys: readonly PartitionKey[] };

/** Why a key cannot be materialized as it stands: what it needs upstream does not exist (MAP-0). */
export interface NonexistentAnswer {
  /** By kind of reason; at least one. */
  readonly missing: readonly MissingKeys[];
  /** Keys that exist and are counted as missing all the same, since the time that is read begins before the first key and ends after the last (MAP-TW-4q). */
  readonly alsoExisting: number;
  /** The least change first; empty if none of them helps. */
  readonly remedies: readonly Remedy[];
}

/** Windows are added by `endOffset` up to so many. */
const MOST_ADDED = 400;
/** Keys are looked into up to so many. */
const MOST_EXAMINED = 1000;

/**
 * Which keys the downstream partition `ordinal` needs that do not exist, why not, and what
 * would mend it; null if it needs none.
 *
 * @param assets as they are at the time of `context`.
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function explainNonexistent(
  assets: MappedAssets & { readonly ordinal: number },
  context: PartitionLoadingContext,
): NonexistentAnswer | null {
  const { upstream, downstream, mapping, ordinal } = assets;
  const { requiredButNonexistent } = mapToUpstream({ ...assets, subset: [ordinal, ordinal + 1] });
  const keys = requiredButNonexistent.slice(0, MOST_EXAMINED);
  if (upstream === null || downstream === null || keys.length === 0) return null;

  const index = indexOfMissing(upstream, downstream, mapping, keys);
  const groups = new Map<AbsenceReason['kind'], MissingKeys>();
  let alsoExisting = 0;
  for (const key of keys) {
    const answer = explainKey(index, key);
    if (answer.exists) {
      alsoExisting += 1;
      continue;
    }
    const { kind } = answer.reason;
    const known = groups.get(kind);
    groups.set(kind, {
      first: known?.first ?? key,
      last: key,
      count: (known?.count ?? 0) + 1,
      answer,
    });
  }
  const missing = [...groups.values()];

  /** Whether the key needs nothing that does not exist, with other definitions, another mapping or at another time. */
  const helps = (changed: {
    readonly upstream?: PartitionsDefinition;
    readonly mapping?: PartitionMapping;
    readonly context?: PartitionLoadingContext;
    /** Whether something must be read. */
    readonly reads?: boolean;
  }): boolean => {
    const at = changed.context ?? context;
    const lower = indexPartitions(downstream.definition, at);
    const position = lower.ordinalOf(downstream.keyAt(ordinal));
    if (position < 0) return false;
    const result = mapToUpstream({
      mapping: changed.mapping ?? mapping,
      upstream: indexPartitions(changed.upstream ?? upstream.definition, at),
      downstream: lower,
      subset: [position, position + 1],
    });
    return (
      result.requiredButNonexistent.length === 0 &&
      (changed.reads !== true || result.subset.length > 0)
    );
  };
  const remedies: Remedy[] = [];
  const propose = (remedy: Remedy, changed: Parameters<typeof helps>[0]): void => {
    if (helps(changed)) remedies.push(remedy);
  };

  const { definition } = index;
  switch (definition.kind) {
    case 'timeWindow': {
      const opens = missing.map(({ answer }) => opensAtOf(answer));
      if (opens.length > 0 && !opens.includes(null)) {
        const until = Math.max(...(opens as EpochMs[]));
        propose(
          { kind: 'wait', until, timezone: definition.timezone },
          { context: { ...context, effectiveAt: until } },
        );
      }
      proposeDefinitions(definition, index, keys, (remedy, time) =>
        propose(remedy, { upstream: withPart(upstream.definition, definition, time) }),
      );
      proposeMappings(mapping, index, downstream, keys, (remedy, changed) =>
        propose(remedy, { mapping: changed, reads: remedy.kind === 'offsets' }),
      );
      break;
    }
    case 'static': {
      const longer = { ...definition, keys: [...definition.keys, ...keys] };
      propose(
        { kind: 'listKeys', keys },
        { upstream: withPart(upstream.definition, definition, longer) },
      );
      break;
    }
    case 'dynamic': {
      const { name } = definition;
      const dynamicPartitions = new Map(context.dynamicPartitions);
      dynamicPartitions.set(name, [...(dynamicPartitions.get(name) ?? []), ...keys]);
      propose({ kind: 'addKeys', name, keys }, { context: { ...context, dynamicPartitions } });
      break;
    }
    case 'multi':
      break;
  }
  return { missing, alsoExisting, remedies };
}

/** The index that the missing keys would belong to: upstream's own, or one of its dimensions (MAP-MM-4). */
function indexOfMissing(
  upstream: PartitionIndex,
  downstream: PartitionIndex,
  mapping: PartitionMapping,
  keys: readonly PartitionKey[],
): PartitionIndex {
  const dimensions = upstream.dimensions ?? [];
  if (mapping.kind === 'multiToSingle') {
    const { position } = requireDimension(upstream.definition, downstream.definition);
    return dimensions[position] ?? upstream;
  }
  if (mapping.kind !== 'multi') return upstream;
  const isTime = ({ definition }: PartitionIndex): boolean =>
    definition.kind === 'timeWindow' &&
    keys.every((key) => instantOfText(key, definition.fmt, definition.timezone) !== null);
  return (
    dimensions.find(isTime) ??
    dimensions.find(({ definition }) => definition.kind !== 'timeWindow') ??
    upstream
  );
}

/** A definition with `changed` in the place of `part`, which is a dimension of it or itself. */
function withPart(
  definition: PartitionsDefinition,
  part: PartitionsDefinition,
  changed: PartitionsDefinition,
): PartitionsDefinition {
  if (definition.kind !== 'multi') return changed;
  return {
    ...definition,
    dimensions: definition.dimensions.map((one) =>
      one.definition === part ? { ...one, definition: changed } : one,
    ),
  };
}

/** Other definitions upstream in which the missing keys might exist. */
function proposeDefinitions(
  definition: TimeWindowPartitionsDefinition,
  index: PartitionIndex,
  keys: readonly PartitionKey[],
  propose: (remedy: Remedy, definition: TimeWindowPartitionsDefinition) => void,
): void {
  const sequence = windowSequenceOf(definition);
  const starts = keys.map((key) => windowOfKey(definition, key).startAt);
  const earliest = Math.min(...starts);
  const latest = Math.max(...starts);
  const first = sequence.startAtOrAfter(definition.startAt);
  const last = index.count === 0 ? null : index.windowAt(index.count - 1);
  if (last !== null && latest > last.startAt) {
    const added = keysInWindow(definition, { startAt: last.endAt, endAt: latest + 1 }).length;
    if (added > 0 && added <= MOST_ADDED) {
      const endOffset = definition.endOffset + added;
      propose({ kind: 'endOffset', endOffset }, { ...definition, endOffset });
    }
  }
  if (earliest < first) {
    propose(
      { kind: 'start', firstKey: sequence.keyOf(earliest) },
      { ...definition, startAt: earliest },
    );
  }
  const endAt = sequence.endOf(latest);
  if (definition.endAt !== null && endAt > definition.endAt) {
    propose({ kind: 'end', lastKey: sequence.keyOf(latest) }, { ...definition, endAt });
  }
}

/** Other mappings that might not need the missing keys. */
function proposeMappings(
  mapping: PartitionMapping,
  upstream: PartitionIndex,
  downstream: PartitionIndex,
  keys: readonly PartitionKey[],
  propose: (remedy: Remedy, mapping: PartitionMapping) => void,
): void {
  if (mapping.kind === 'multi') {
    const changed = {
      ...mapping,
      dimensions: mapping.dimensions.map((pair) =>
        pair.mapping.kind === 'timeWindow'
          ? { ...pair, mapping: { ...pair.mapping, allowNonexistentUpstreamPartitions: true } }
          : pair,
      ),
    };
    propose({ kind: 'allowNonexistent' }, changed);
    return;
  }
  if (mapping.kind !== 'timeWindow') return;
  const lower = downstream.definition;
  const upper = upstream.definition;
  const [key] = keys;
  if (lower.kind === 'timeWindow' && upper.kind === 'timeWindow' && key !== undefined) {
    // One window back; or as many as lie in a window upstream, so that the one before is read.
    const back = Math.max(1, keysInWindow(lower, windowOfKey(upper, key)).length);
    const startOffset = mapping.startOffset - back;
    const endOffset = mapping.endOffset - back;
    propose({ kind: 'offsets', startOffset, endOffset }, { ...mapping, startOffset, endOffset });
  }
  propose({ kind: 'allowNonexistent' }, { ...mapping, allowNonexistentUpstreamPartitions: true });
}
