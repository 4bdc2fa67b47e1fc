import type { Backfill } from '../../orchestration/backfill/backfill.ts';
import type { Run, RunStatus } from '../../orchestration/run.ts';

/** Gives runs, newest first, from before a run number on. */
type ListRuns = (options: {
  readonly limit: number;
  readonly before: number | null;
  readonly statuses: readonly RunStatus[] | null;
}) => Promise<readonly Run[]>;

/** Runs that are read at once. */
const PAGE = 500;

/**
 * The first `limit` runs of a backfill, oldest first. They are looked for from its first run on, as
 * other runs may stand between them.
 */
export async function listBackfillRuns(
  { backfillId, firstRunNumber }: Pick<Backfill, 'backfillId' | 'firstRunNumber'>,
  limit: number,
  listRuns: ListRuns,
): Promise<readonly Run[]> {
  const found: Run[] = [];
  for (let from = firstRunNumber; found.length < limit; from += PAGE) {
    const page = await listRuns({ limit: PAGE, before: from + PAGE, statuses: null });
    const later = page.filter(({ runNumber }) => runNumber >= from);
    if (later.length === 0) break;
    found.push(...later.filter((run) => run.backfillId === backfillId).reverse());
  }
  return found.slice(0, limit);
}
