import type { AssetKeyText, AssetSpec } from '../../definitions/definitions.ts';
import type { Event, EventId } from '../event.ts';

/**
 * What a materialization was made from, as small as it can be kept: which event of each
 * dependency was read, and with which data version, follows from the log (STALE-9).
 */
export interface Provenance {
  /** The assets it depended on, each once, in the author's order. */
  readonly deps: readonly AssetKeyText[];
  /** Absent if the asset had none: then the run's id counts as one (STALE-3). */
  readonly codeVersion?: string;
  /** Extension: a hash of the asset's code as it ran; absent if it was not known. */
  readonly bodyHash?: string;
  /**
   * The last event in the log when its step started: of each dependency it read the newest up
   * to there, or that of its own run. Absent if it read the newest before itself.
   */
  readonly asOf?: EventId;
  /** Extension: a mark that the key is fine as it stands; it keeps the data version that it had. */
  readonly marksFine?: true;
}

/**
 * The provenance of a materialization of `asset` by a run.
 *
 * @param asOf the last event in the log when the step started; null if events are appended in
 *   the order in which runs read, as under the virtual clock.
 */
export function provenanceOf(asset: AssetSpec, asOf: EventId | null): Provenance {
  return {
    deps: [...new Set(asset.deps.map(({ assetKey }) => assetKey))],
    // Dagster takes an empty text as none.
    ...(asset.codeVersion && { codeVersion: asset.codeVersion }),
    ...(asset.bodyHash !== undefined && { bodyHash: asset.bodyHash }),
    ...(asOf !== null && { asOf }),
  };
}

/** The names of the tags that Dagster gives an event for its versions, by text (STALE-9). */
export function provenanceTagNames({
  dataVersion,
  provenance,
}: Pick<Event, 'dataVersion' | 'provenance'>): readonly string[] {
  if (!provenance) return dataVersion === undefined ? [] : ['dagster/data_version'];
  return [
    'dagster/code_version',
    'dagster/data_version',
    ...(dataVersion === undefined ? [] : ['dagster/data_version_is_user_provided']),
    ...provenance.deps.flatMap((assetKey) => [
      `dagster/input_data_version/${assetKey}`,
      `dagster/input_event_pointer/${assetKey}`,
    ]),
  ].sort();
}
