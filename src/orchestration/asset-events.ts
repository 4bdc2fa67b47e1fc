import type { AssetKeyText } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EventDraft, EventType } from './event.ts';

/** A materialization that someone reports without a run: its events have no run's id. */
export function materializationReported(
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
  metadata: Readonly<Record<string, unknown>>,
  at: EpochMs,
): EventDraft {
  const message = `Materialized value ${assetKey.replaceAll('/', ' ')}.`;
  return {
    ...assetEvent('ASSET_MATERIALIZATION', assetKey, at, message),
    partitionKey,
    metadata,
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
