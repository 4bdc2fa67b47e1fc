import { formatCount } from '../counts.ts';
import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EventDraft, EventId, EventType } from './event.ts';
import { provenanceOf } from './staleness/provenance.ts';

/**
 * A materialization that someone reports without a run: its events have no run's id.
 *
 * @param dataVersion what was found; null if nothing is known of it.
 */
export function materializationReported(
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
  metadata: Readonly<Record<string, unknown>>,
  at: EpochMs,
  dataVersion: string | null = null,
): EventDraft {
  const message = `Materialized value ${assetKey.replaceAll('/', ' ')}.`;
  return {
    ...assetEvent('ASSET_MATERIALIZATION', assetKey, at, message),
    partitionKey,
    metadata,
    ...(dataVersion !== null && { dataVersion }),
  };
}

/**
 * Someone looked at a key and reports what was there, without a run.
 *
 * @param dataVersion what was found; null if nothing is known of it.
 */
export function observationReported(
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
  metadata: Readonly<Record<string, unknown>>,
  at: EpochMs,
  dataVersion: string | null = null,
): EventDraft {
  return {
    ...assetEvent('ASSET_OBSERVATION', assetKey, at, ''),
    partitionKey,
    metadata,
    ...(dataVersion !== null && { dataVersion }),
  };
}

/**
 * Extension: a key is fine as it stands, whatever of its code and its dependencies changed
 * since it was made. It keeps its data version, so that nothing that reads it goes stale by it.
 */
export function markedFine(
  asset: AssetSpec,
  partitionKey: PartitionKey | null,
  at: EpochMs,
): EventDraft {
  const message = `Marked ${asset.assetKey.replaceAll('/', ' ')} as fine.`;
  return {
    ...assetEvent('ASSET_MATERIALIZATION', asset.assetKey, at, message),
    partitionKey,
    provenance: { ...provenanceOf(asset, null), marksFine: true },
  };
}

/** Keys that can be reported at once: each report is an event of its own. */
export const MOST_REPORTS = 50_000;

/** What is said to more. */
export const tooManyReports = `At most ${formatCount(MOST_REPORTS)} keys can be reported at once; choose fewer.`;

/** Keys that one event of a wipe names. */
const KEYS_AN_EVENT = 5000;

/**
 * An asset is wiped: what happened before does not count any more. Its values stay, as files of an I/O manager do.
 *
 * @param partitionKeys the keys to wipe; null for all. _Extension_: Dagster's local storage wipes whole assets only.
 */
export function keysWiped(
  assetKey: AssetKeyText,
  partitionKeys: readonly PartitionKey[] | null,
  at: EpochMs,
): readonly EventDraft[] {
  if (partitionKeys === null) return [assetWiped(assetKey, null, at)];
  const events: EventDraft[] = [];
  for (let from = 0; from < partitionKeys.length; from += KEYS_AN_EVENT) {
    const keys = partitionKeys.slice(from, from + KEYS_AN_EVENT);
    const what = keys.length === 1 ? `"${keys[0]}"` : `${formatCount(keys.length)} keys`;
    const event = assetEvent('ASSET_WIPED', assetKey, at, `Wiped ${what} of ${assetKey}.`);
    events.push({ ...event, metadata: { partitionKeys: keys } });
  }
  return events;
}

/** The keys that a wipe names; null for the whole asset. */
export function wipedKeys({
  partitionKey,
  metadata,
}: Pick<EventDraft, 'partitionKey' | 'metadata'>): readonly PartitionKey[] | null {
  if (partitionKey !== null) return [partitionKey];
  return (
    (metadata as { readonly partitionKeys?: readonly PartitionKey[] } | null)?.partitionKeys ?? null
  );
}

/**
 * Some events count no more, as if they had never been: a wipe, a deleted run, a report. _Extension._
 *
 * @param what was undone, in words.
 */
export function eventsUndone(eventIds: readonly EventId[], what: string, at: EpochMs): EventDraft {
  const event = assetEvent('EVENTS_UNDONE', '', at, `Undid: ${what}`);
  return { ...event, assetKey: null, metadata: { eventIds } };
}

/** The events that one says were undone; empty for others. */
export function undoneBy({
  type,
  metadata,
}: Pick<EventDraft, 'type' | 'metadata'>): readonly EventId[] {
  if (type !== 'EVENTS_UNDONE') return [];
  return (metadata as { readonly eventIds?: readonly EventId[] } | null)?.eventIds ?? [];
}

/**
 * A whole asset is wiped, as Dagster's local storage can: what happened before does not count any more.
 *
 * @param partitionKeys null.
 * @throws {InvalidDefinitionError} if keys are given: that storage wipes whole assets only.
 */
export function assetWiped(
  assetKey: AssetKeyText,
  partitionKeys: readonly PartitionKey[] | null,
  at: EpochMs,
): EventDraft {
  if (partitionKeys !== null) {
    throw new InvalidDefinitionError(
      'Partitioned asset wipe is not supported yet for this event log storage.',
      'NotImplementedError',
    );
  }
  return assetEvent('ASSET_WIPED', assetKey, at, `Wiped ${assetKey}.`);
}

function assetEvent(
  type: EventType,
  assetKey: AssetKeyText,
  at: EpochMs,
  message: string,
): EventDraft {
  return {
    runId: '',
    type,
    level: 'DEBUG',
    at,
    message,
    stepKey: null,
    assetKey,
    partitionKey: null,
    metadata: null,
    error: null,
    byAuthor: false,
  };
}
