import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { partitionsDefinitionIdentity } from '../partitions/definition/identity.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { EpochMs } from '../time/time-window.ts';
import { wipedKeys } from './asset-events.ts';
import type { Event, EventId } from './event.ts';
import type { OverlappingStatuses, PartitionStatuses } from './partition-status.ts';
import { failsAsset, stepKeyOf } from './run-events.ts';

/** The newest materialization of an asset. */
interface Materialization {
  readonly eventId: EventId;
  readonly runId: string;
  readonly partitionKey: PartitionKey | null;
  readonly at: EpochMs;
}

/** Why a key stands as failed: what its step raised. */
interface Failure {
  readonly runId: string;
  readonly partitionKey: PartitionKey | null;
  readonly at: EpochMs;
  readonly error: SerializableErrorInfo;
}

/** The newest failure that still stands, and how many keys fail with the same error. */
export interface NewestFailure extends Failure {
  readonly keys: number;
}

/** A fold's own state as plain data, for a checkpoint. Ordinals count under the checkpoint's definition. */
interface FoldState {
  readonly materialized: PartitionsSubset;
  readonly failed: PartitionsSubset;
  readonly notTried: PartitionsSubset;
  /** Keys that did not exist when it was taken, with their flags. */
  readonly elsewhere: readonly (readonly [PartitionKey | null, number])[];
  readonly attempts: readonly {
    readonly runId: string;
    /** Absent in older checkpoints, for the asset's own step. */
    readonly stepKey?: string;
    readonly began: boolean;
    readonly stepStarted: boolean;
    readonly keys: readonly (PartitionKey | null)[];
  }[];
  /** Absent in older checkpoints. */
  readonly plannedRuns?: number;
  /** The newest, newest first; older ones keep their status and lose their words. */
  readonly failures: readonly Failure[];
  readonly latest: Materialization | null;
}

const MATERIALIZED = 1;
const FAILED = 2;
/** Beside `FAILED`: the step never started. */
const NOT_TRIED = 4;

const KEPT_FAILURES = 50;

/** A planned run of an asset that has not ended. */
interface Attempt {
  readonly runId: string;
  /** The step that computes it there. */
  readonly stepKey: string;
  began: boolean;
  stepStarted: boolean;
  readonly keys: Set<PartitionKey | null>;
}

interface OpenAttempt {
  readonly attempt: Attempt;
  readonly ordinal: number;
}

/**
 * How the keys of one asset stand, folded from the log by PS-1 … PS-6: by the text of
 * the key, so that a change of the definition keeps each key's own history. Events of
 * keys that do not exist now are kept apart until they do.
 *
 * Feed it every event of the notebook in order; events of other assets cost little.
 */
export class AssetStatusFold {
  readonly assetKey: AssetKeyText;
  #index: PartitionIndex | null;
  #flags: Uint8Array;
  #elsewhere = new Map<PartitionKey | null, number>();
  readonly #attempts = new Map<string, Attempt>();
  /** The newest planned attempt of a key, while it is open, and the key's ordinal; -1 if it does not exist now. */
  readonly #newestAttempt = new Map<PartitionKey | null, OpenAttempt>();
  /** In the order in which they came. */
  readonly #failures = new Map<PartitionKey | null, Failure>();
  #latest: Materialization | null = null;
  /** How many runs have planned it and were not deleted. */
  #plannedRuns = 0;
  #cached: PartitionStatuses | null = null;

  /** @param index the keys that exist now; null for an asset without partitions. */
  constructor(assetKey: AssetKeyText, index: PartitionIndex | null) {
    this.assetKey = assetKey;
    this.#index = index;
    this.#flags = new Uint8Array(index?.count ?? 1);
  }

  get latest(): Materialization | null {
    return this.#latest;
  }

