import type { AssetSpec } from '../src/definitions/definitions.ts';
import { undoneBy } from '../src/orchestration/asset-events.ts';
import { DynamicPartitions } from '../src/orchestration/dynamic-partitions.ts';
import type { Event, EventId } from '../src/orchestration/event.ts';
import { KeySpace } from '../src/orchestration/key-space.ts';
import type { InstanceStore, StatusCheckpoint } from '../src/orchestration/ports.ts';
import { countByStatus, runAsOf, type Run, type RunStatus } from '../src/orchestration/run.ts';
import { StatusFolds } from '../src/orchestration/status-folds.ts';
import type { PartitionKey } from '../src/partitions/context.ts';
import type { HistoryInstants, InstigatorState } from '../src/protocol/engine.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import { HistoryIndex } from './history-index.ts';
import { instigatorsAsOf } from './past-instigators.ts';
import { StaleKeys } from './stale-keys.ts';
import type { ReadLog } from './standing-log.ts';

const EVENTS_A_READ = 5000;
/** The world is marked every so many events, and half as often whenever there are more marks than `MOST_MARKS`. */
const FIRST_STRIDE = 1000;
const MOST_MARKS = 64;

/** The folds as they were at an event. */
interface Mark {
  readonly eventId: EventId;
  /** How many of the events that undo others were heeded in it. */
  readonly undoings: number;
  readonly checkpoints: readonly StatusCheckpoint[];
  readonly dynamicPartitions: ReadonlyMap<string, readonly PartitionKey[]>;
}

/** An event that undoes others. */
interface Undoing {
  readonly eventId: EventId;
  readonly undone: readonly EventId[];
}

/** Looks at a notebook as it was: the log up to an instant, folded from the nearest mark before it. */
export class LookBack {
  readonly #notebookId: string;
  readonly #instances: InstanceStore;
  readonly #assets: readonly AssetSpec[];
  /** The keys under which the marks count. */
  readonly #keySpace: KeySpace;
  readonly #countsEdits: () => boolean;
  /** Of the event of id n at n - 1. */
  readonly #ats: EpochMs[] = [];
  readonly #undoings: Undoing[] = [];
  #marks: Mark[] = [];
  #stride = FIRST_STRIDE;
  /** Folds all that was read, as if nothing had been undone: from it marks are made as the log is first read. */
  readonly #folds = new StatusFolds();
  readonly #keys = new DynamicPartitions();
  #runs: readonly Run[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /** @param keySpace the keys that exist now. */
  constructor(
    notebookId: string,
    instances: InstanceStore,
    assets: readonly AssetSpec[],
    keySpace: KeySpace,
    countsEdits: () => boolean,
  ) {
    this.#countsEdits = countsEdits;
    this.#notebookId = notebookId;
    this.#instances = instances;
    this.#assets = assets;
    this.#keySpace = keySpace;
    this.#folds.declare(assets, keySpace);
  }

