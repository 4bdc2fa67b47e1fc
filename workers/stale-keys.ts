import type { AssetKeyText } from '../src/definitions/definitions.ts';
import type { AssetGraph } from '../src/definitions/graph.ts';
import type { Event } from '../src/orchestration/event.ts';
import type { KeySpace } from '../src/orchestration/key-space.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import { MaterializationLog } from '../src/orchestration/staleness/materialization-log.ts';
import { Staleness } from '../src/orchestration/staleness/staleness.ts';
import type { PartitionsSubset } from '../src/partitions/subset/partitions-subset.ts';

const EVENTS_A_READ = 5000;

/** Which keys of a notebook are stale, and why, as of the events that it has taken. */
export class StaleKeys {
  readonly #log = new MaterializationLog();
  readonly #countsEdits: () => boolean;
  readonly #subsets = new Map<AssetKeyText, PartitionsSubset>();
  #staleness: Staleness | null = null;
  #madeOf: readonly unknown[] = [];

  /** @param countsEdits whether an edited function counts as changed code. */
  constructor(countsEdits: () => boolean) {
    this.#countsEdits = countsEdits;
  }

  /** The materializations that it is told from. */
  get log(): MaterializationLog {
    return this.#log;
  }

  /** Takes all that the log has. */
  async read(notebookId: string, instances: Pick<InstanceStore, 'readEvents'>): Promise<void> {
    const after = this.#log.reachesEventId;
    for await (const events of instances.readEvents(notebookId, after, EVENTS_A_READ)) {
      this.apply(events);
    }
  }

  /** Takes events that follow what was taken; others are passed over. */
  apply(events: readonly Event[]): void {
    this.#log.apply(events);
  }

  /** The stale keys of one asset, as ordinals under `keySpace`. */
  of(assetKey: AssetKeyText, graph: AssetGraph, keySpace: KeySpace): PartitionsSubset {
    const staleness = this.staleness(graph, keySpace);
    let subset = this.#subsets.get(assetKey);
    if (!subset) this.#subsets.set(assetKey, (subset = staleness.staleKeys(assetKey)));
    return subset;
  }

  /** What tells single keys and their causes. */
  staleness(graph: AssetGraph, keySpace: KeySpace): Staleness {
    const countEdits = this.#countsEdits();
    const madeOf = [this.#log.revision, graph, keySpace, countEdits];
    if (!this.#staleness || madeOf.some((one, at) => one !== this.#madeOf[at])) {
      const how = { dagsterLimits: false, countEdits };
      this.#staleness = new Staleness({ log: this.#log, graph, keySpace, ...how });
      this.#madeOf = madeOf;
      this.#subsets.clear();
    }
    return this.#staleness;
  }
}
