import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { Event, EventId } from '../event.ts';
import { MaterializationRecords } from './materialization-records.ts';

/** What the log says of one asset's versions. */
export interface AssetRecords {
  readonly materializations: MaterializationRecords;
  /** What someone looked at and found, of external assets. */
  readonly observations: MaterializationRecords;
}

/**
 * What staleness is told from: every materialization and observation of a notebook, by asset.
 * Feed it every event of the log in order; others than these cost nothing.
 */
export class MaterializationLog {
  readonly #assets = new Map<AssetKeyText, AssetRecords>();
  #reaches: EventId = 0;
  #revision = 0;

  /** The last event that it has taken. */
  get reachesEventId(): EventId {
    return this.#reaches;
  }

  /** Another whenever an answer may be another. */
  get revision(): number {
    return this.#revision;
  }

  /** Empty for an asset that the log does not know. */
  of(assetKey: AssetKeyText): AssetRecords {
    let records = this.#assets.get(assetKey);
    if (!records) {
      records = {
        materializations: new MaterializationRecords(),
        observations: new MaterializationRecords(),
      };
      this.#assets.set(assetKey, records);
    }
    return records;
  }

  /** Takes events that follow what was taken; others are passed over. */
  apply(events: readonly Event[]): void {
    for (const event of events) {
      if (event.eventId <= this.#reaches) continue;
      this.#reaches = event.eventId;
      if (this.#take(event)) this.#revision++;
    }
  }

  #take(event: Event): boolean {
    const { type, assetKey } = event;
    switch (type) {
      case 'ASSET_MATERIALIZATION':
        if (assetKey !== null) this.of(assetKey).materializations.add(event);
        return true;
      case 'ASSET_OBSERVATION':
        if (assetKey !== null) this.of(assetKey).observations.add(event);
        return true;
      case 'ASSET_WIPED':
        if (assetKey === null) return false;
        this.of(assetKey).materializations.wipe(event);
        this.of(assetKey).observations.wipe(event);
        return true;
      case 'RUN_DELETED':
        if (assetKey === null) return false;
        this.of(assetKey).materializations.removeRun(event);
        this.of(assetKey).observations.removeRun(event);
        return true;
      default:
        return false;
    }
  }
}