  get newestFailure(): NewestFailure | null {
    const failures = [...this.#failures.values()];
    const newest = failures.at(-1);
    if (!newest) return null;
    const same = failures.filter(({ error }) => error.message === newest.error.message);
    return { ...newest, keys: same.length };
  }

  /** Whether anything was ever planned or recorded of it, and neither wiped nor deleted since. */
  get isKnown(): boolean {
    return this.#plannedRuns > 0 || this.#latest !== null;
  }

  /** The steps that compute it in runs that have not ended. */
  get openStepKeys(): ReadonlySet<string> {
    return new Set([...this.#attempts.values()].map(({ stepKey }) => stepKey));
  }

  /** Takes one event; whether it was about this asset or about a run of it. */
  apply(event: Event): boolean {
    const changed = this.#take(event);
    if (changed) this.#cached = null;
    return changed;
  }

  /** Moves every key's standing under the keys that exist now (PS-4). */
  reindex(index: PartitionIndex | null): void {
    const before = this.#index;
    this.#index = index;
    this.#cached = null;
    const old = this.#flags;
    const count = index?.count ?? 1;
    // Windows are only ever appended or taken off at the end, so their ordinals hold.
    const keepsOrdinals =
      before?.definition.kind === 'timeWindow' &&
      index !== null &&
      partitionsDefinitionIdentity(before.definition) ===
        partitionsDefinitionIdentity(index.definition);
    this.#flags = new Uint8Array(count);
    if (keepsOrdinals) this.#flags.set(old.subarray(0, Math.min(count, old.length)));
    for (let ordinal = keepsOrdinals ? count : 0; ordinal < old.length; ordinal++) {
      const flags = old[ordinal] ?? 0;
      if (flags) this.#setFlags(before ? before.keyAt(ordinal) : null, flags);
    }
    const waiting = this.#elsewhere;
    this.#elsewhere = new Map();
    for (const [key, flags] of waiting) this.#setFlags(key, flags);
    for (const [key, { attempt }] of this.#newestAttempt) this.#open(key, attempt);
  }

  /**
   * The keys that exist now, by how they stand.
   *
   * @param startedRuns runs that have left the queue, whether or not the log knows it yet.
   */
  statuses(startedRuns: ReadonlySet<string>): PartitionStatuses {
    const open = [...this.#newestAttempt.values()];
    if (open.length === 0 && this.#cached) return this.#cached;
    const [materializing, queued]: [number[], number[]] = [[], []];
    const inProgress = new Set<number>();
    for (const { attempt, ordinal } of open) {
      if (ordinal < 0) continue;
      inProgress.add(ordinal);
      const waits = !attempt.began && !startedRuns.has(attempt.runId);
      (waits ? queued : materializing).push(ordinal);
    }
    const failed = new SpanWriter();
    const notTried = new SpanWriter();
    const materialized = new SpanWriter();
    const before = new SpanWriter();
    const flags = this.#flags;
    for (let ordinal = 0; ordinal < flags.length; ordinal++) {
      const flag = flags[ordinal] ?? 0;
      if (flag === 0) continue;
      const isInProgress = inProgress.size > 0 && inProgress.has(ordinal);
      if (flag > MATERIALIZED || isInProgress) {
        if (flag & MATERIALIZED) before.add(ordinal);
      }
      if (isInProgress) continue;
      if (flag & NOT_TRIED) notTried.add(ordinal);
      else if (flag & FAILED) failed.add(ordinal);
      else materialized.add(ordinal);
    }
    const statuses: PartitionStatuses = {
      materialized: materialized.spans,
      materializing: spansOfAscending(materializing.sort(ascending)),
      queued: spansOfAscending(queued.sort(ascending)),
      failed: failed.spans,
      notTried: notTried.spans,
      ...(before.spans.length > 0 && { materializedBefore: before.spans }),
    };
    if (open.length === 0) this.#cached = statuses;
    return statuses;
  }

  /** The keys that exist now as Dagster counts them: a key may be in several (PS-3). */
  overlappingStatuses(): OverlappingStatuses {
    const ordinals = [...this.#newestAttempt.values()].map(({ ordinal }) => ordinal);
    const open = ordinals.filter((ordinal) => ordinal >= 0).sort(ascending);
    return {
      materialized: this.everMaterialized(),
      failed: this.#withFlag(FAILED),
      inProgress: spansOfAscending(open),
    };
  }

  /** Keys with a materialization, whatever came after; what a value can be loaded of. */
  everMaterialized(): PartitionsSubset {
    return this.#withFlag(MATERIALIZED);
  }

  /** Whether a key has a materialization, whatever came after. */
  hasMaterialized(key: PartitionKey | null): boolean {
    return (this.#flagsOf(key) & MATERIALIZED) !== 0;
  }

  /** What a checkpoint must name for `restore` to take its state. */
  get identity(): string {
    return foldIdentity(this.#index);
  }

  /** Plain data from which `restore` goes on. */
  checkpoint(): unknown {
    return {
      materialized: this.#withFlag(MATERIALIZED),
      failed: this.#withFlag(FAILED),
      notTried: this.#withFlag(NOT_TRIED),
      elsewhere: [...this.#elsewhere],
      attempts: [...this.#attempts.values()].map((attempt) => ({
        ...attempt,
        keys: [...attempt.keys],
      })),
      failures: [...this.#failures.values()].slice(-KEPT_FAILURES).reverse(),
      latest: this.#latest,
      plannedRuns: this.#plannedRuns,
    } satisfies FoldState;
  }

  /**
   * Goes on from a checkpoint taken under `identity`.
   *
   * @returns false, and changes nothing, if it was taken under other keys: then fold anew from the log.
   */
  restore(identity: string, stored: unknown): boolean {
    if (identity !== this.identity) return false;
    const state = stored as FoldState;
    const last = [state.materialized, state.failed].map((spans) => spans.at(-1) ?? 0);
    if (Math.max(...last) > this.#flags.length) return false;
    this.#mark(state.materialized, MATERIALIZED);
    this.#mark(state.failed, FAILED);
    this.#mark(state.notTried, NOT_TRIED);
    for (const [key, flags] of state.elsewhere) this.#setFlags(key, flags);
    for (const { stepKey = stepKeyOf(this.assetKey), keys, ...rest } of state.attempts) {
      const { runId } = rest;
      const attempt = { ...rest, stepKey, keys: new Set(keys) };
      this.#attempts.set(runId, attempt);
      for (const key of keys) this.#open(key, attempt);
    }
    for (const failure of [...state.failures].reverse()) {
      this.#failures.set(failure.partitionKey, failure);
    }
    this.#latest = state.latest;
    this.#plannedRuns = state.plannedRuns ?? state.attempts.length;
    this.#cached = null;
    return true;
  }

  #take(event: Event): boolean {
    switch (event.type) {
      case 'ASSET_MATERIALIZATION_PLANNED':
        if (event.assetKey !== this.assetKey) return false;
        this.#plan(event);
        return true;
      case 'ASSET_MATERIALIZATION':
        if (event.assetKey !== this.assetKey) return false;
        this.#materialize(event);
        return true;
      case 'STEP_START':
      case 'STEP_FAILURE': {
        const attempt = this.#attempts.get(event.runId);
        if (!attempt || event.stepKey !== attempt.stepKey) return false;
        attempt.stepStarted = true;
        // What was stopped with its run changes nothing (PS-2).
        if (failsAsset(event)) this.#fail(event, attempt);
        return true;
      }
      case 'RUN_START': {
        const attempt = this.#attempts.get(event.runId);
        if (attempt) attempt.began = true;
        return attempt !== undefined;
      }
      case 'RUN_FAILURE':
        return this.#end(event.runId, true);
      case 'RUN_SUCCESS':
      case 'RUN_CANCELED':
        return this.#end(event.runId, false);
      case 'ASSET_WIPED':
        if (event.assetKey !== this.assetKey) return false;
        this.#wipe(wipedKeys(event));
        return true;
      case 'RUN_DELETED':
        if (event.assetKey !== this.assetKey) return false;
        this.#delete(event.runId);
        return true;
      default:
        return false;
    }
  }

  #plan({ runId, stepKey, partitionKey }: Event): void {
    // Of an asset without partitions a run can plan keys that are another's.
    const key = this.#index && partitionKey;
    let attempt = this.#attempts.get(runId);
    if (!attempt) {
      const step = stepKey ?? stepKeyOf(this.assetKey);
      attempt = { runId, stepKey: step, began: false, stepStarted: false, keys: new Set() };
      this.#attempts.set(runId, attempt);
      this.#plannedRuns++;
    }
    // Only the newest attempt of a key counts (PS-1).
    this.#newestAttempt.get(key)?.attempt.keys.delete(key);
    attempt.keys.add(key);
    this.#open(key, attempt);
  }

  #open(key: PartitionKey | null, attempt: Attempt): void {
    this.#newestAttempt.set(key, { attempt, ordinal: this.#ordinalOf(key) });
  }

  #materialize({ eventId, runId, partitionKey, at }: Event): void {
    this.#newestAttempt.get(partitionKey)?.attempt.keys.delete(partitionKey);
    this.#newestAttempt.delete(partitionKey);
    this.#failures.delete(partitionKey);
    this.#setFlags(partitionKey, MATERIALIZED);
    this.#latest = { eventId, runId, partitionKey, at };
  }

  /** Keeps what the step raised, for its key, or for each of a range that it has not recorded. */
  #fail({ runId, partitionKey, at, error }: Event, { keys }: Attempt): void {
    if (!error) return;
    const concerned = partitionKey === null && keys.size > 0 ? keys : [partitionKey];
    for (const key of concerned) {
      this.#failures.delete(key);
      this.#failures.set(key, { runId, partitionKey: key, at, error });
    }
  }

  /**
   * The run's keys are not in progress any more. What failed or was recorded stays, as Dagster
   * has it once it was looked at, unless nothing else is known of the asset.
   */
  #delete(runId: string): void {
    const attempt = this.#attempts.get(runId);
    this.#attempts.delete(runId);
    // One from before a wipe is counted no more.
    this.#plannedRuns = Math.max(this.#attempts.size, this.#plannedRuns - 1);
    for (const key of attempt?.keys ?? []) this.#newestAttempt.delete(key);
    if (!this.isKnown) this.#forget();
  }

  #forget(): void {
    this.#flags.fill(0);
    this.#elsewhere.clear();
    this.#attempts.clear();
    this.#newestAttempt.clear();
    this.#failures.clear();
    this.#latest = null;
    this.#plannedRuns = 0;
  }

  /** @param keys null for all. */
  #wipe(keys: readonly PartitionKey[] | null): void {
    if (keys === null) this.#forget();
    else for (const key of keys) this.#forgetKey(key);
  }

  #forgetKey(key: PartitionKey): void {
    this.#newestAttempt.get(key)?.attempt.keys.delete(key);
    this.#newestAttempt.delete(key);
    this.#failures.delete(key);
    this.#setFlags(key, 0);
    if (this.#latest?.partitionKey === key) this.#latest = null;
  }

  #end(runId: string, failed: boolean): boolean {
    const attempt = this.#attempts.get(runId);
    if (!attempt) return false;
    this.#attempts.delete(runId);
    for (const key of attempt.keys) {
      this.#newestAttempt.delete(key);
      if (!failed) {
        if (!(this.#flagsOf(key) & FAILED)) this.#failures.delete(key);
        continue;
      }
      if (!attempt.stepStarted) this.#failures.delete(key);
      const standing = this.#flagsOf(key) & MATERIALIZED;
      this.#setFlags(key, standing | FAILED | (attempt.stepStarted ? 0 : NOT_TRIED));
    }
    return true;
  }

  #ordinalOf(key: PartitionKey | null): number {
    if (!this.#index) return key === null ? 0 : -1;
    return key === null ? -1 : this.#index.ordinalOf(key);
  }

  #flagsOf(key: PartitionKey | null): number {
    const ordinal = this.#ordinalOf(key);
    return (ordinal < 0 ? this.#elsewhere.get(key) : this.#flags[ordinal]) ?? 0;
  }

  #withFlag(mask: number): PartitionsSubset {
    const writer = new SpanWriter();
    this.#flags.forEach((flag, ordinal) => {
      if (flag & mask) writer.add(ordinal);
    });
    return writer.spans;
  }

