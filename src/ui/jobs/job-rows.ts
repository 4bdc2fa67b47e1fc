import { StepCode, type JobHistory } from '../../orchestration/job-history.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { complement, countOf, spansOf, unionAll } from '../../partitions/subset/subset-algebra.ts';
import type { EpochMs } from '../../time/time-window.ts';
import type { ShownStatus } from '../partitions/shown-status.ts';
import type { ShownStatuses } from '../partitions/status-tally.ts';
import {
  runsBefore,
  runsByKey,
  shownStatusOf,
  shownStatusOfStep,
  statusesOf,
  type RunsByKey,
} from './job-statuses.ts';

/** What a row's columns are painted by. */
export type MatrixColour = 'status' | 'age' | 'duration';

/** A row of the matrix over all columns. */
export interface MatrixRow {
  readonly name: string;
  /** `attempt`: a run before the last. */
  readonly kind: 'run' | 'attempt' | 'step' | 'asset';
  readonly statuses: ShownStatuses;
  /** By column: the place of the run that it tells of; -1 for none. */
  readonly runs: Int32Array;
  /** The step; -1 for rows of runs. */
  readonly step: number;
}

/** More runs before the last of a key than these have no row. */
const MOST_ATTEMPTS = 4;

/**
 * The rows of runs and steps of a job. Of a job with partitions a column is a key; of one without, a run.
 *
 * @param count of columns, for a job with partitions; null for one without.
 * @param attempts whether runs before the last of a key have rows too.
 */
export function jobRows(
  history: JobHistory,
  count: number | null,
  attempts: boolean,
): { readonly columns: number; readonly byKey: RunsByKey; readonly rows: readonly MatrixRow[] } {
  const isOfJob = (place: number) => history.isOfJob[place] === 1;
  const byKey = count === null ? oneRunEach(history) : runsByKey(history, count, isOfJob);
  const columns = byKey.newest.length;
  const ofRun = (place: number) => shownStatusOf(history, place);
  const row = (name: string, kind: MatrixRow['kind'], runs: Int32Array): MatrixRow => ({
    name,
    kind,
    statuses: statusesOf(runs, ofRun),
    runs,
    step: -1,
  });
  const rows = [row(count === null ? 'run' : 'last run', 'run', byKey.newest)];
  if (attempts && count !== null) {
    let runs = byKey.newest;
    for (let back = 1; back < Math.min(byKey.most, MOST_ATTEMPTS + 1); back++) {
      runs = runsBefore(history, runs, isOfJob);
      rows.push(row(back === 1 ? 'the run before' : `${back} runs before`, 'attempt', runs));
    }
  }
  const steps = history.stepKeys.map((name, step): MatrixRow => {
    const width = history.stepKeys.length;
    // A run that took only what had failed tells nothing of the other steps.
    const tells = (place: number) => {
      const isKnown = history.steps[place * width + step] !== StepCode.none;
      return isOfJob(place) && (isKnown || ofRun(place) !== 'materialized');
    };
    const runs = count === null ? byKey.newest : runsByKey(history, count, tells).newest;
    const statuses = statusesOf(runs, (place) => shownStatusOfStep(history, place, step));
    return { name, kind: 'step', statuses, runs, step };
  });
  return { columns, byKey, rows: [...rows, ...steps] };
}

/** Of a job without partitions each run is a column, oldest first. */
function oneRunEach({ isOfJob }: JobHistory): RunsByKey {
  const places = Array.from(isOfJob.keys()).filter((place) => isOfJob[place] === 1);
  return {
    newest: Int32Array.from(places),
    most: 1,
    runsOf: (column) => (places[column] === undefined ? [] : [places[column]]),
  };
}

/** Columns in which some row has one of these statuses. */
export function columnsWith(
  rows: readonly Pick<MatrixRow, 'statuses' | 'kind'>[],
  statuses: ReadonlySet<ShownStatus>,
  count: number,
): PartitionsSubset {
  return unionAll(
    rows
      .filter(({ kind }) => kind !== 'attempt')
      .flatMap(({ statuses: of }) => {
        const known = [of.materialized, of.materializing, of.queued, of.failed, of.notTried];
        return [
          ...(statuses.has('failed') ? [of.failed] : []),
          ...(statuses.has('not tried') ? [of.notTried] : []),
          ...(statuses.has('stale') ? [of.stale ?? []] : []),
          ...(statuses.has('queued') ? [of.queued] : []),
          ...(statuses.has('materializing') ? [of.materializing] : []),
          ...(statuses.has('materialized') ? [of.materialized] : []),
          ...(statuses.has('missing') ? [complement(unionAll(known), count)] : []),
        ];
      }),
  );
}

/** How long ago each column's run was made, ms; NaN for none. */
export function ages({ runs }: MatrixRow, history: JobHistory, now: EpochMs): Float64Array {
  return valuesOf(runs, (place) => Math.max(0, now - (history.createdAt[place] as number)));
}

/**
 * How long each column's step took by the notebook's clock, or, where that stood, its whole run by real
 * time, ms; NaN for none.
 */
export function durations({ runs, step }: MatrixRow, history: JobHistory): Float64Array {
  const width = history.stepKeys.length;
  return valuesOf(runs, (place) => {
    const ofStep = step < 0 ? 0 : (history.stepMs[place * width + step] as number);
    return ofStep > 0 ? ofStep : (history.tookMs[place] as number);
  });
}

/** A number for each column, from the run that it tells of; NaN for none. */
function valuesOf(runs: Int32Array, valueOf: (place: number) => number): Float64Array {
  const values = new Float64Array(runs.length).fill(NaN);
  for (let column = 0; column < runs.length; column++) {
    const place = runs[column] as number;
    if (place >= 0) values[column] = valueOf(place);
  }
  return values;
}

/** The values of some columns alone, side by side. */
export function valuesAmong(values: Float64Array, columns: PartitionsSubset): Float64Array {
  const shown = new Float64Array(countOf(columns));
  let at = 0;
  for (const { start, end } of spansOf(columns)) {
    shown.set(values.subarray(start, end), at);
    at += end - start;
  }
  return shown;
}