  /**
   * The world as of `at`: what the log has up to the last event at or before it.
   *
   * @param instigators how schedules and sensors stand now.
   */
  lookAt(at: EpochMs, instigators: readonly InstigatorState[] = []): Promise<PastWorld> {
    const turn = this.#turn.then(() => this.#lookAt(at, instigators));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** The instants at which anything happened, ascending, each once. */
  instants(): Promise<HistoryInstants> {
    const turn = this.#turn.then(() => this.#catchUp());
    this.#turn = turn.catch(() => {});
    return turn.then(() => Float64Array.from(new Set([...this.#ats].sort((a, b) => a - b))));
  }

  async #lookAt(at: EpochMs, standing: readonly InstigatorState[]): Promise<PastWorld> {
    await this.#catchUp();
    const instigators = await instigatorsAsOf(this.#notebookId, this.#instances, standing, at);
    const reaches = this.#lastAt(at);
    const undoings = this.#undoings.filter(({ eventId }) => eventId <= reaches);
    const undone = new Set(undoings.flatMap((one) => one.undone));
    const mark = this.#markBefore(reaches, undoings.length);
    const log = this.#logUpTo(reaches, undone);
    const folds = new StatusFolds();
    folds.declare(this.#assets, this.#keySpace);
    const keys = new DynamicPartitions();
    keys.restore(
      [...(mark?.dynamicPartitions ?? [])].map(([recordId, value]) => {
        return { kind: 'dynamicPartitions', recordId, value };
      }),
    );
    await folds.load(this.#notebookId, {
      readCheckpoints: async () => mark?.checkpoints ?? [],
      readEvents: (...asked) => noting(log.readEvents(...asked), keys),
    });
    const keySpace = new KeySpace({ effectiveAt: at, dynamicPartitions: keys.keys });
    folds.declare(this.#assets, keySpace);
    const runs = this.#runs.flatMap((run) => runAsOf(run, at) ?? []);
    const countsEdits = this.#countsEdits;
    const world = { at, reaches, folds, keySpace, instigators, runs, log, countsEdits };
    return new PastWorld(this.#notebookId, world);
  }

  async #catchUp(): Promise<void> {
    const before = this.#ats.length;
    const last = await this.#instances.lastEventId(this.#notebookId);
    if (last === before && before > 0) return;
    for await (const events of this.#instances.readEvents(
      this.#notebookId,
      before,
      EVENTS_A_READ,
    )) {
      for (let from = 0; from < events.length; from += FIRST_STRIDE) {
        this.#take(events.slice(from, from + FIRST_STRIDE));
      }
    }
    const all = { limit: Infinity, before: null, statuses: null };
    this.#runs = await this.#instances.listRuns(this.#notebookId, all);
  }

  #take(events: readonly Event[]): void {
    for (const event of events) {
      this.#ats.push(event.at);
      this.#keys.apply(event);
      const undone = undoneBy(event);
      if (undone.length > 0) this.#undoings.push({ eventId: event.eventId, undone });
    }
    this.#folds.apply(events);
    const reachesEventId = this.#ats.length;
    if (reachesEventId < (this.#marks.at(-1)?.eventId ?? 0) + this.#stride) return;
    const changed = this.#folds.takeCheckpoints();
    const checkpoints = changed.length > 0 ? changed : (this.#marks.at(-1)?.checkpoints ?? []);
    this.#marks.push({
      eventId: reachesEventId,
      undoings: 0,
      checkpoints: checkpoints.map((checkpoint) => ({ ...checkpoint, reachesEventId })),
      dynamicPartitions: this.#keys.keys,
    });
    if (this.#marks.length <= MOST_MARKS) return;
    this.#marks = this.#marks.filter((_, at) => at % 2 === 1);
    this.#stride *= 2;
  }

  /** The last event at or before an instant; 0 if there is none. Clocks may have been set back. */
  #lastAt(at: EpochMs): EventId {
    for (let place = this.#ats.length - 1; place >= 0; place--) {
      if ((this.#ats[place] as EpochMs) <= at) return place + 1;
    }
    return 0;
  }

  /** The newest mark that holds nothing that was undone by then; null if there is none. */
  #markBefore(reaches: EventId, undoings: number): Mark | null {
    for (let place = this.#marks.length - 1; place >= 0; place--) {
      const mark = this.#marks[place] as Mark;
      if (mark.eventId > reaches || mark.checkpoints.length === 0) continue;
      const others = this.#undoings.slice(mark.undoings, undoings);
      if (others.every(({ undone }) => undone.every((id) => id > mark.eventId))) return mark;
    }
    return null;
  }

  /** The log up to an event, less what was undone. */
  #logUpTo(reaches: EventId, undone: ReadonlySet<EventId>): ReadLog {
    const instances = this.#instances;
    return {
      async *readEvents(notebookId, after, batchSize) {
        if (after >= reaches) return;
        for await (const events of instances.readEvents(notebookId, after, batchSize)) {
          yield events.filter(({ eventId }) => eventId <= reaches && !undone.has(eventId));
          if ((events.at(-1)?.eventId ?? reaches) >= reaches) return;
        }
      },
      readCheckpoints: async () => [],
      listRuns: (...asked) => instances.listRuns(...asked),
    };
  }
}

/** A notebook as of an earlier instant. */
export class PastWorld {
  readonly at: EpochMs;
  /** The last event that counts. */
  readonly reaches: EventId;
  readonly folds: StatusFolds;
  /** The keys that existed then. */
  readonly keySpace: KeySpace;
  readonly index: HistoryIndex;
  readonly instigators: readonly InstigatorState[];
  /** As they stood, newest first. */
  readonly #runs: readonly Run[];
  readonly #notebookId: string;
  readonly #log: ReadLog;
  readonly #countsEdits: () => boolean;
  #stale: StaleKeys | null = null;
  #readingStale: Promise<StaleKeys> | null = null;

  constructor(
    notebookId: string,
    world: Pick<PastWorld, 'at' | 'reaches' | 'folds' | 'keySpace' | 'instigators'> & {
      readonly runs: readonly Run[];
      readonly log: ReadLog;
      readonly countsEdits: () => boolean;
    },
  ) {
    this.#notebookId = notebookId;
    this.at = world.at;
    this.reaches = world.reaches;
    this.folds = world.folds;
    this.keySpace = world.keySpace;
    this.instigators = world.instigators;
    this.#runs = world.runs;
    this.#log = world.log;
    this.#countsEdits = world.countsEdits;
    this.index = new HistoryIndex(notebookId, world.log);
  }

  get runCounts(): Readonly<Record<RunStatus, number>> {
    return countByStatus(this.#runs);
  }

  findRun(runId: string): Run | null {
    return this.#runs.find((run) => run.runId === runId) ?? null;
  }

  /** Newest first, from `before` (a run number) on. */
  listRuns({
    limit,
    before,
    statuses,
  }: {
    readonly limit: number;
    readonly before: number | null;
    readonly statuses: readonly RunStatus[] | null;
  }): readonly Run[] {
    const found: Run[] = [];
    for (const run of this.#runs) {
      if (found.length >= limit) break;
      if (before !== null && run.runNumber >= before) continue;
      if (!statuses || statuses.includes(run.status)) found.push(run);
    }
    return found;
  }

  /** The stale keys, if the log is read for them by now. */
  get staleNow(): StaleKeys | null {
    return this.#stale;
  }

  stale(): Promise<StaleKeys> {
    this.#readingStale ??= this.#readStale();
    return this.#readingStale;
  }

  async #readStale(): Promise<StaleKeys> {
    const stale = new StaleKeys(this.#countsEdits);
    await stale.read(this.#notebookId, this.#log);
    this.#stale = stale;
    return stale;
  }
}

/** Events as they are read; changes of dynamic keys among them are noted. */
async function* noting(
  batches: AsyncIterable<readonly Event[]>,
  keys: DynamicPartitions,
): AsyncGenerator<readonly Event[]> {
  for await (const events of batches) {
    for (const event of events) keys.apply(event);
    yield events;
  }
}
