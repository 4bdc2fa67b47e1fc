import { NO_RUN, type Event, type EventId } from '../src/orchestration/event.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import type { Run } from '../src/orchestration/run.ts';
import type { WholeLog } from '../src/protocol/engine.ts';

const BATCH = 2_000;
const MOST_RUNS = 10_000;

/**
 * Everything that a notebook's history holds after an event, and of its stored values whose they are: those events,
 * the runs that they are of, and the values that they stored.
 *
 * @param after 0 for the whole.
 */
export async function readWholeLog(
  notebookId: string,
  after: EventId,
  instances: Pick<InstanceStore, 'readEvents' | 'listRuns' | 'findRun' | 'readValue'>,
): Promise<WholeLog> {
  const events: Event[] = [];
  for await (const batch of instances.readEvents(notebookId, after, BATCH)) events.push(...batch);
  const all = { limit: MOST_RUNS, before: null, statuses: null };
  const runs =
    after === 0
      ? (await instances.listRuns(notebookId, all)).toReversed()
      : await runsOf(notebookId, events, instances);
  const places = new Map(
    events.flatMap(({ type, assetKey, partitionKey }) =>
      type === 'ASSET_MATERIALIZATION' && assetKey !== null
        ? [[JSON.stringify([assetKey, partitionKey]), { assetKey, partitionKey }] as const]
        : [],
    ),
  );
  const stored = await Promise.all(
    Array.from(places.values(), async (place) => {
      const value = await instances.readValue(notebookId, place.assetKey, place.partitionKey);
      return value ? [{ ...place, runId: value.runId }] : [];
    }),
  );
  return { events, runs, values: stored.flat() };
}

/** Oldest first. */
async function runsOf(
  notebookId: string,
  events: readonly Event[],
  instances: Pick<InstanceStore, 'findRun'>,
): Promise<readonly Run[]> {
  const runIds = new Set(events.map(({ runId }) => runId));
  runIds.delete(NO_RUN);
  const found = await Promise.all(
    Array.from(runIds, (runId) => instances.findRun(notebookId, runId)),
  );
  return found
    .flatMap((run) => (run && run.deletedAt === undefined ? [run] : []))
    .sort((a, b) => a.runNumber - b.runNumber);
}
