import type { Event } from '../src/orchestration/event.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import type { WholeLog } from '../src/protocol/engine.ts';

const BATCH = 2_000;
const MOST_RUNS = 10_000;

/** Everything that a notebook's history holds, and of its stored values whose they are. */
export async function readWholeLog(
  notebookId: string,
  instances: Pick<InstanceStore, 'readEvents' | 'listRuns' | 'readValue'>,
): Promise<WholeLog> {
  const events: Event[] = [];
  for await (const batch of instances.readEvents(notebookId, 0, BATCH)) events.push(...batch);
  const all = { limit: MOST_RUNS, before: null, statuses: null };
  const runs = (await instances.listRuns(notebookId, all)).toReversed();
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
