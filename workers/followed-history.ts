import type { AssetSpec } from '../src/definitions/definitions.ts';
import { DynamicPartitions } from '../src/orchestration/dynamic-partitions.ts';
import type { Event } from '../src/orchestration/event.ts';
import type { KeySpace } from '../src/orchestration/key-space.ts';
import type { InstanceStore, LogBatch } from '../src/orchestration/ports.ts';
import { StatusFolds } from '../src/orchestration/status-folds.ts';
import { HistoryIndex } from './history-index.ts';
import type { StaleKeys } from './stale-keys.ts';
import { StandingLog } from './standing-log.ts';

const EVENTS_A_READ = 5000;
const EVENTS_A_CHECKPOINT = 5000;
const MOST_DEFINITIONS = 10_000;

/** A notebook's history as far as this tab has followed it: the folds, and the index for histories. */
export class FollowedHistory {
  readonly #notebookId: string;
  readonly #instances: InstanceStore;
  readonly #heard: (events: readonly Event[]) => void;
  readonly #cleared: () => void;
  readonly #keysChanged: () => void;
  readonly #countsEdits: () => boolean;
  readonly #unsubscribe: () => void;
  readonly #log: StandingLog;
  #folds = new StatusFolds();
  #dynamicPartitions = new DynamicPartitions();
  #index: HistoryIndex;
  #declared: readonly [readonly AssetSpec[], KeySpace] | null = null;
  #loaded: Promise<void> | null = null;
  #loadedKeys: Promise<void> | null = null;
  #checkpointedAt = 0;
  /** Null until it is asked for and the log is read. */
  #stale: StaleKeys | null = null;
  #readingStale: Promise<StaleKeys> | null = null;
  /** What was taken while the log is read for it. */
  #unreadByStale: (readonly Event[])[] = [];
  #following: Promise<void> = Promise.resolve();
  /** What came while everything is folded anew; null while nothing is. */
  #late: (readonly Event[])[] | null = null;

  /**
   * @param told is called with events that the folds have taken, after each commit of any tab;
   * `cleared` when the log is empty again, `keysChanged` when a dynamic definition has other keys; `countsEdits`
   * tells whether an edited function counts as changed code.
   */
  constructor(
    notebookId: string,
    instances: InstanceStore,
    told: {
      readonly heard: (events: readonly Event[]) => void;
      readonly cleared: () => void;
      readonly keysChanged: () => void;
      readonly countsEdits: () => boolean;
    },
  ) {
    this.#notebookId = notebookId;
    this.#instances = instances;
    this.#heard = told.heard;
    this.#cleared = told.cleared;
    this.#keysChanged = told.keysChanged;
    this.#countsEdits = told.countsEdits;
    this.#log = new StandingLog(notebookId, instances);
    this.#index = new HistoryIndex(notebookId, this.#log);
    this.#unsubscribe = instances.subscribe(notebookId, () => void this.follow());
  }

  get folds(): StatusFolds {
    return this.#folds;
  }

  get dynamicPartitions(): DynamicPartitions {
    return this.#dynamicPartitions;
  }

  get index(): HistoryIndex {
    return this.#index;
  }

  /** The log as it counts: less what was undone. */
  get log(): StandingLog {
    return this.#log;
  }