  #setFlags(key: PartitionKey | null, flags: number): void {
    const ordinal = this.#ordinalOf(key);
    if (ordinal < 0) this.#elsewhere.set(key, flags);
    else this.#flags[ordinal] = flags;
  }

  #mark(spans: PartitionsSubset, flag: number): void {
    for (let at = 0; at < spans.length; at += 2) {
      const end = spans[at + 1] ?? 0;
      for (let ordinal = spans[at] ?? 0; ordinal < end; ordinal++) {
        this.#flags[ordinal] = (this.#flags[ordinal] ?? 0) | flag;
      }
    }
  }
}

/**
 * Under which keys the ordinals of a fold count: the definition, and but for time
 * windows, which only come and go at the end, also which keys there are.
 */
function foldIdentity(index: PartitionIndex | null): string {
  if (!index) return 'unpartitioned';
  const identity = partitionsDefinitionIdentity(index.definition);
  if (index.definition.kind === 'timeWindow') return identity;
  let hash = 0x811c9dc5;
  for (const key of index.keys()) {
    for (let at = 0; at < key.length; at++) {
      hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
    }
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return `${identity} ${index.count} ${hash >>> 0}`;
}

/** Collects ascending ordinals into spans. */
class SpanWriter {
  readonly spans: number[] = [];

  add(ordinal: number): void {
    if (this.spans.length > 0 && this.spans.at(-1) === ordinal) {
      this.spans[this.spans.length - 1] = ordinal + 1;
    } else {
      this.spans.push(ordinal, ordinal + 1);
    }
  }
}

function spansOfAscending(ordinals: readonly number[]): PartitionsSubset {
  const writer = new SpanWriter();
  for (const ordinal of ordinals) writer.add(ordinal);
  return writer.spans;
}

function ascending(left: number, right: number): number {
  return left - right;
}
