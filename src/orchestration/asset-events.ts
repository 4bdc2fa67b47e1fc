import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EventDraft, EventType } from './event.ts';
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

/**
 * An asset is wiped: what happened before does not count any more. Its values are the
 * caller's to remove.
 *
 * @param partitionKeys the keys to wipe; null for all.
 * @throws {InvalidDefinitionError} if keys are given: Dagster's local storage wipes whole assets only.
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
