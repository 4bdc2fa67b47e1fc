import type { Launcher, RunsShown } from '../../app/runs-shown.ts';
import { RunTag } from '../../orchestration/run-tags.ts';
import type { Run, RunStatus } from '../../orchestration/run.ts';
import { FILTER_STATUSES, runKeyText } from './run-words.ts';

/** Gives runs, newest first, from before a run number on. */
type ListRuns = (options: {
  readonly limit: number;
  readonly before: number | null;
  readonly statuses: readonly RunStatus[] | null;
}) => Promise<readonly Run[]>;

/** Runs as rows, newest first. */
export interface ShownRuns {
  /** Where backfills are one row each, the newest run of each. */
  readonly runs: readonly Run[];
  /** Whether there are no others. */
  readonly isWhole: boolean;
  /** How many runs were looked at to find them. */
  readonly read: number;
}

/** Runs that are read at once. */
const PAGE = 500;

/** Who asked for a run. */
export function launcherOf({ tags, backfillId, parentRunId }: Run): Launcher {
  if (tags[RunTag.scheduleName] !== undefined) return 'schedule';
  if (tags[RunTag.sensorName] !== undefined) return 'sensor';
  if (backfillId !== null) return 'backfill';
  return parentRunId === null ? 'hand' : 'again';
}

/** Who asked for a run, in words: the name of what did. */
export function launcherInWords(run: Run): string {
  const by = launcherOf(run);
  switch (by) {
    case 'schedule':
      return run.tags[RunTag.scheduleName] ?? '';
    case 'sensor':
      return run.tags[RunTag.sensorName] ?? '';
    case 'backfill':
      return run.backfillId ?? '';
    case 'again':
      return 'run again';
    case 'hand':
      return 'by hand';
  }
}

/** Whether a run is shown, whatever its status. */
function isShown(run: Run, { subject, key, backfillId, by }: RunsShown): boolean {
  if (backfillId !== null && run.backfillId !== backfillId) return false;
  if (by !== null && launcherOf(run) !== by) return false;
  const holds = (text: string | null, part: string) =>
    text !== null && text.toLowerCase().includes(part.trim().toLowerCase());
  if (key !== '' && !holds(runKeyText(run), key)) return false;
  return subject === '' || [run.jobName, ...run.assetKeys].some((name) => holds(name, subject));
}

/** Whether every run of its status is a row. */
export function showsAll({ subject, key, backfillId, by, grouped }: RunsShown): boolean {
  return subject === '' && key === '' && backfillId === null && by === null && !grouped;
}

/**
 * The first `limit` rows, looked for among the newest `mostRead` runs.
 *
 * @param folds whether the runs of a backfill are one row, if any are.
 */
export async function listShownRuns(
  shown: RunsShown,
  limit: number,
  mostRead: number,
  listRuns: ListRuns,
  folds: (backfillId: string) => boolean = () => true,
): Promise<ShownRuns> {
  const statuses = FILTER_STATUSES[shown.status];
  if (showsAll(shown)) {
    const runs = await listRuns({ limit, before: null, statuses });
    return { runs, isWhole: runs.length < limit, read: runs.length };
  }
  const groups = shown.grouped && shown.backfillId === null;
  const seen = new Set<string>();
  const found: Run[] = [];
  let before: number | null = null;
  let read = 0;
  while (found.length < limit && read < mostRead) {
    const page: readonly Run[] = await listRuns({ limit: PAGE, before, statuses });
    read += page.length;
    for (const run of page) {
      if (!isShown(run, shown)) continue;
      if (groups && run.backfillId !== null && folds(run.backfillId)) {
        if (seen.has(run.backfillId)) continue;
        seen.add(run.backfillId);
      }
      found.push(run);
    }
    before = page.at(-1)?.runNumber ?? null;
    if (page.length < PAGE)
      return { runs: found.slice(0, limit), isWhole: found.length <= limit, read };
  }
  return { runs: found.slice(0, limit), isWhole: false, read };
}
