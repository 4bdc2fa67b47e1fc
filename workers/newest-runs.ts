import type { Run } from '../src/orchestration/run.ts';

/** Runs as they stand, newest first. */
export type ListRuns = (options: {
  readonly limit: number;
  readonly before: number | null;
  readonly statuses: null;
}) => Promise<readonly Run[]>;

const PAGE = 500;

/** The newest runs of a job, newest first. */
export async function newestRunsOf(
  jobName: string,
  limit: number,
  listRuns: ListRuns,
): Promise<readonly Run[]> {
  const found: Run[] = [];
  for (let before: number | null = null; found.length < limit;) {
    const page: readonly Run[] = await listRuns({ limit: PAGE, before, statuses: null });
    found.push(...page.filter((run) => run.jobName === jobName));
    before = page.at(-1)?.runNumber ?? null;
    if (page.length < PAGE || before === null) break;
  }
  return found.slice(0, limit);
}
