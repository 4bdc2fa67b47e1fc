import { RUN_STATUS_CODES, StepCode, type JobHistory } from '../../orchestration/job-history.ts';
import { appendSpan } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { ShownStatus } from '../partitions/shown-status.ts';
import type { ShownStatuses } from '../partitions/status-tally.ts';
import { runStatusWord, shownStatusOfRun } from '../runs/run-words.ts';

/** The runs of each key, newest first. */
export interface RunsByKey {
  /** By ordinal: the place of the key's newest run in the history; -1 if it had none. */
  readonly newest: Int32Array;
  /** How many runs the key with most had. */
  readonly most: number;
  /** Places of all runs of a key, newest first. */
  runsOf(ordinal: number): readonly number[];
}

/**
 * Which runs each of `count` keys had.
 *
 * @param counts whether a run counts, by its place.
 */
export function runsByKey(
  { firstOrdinals, lastOrdinals }: Pick<JobHistory, 'firstOrdinals' | 'lastOrdinals'>,
  count: number,
  counts: (place: number) => boolean,
): RunsByKey {
  const newest = new Int32Array(count).fill(-1);
  const attempts = new Int32Array(count);
  let most = 0;
  for (let place = 0; place < firstOrdinals.length; place++) {
    const first = firstOrdinals[place] as number;
    if (first < 0 || !counts(place)) continue;
    const last = Math.min(lastOrdinals[place] as number, count - 1);
    for (let ordinal = first; ordinal <= last; ordinal++) {
      newest[ordinal] = place;
      const made = (attempts[ordinal] as number) + 1;
      attempts[ordinal] = made;
      if (made > most) most = made;
    }
  }
  return {
    newest,
    most,
    runsOf(ordinal) {
      const places: number[] = [];
      for (let place = firstOrdinals.length - 1; place >= 0; place--) {
        const first = firstOrdinals[place] as number;
        const isOfKey =
          first >= 0 && first <= ordinal && ordinal <= (lastOrdinals[place] as number);
        if (isOfKey && counts(place)) places.push(place);
      }
      return places;
    },
  };
}

/** By ordinal: the run before the one that `of` names; -1 if there was none. */
export function runsBefore(
  { firstOrdinals, lastOrdinals }: Pick<JobHistory, 'firstOrdinals' | 'lastOrdinals'>,
  of: Int32Array,
  counts: (place: number) => boolean,
): Int32Array {
  const before = new Int32Array(of.length).fill(-1);
  for (let place = 0; place < firstOrdinals.length; place++) {
    const first = firstOrdinals[place] as number;
    if (first < 0 || !counts(place)) continue;
    const last = Math.min(lastOrdinals[place] as number, of.length - 1);
    for (let ordinal = first; ordinal <= last; ordinal++) {
      if (place < (of[ordinal] as number)) before[ordinal] = place;
    }
  }
  return before;
}

/** How a run stands, as a square; by its place. */
export function shownStatusOf({ statuses }: JobHistory, place: number): ShownStatus {
  const status = RUN_STATUS_CODES[statuses[place] ?? -1];
  return status ? shownStatusOfRun(status) : 'missing';
}

/** How a run stands, in a word; by its place. */
export function statusWordOf({ statuses }: JobHistory, place: number): string {
  const status = RUN_STATUS_CODES[statuses[place] ?? -1];
  return status ? runStatusWord(status) : 'never run';
}

/** How a step of a run went, as a square; a step of a run that has ended, and that was not started, was not tried. */
export function shownStatusOfStep(history: JobHistory, place: number, step: number): ShownStatus {
  const code = history.steps[place * history.stepKeys.length + step];
  if (code === StepCode.success) return 'materialized';
  if (code === StepCode.failure) return 'failed';
  if (code === StepCode.skipped) return 'not tried';
  const ofRun = shownStatusOf(history, place);
  if (code === StepCode.running) return ofRun === 'materializing' ? 'materializing' : 'missing';
  return ofRun === 'queued' || ofRun === 'materializing' ? 'queued' : 'missing';
}

/** The same in a word: steps do not materialize. */
export function stepWord(status: ShownStatus): string {
  if (status === 'materialized') return 'success';
  if (status === 'materializing') return 'running';
  if (status === 'missing') return 'not run';
  return status;
}

/** Statuses of keys as subsets; `statusOf` gives that of each. */
export function statusesOf(
  newest: Int32Array,
  statusOf: (place: number) => ShownStatus,
): ShownStatuses {
  const spans: Partial<Record<ShownStatus, number[]>> = {};
  const known = new Map<number, ShownStatus>();
  for (let ordinal = 0; ordinal < newest.length; ordinal++) {
    const place = newest[ordinal] as number;
    if (place < 0) continue;
    let status = known.get(place);
    if (!status) known.set(place, (status = statusOf(place)));
    if (status !== 'missing') appendSpan((spans[status] ??= []), ordinal, ordinal + 1);
  }
  const of = (status: ShownStatus): PartitionsSubset => spans[status] ?? [];
  return {
    materialized: of('materialized'),
    materializing: of('materializing'),
    queued: of('queued'),
    failed: of('failed'),
    notTried: of('not tried'),
  };
}

/** Subsets counted among some keys alone: each key by its place among `columns`. */
export function among(statuses: ShownStatuses, columns: PartitionsSubset): ShownStatuses {
  const compact = (subset: PartitionsSubset) => compactSubset(subset, columns);
  return {
    materialized: compact(statuses.materialized),
    materializing: compact(statuses.materializing),
    queued: compact(statuses.queued),
    failed: compact(statuses.failed),
    notTried: compact(statuses.notTried),
    ...(statuses.stale && { stale: compact(statuses.stale) }),
  };
}

function compactSubset(subset: PartitionsSubset, columns: PartitionsSubset): PartitionsSubset {
  const spans: number[] = [];
  let before = 0; // columns in the spans before this one
  let at = 0;
  for (let column = 0; column < columns.length; column += 2) {
    const start = columns[column] as number;
    const end = columns[column + 1] as number;
    while (at < subset.length && (subset[at + 1] as number) <= start) at += 2;
    for (let of = at; of < subset.length && (subset[of] as number) < end; of += 2) {
      const from = Math.max(start, subset[of] as number);
      const to = Math.min(end, subset[of + 1] as number);
      appendSpan(spans, before + from - start, before + to - start);
    }
    before += end - start;
  }
  return spans;
}
