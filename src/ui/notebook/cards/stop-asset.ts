import type { NotebookSession } from '../../../app/notebook-session.svelte.ts';

/** More unfinished runs than this are stopped all at once. */
const ONE_BY_ONE = 50;

/** Stops the runs that have `assetKey` in them; all runs, if they are all that is running. */
export async function stopAsset(session: NotebookSession, assetKey: string): Promise<void> {
  if (session.runningAssets.size === 1 && session.runningAssets.has(assetKey)) {
    return session.stop(null);
  }
  const runs = await session.listRuns({
    limit: 2000,
    before: null,
    statuses: ['STARTED', 'STARTING', 'NOT_STARTED', 'QUEUED'],
  });
  const ours = runs.filter(({ assetKeys }) => assetKeys.includes(assetKey));
  if (ours.length === runs.length && runs.length > ONE_BY_ONE) return session.stop(null);
  await Promise.all(ours.map(({ runId }) => session.stop(runId)));
}