  /** The stale keys, if they can be told by now; asking has the log read for them. */
  get staleNow(): StaleKeys | null {
    if (this.#stale || this.#folds.reachesEventId === 0) return this.#stale;
    this.stale().then(
      () => this.#heard([]),
      // What the log cannot be read for stays untold until it is asked for again.
      () => {},
    );
    return null;
  }

  /** The stale keys, as soon as the log is read for them. */
  stale(): Promise<StaleKeys> {
    this.#readingStale ??= this.#readStale().catch((problem: unknown) => {
      this.#readingStale = null;
      throw problem;
    });
    return this.#readingStale;
  }

  /** Says which assets are declared, and which keys exist; every key keeps its history. */
  declare(assets: readonly AssetSpec[], keySpace: KeySpace): void {
    this.#declared = [assets, keySpace];
    this.#folds.declare(assets, keySpace);
  }

  /** Reads which keys dynamic definitions have; once, before the first `declare`. */
  loadKeys(): Promise<void> {
    this.#loadedKeys ??= this.#log.restore().then(() => this.#restoreKeys());
    return this.#loadedKeys;
  }

  /** Reads what the log has; once, after the first `declare`. */
  load(): Promise<void> {
    this.#loaded ??= this.#folds.load(this.#notebookId, this.#log).then(() => {
      this.#checkpointedAt = this.#folds.reachesEventId;
    });
    return this.#loaded;
  }

  /** Takes up what the log has and the folds have not. */
  follow(): Promise<void> {
    const turn = this.#following.then(() => this.#catchUp());
    // The next look does not care how this one ended.
    this.#following = turn.catch(() => {});
    return turn;
  }

  /** Events that are in the log, from here or from another tab; some perhaps for the second time. */
  take(events: readonly Event[]): void {
    if (this.#late) {
      this.#late.push(events);
      return;
    }
    if (this.#log.take(events)) {
      this.#late = [];
      void this.#foldAnew(events);
      return;
    }
    this.#folds.apply(events);
    if (this.#stale) this.#stale.apply(events);
    else if (this.#readingStale) this.#unreadByStale.push(events);
    let keysChanged = false;
    for (const event of events) {
      if (this.#dynamicPartitions.apply(event)) keysChanged = true;
    }
    if (keysChanged) this.#keysChanged();
    this.#heard(events);
  }

  /** Checkpoints that reach the last event taken; empty if it is not yet worth it. */
  dueCheckpoints(isIdle: boolean): LogBatch['checkpoints'] {
    if (this.#late) return [];
    const behind = this.#folds.reachesEventId - this.#checkpointedAt;
    if (behind < EVENTS_A_CHECKPOINT && !isIdle) return [];
    this.#checkpointedAt = this.#folds.reachesEventId;
    return this.#folds.takeCheckpoints();
  }

  /** Settles when nothing is being followed any more. */
  async dispose(): Promise<void> {
    this.#unsubscribe();
    await this.#following;
  }

  async #catchUp(): Promise<void> {
    if (!this.#loaded) return;
    await this.#loaded;
    if (this.#late) return;
    const last = await this.#instances.lastEventId(this.#notebookId);
    const after = this.#folds.reachesEventId;
    if (last < after) await this.#startOver();
    if (last <= after) return;
    for await (const events of this.#instances.readEvents(this.#notebookId, after, EVENTS_A_READ)) {
      this.take(events);
    }
  }

  async #readStale(): Promise<StaleKeys> {
    const folds = this.#folds;
    // It is no part of what the first run waits for.
    const { StaleKeys } = await import('./stale-keys.ts');
    const stale = new StaleKeys(this.#countsEdits);
    await stale.read(this.#notebookId, this.#log);
    for (const events of this.#unreadByStale.splice(0)) stale.apply(events);
    if (folds !== this.#folds) return this.#readStale();
    this.#stale = stale;
    return stale;
  }

  /** The history was cleared. */
  async #startOver(): Promise<void> {
    // A reading that is under way begins again by itself.
    if (this.#stale) this.#readingStale = null;
    this.#stale = null;
    this.#unreadByStale = [];
    await this.#log.restore();
    this.#folds = new StatusFolds();
    if (this.#declared) this.#folds.declare(...this.#declared);
    await this.#folds.load(this.#notebookId, this.#log);
    this.#checkpointedAt = this.#folds.reachesEventId;
    this.#index = new HistoryIndex(this.#notebookId, this.#log);
    await this.#restoreKeys();
    this.#keysChanged();
    this.#cleared();
  }

  /** Something was undone: what was folded with it is folded without. What happens meanwhile comes after. */
  async #foldAnew(undoing: readonly Event[]): Promise<void> {
    const folds = new StatusFolds();
    if (this.#declared) folds.declare(...this.#declared);
    await folds.load(this.#notebookId, this.#log);
    await this.#restoreKeys();
    this.#folds = folds;
    this.#checkpointedAt = 0;
    if (this.#stale) this.#readingStale = null;
    this.#stale = null;
    this.#unreadByStale = [];
    this.#index = new HistoryIndex(this.#notebookId, this.#log);
    const late = this.#late ?? [];
    this.#late = null;
    this.#keysChanged();
    this.#heard(undoing);
    for (const events of late) this.take(events);
  }

  async #restoreKeys(): Promise<void> {
    const everyName = { prefix: '', before: null, limit: MOST_DEFINITIONS };
    const records = await this.#instances.listRecords(
      this.#notebookId,
      'dynamicPartitions',
      everyName,
    );
    this.#dynamicPartitions = new DynamicPartitions();
    this.#dynamicPartitions.restore(records);
  }
}
