import type { AssetGraph } from '../../definitions/graph.ts';
import { InvalidDefinitionError } from '../../errors.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import type { InstanceStore } from '../ports.ts';
import { reexecutionOf } from '../reexecute-run.ts';
import type { RunDraft } from '../run-draft.ts';
import { RunTag } from '../run-tags.ts';
import type { Run } from '../run.ts';

/** Where the runs of earlier backfills are read. */
export interface StoredRuns {
  readonly notebookId: string;
  readonly instances: Pick<InstanceStore, 'listRuns' | 'readRunEvents'>;
}

/** By key: the newest run of a backfill, if that failed. */
export async function failedRunsOf(
  backfillId: string,
  { notebookId, instances }: StoredRuns,
): Promise<ReadonlyMap<PartitionKey, Run>> {
  const every = { limit: Infinity, before: null, statuses: null };
  const newest = new Map<PartitionKey, Run>();
  for (const run of await instances.listRuns(notebookId, every)) {
    const { partitionKey } = run;
    if (run.backfillId !== backfillId || partitionKey === null) continue;
    if (!newest.has(partitionKey)) newest.set(partitionKey, run);
  }
  return new Map([...newest].filter(([, { status }]) => status === 'FAILURE'));
}

/** A run that a backfill makes, as one that executes only what did not succeed in a failed run of the same key (JB-4). */
export async function resumed(
  draft: RunDraft,
  failed: Run,
  graph: AssetGraph,
  { notebookId, instances }: StoredRuns,
): Promise<RunDraft> {
  // What an op gives lives no longer than its run.
  if (draft.assetKeys.length === 0) return draft;
  const { runId, tags } = failed;
  const history = await instances.readRunEvents(notebookId, runId);
  try {
    return {
      ...draft,
      assetKeys: reexecutionOf(failed, 'fromFailure', history, graph).assetKeys,
      tags: {
        ...draft.tags,
        [RunTag.parentRun]: runId,
        [RunTag.rootRun]: tags[RunTag.rootRun] ?? runId,
        [RunTag.isResumeRetry]: 'true',
      },
      parentRunId: runId,
    };
  } catch (fault) {
    // Every step of it succeeded.
    if (fault instanceof InvalidDefinitionError) return draft;
    throw fault;
  }
}
