import type { AssetGraph } from '../src/definitions/graph.ts';
import type { TickPreview } from '../src/orchestration/automations.ts';
import type { Daemon } from '../src/orchestration/daemon.ts';
import type { DynamicPartitions } from '../src/orchestration/dynamic-partitions.ts';
import { KeySpace } from '../src/orchestration/key-space.ts';
import type { RunDraft } from '../src/orchestration/run-draft.ts';
import { RunTag } from '../src/orchestration/run-tags.ts';
import type { TickLaunch } from '../src/orchestration/tick-launch.ts';
import type { Tick } from '../src/orchestration/ticks.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import type { NotebookAutomation } from './notebook-automation.ts';

/** What a dry run is launched in. */
export interface LaunchedIn {
  readonly daemon: Pick<Daemon, 'submit'>;
  readonly graph: AssetGraph;
  readonly now: EpochMs;
}

/** Whose dry run it was. */
export interface LaunchedOf {
  readonly of: Tick['kind'];
  readonly name: string;
  readonly preview: TickPreview;
}

/** Of the tick itself, which this is not: a later one asks by the same run keys, and finds them free. */
const OF_THE_TICK: ReadonlySet<string> = new Set([RunTag.runKey, RunTag.scheduledExecutionTime]);

/**
 * Launches what a dry run asked for, as Dagster's _Launch all_ does: its runs and its changes of dynamic keys; then
 * a sensor keeps its cursor.
 *
 * @returns the ids of the runs, in order.
 * @throws {Error} if the dry run failed, or a key that it asks for does not exist now.
 */
export async function launchPreview(
  { of, name, preview }: LaunchedOf,
  { daemon, graph, now }: LaunchedIn,
  { dynamicPartitions }: { readonly dynamicPartitions: DynamicPartitions },
  automation: Pick<NotebookAutomation, 'setCursor'> | null,
): Promise<readonly string[]> {
  const { status, launches, changes, dynamicPartitions: asked, cursor } = preview;
  if (status === 'FAILURE') throw new Error('The dry run failed: there is nothing to launch.');
  const all = [
    ...changes,
    ...asked.map(({ changed, ...rest }) => ({ ...rest, partitionKeys: changed })),
  ];
  const made = dynamicPartitions.changes(all, now);
  const after = new Map(dynamicPartitions.keys);
  for (const { recordId, value } of made.records) after.set(recordId, value as readonly string[]);
  const keySpace = new KeySpace({ effectiveAt: now, dynamicPartitions: after });
  for (const launch of launches) checkKey(launch, graph, keySpace);
  const runIds = await daemon.submit(launches.map(draftOf), () => made);
  if (of === 'sensor') await automation?.setCursor(name, cursor);
  return runIds;
}

function checkKey(
  { assetKeys, partitionKey }: TickLaunch,
  graph: AssetGraph,
  keySpace: KeySpace,
): void {
  if (partitionKey === null) return;
  for (const assetKey of assetKeys) {
    const definition = graph.assets.get(assetKey)?.partitionsDef;
    const index = keySpace.indexOf(definition ?? null);
    if (!index || index.ordinalOf(partitionKey) >= 0) continue;
    throw new Error(`${partitionKey} is not a key of ${assetKey} now. Nothing was launched.`);
  }
}

function draftOf({ jobName, assetKeys, partitionKey, runConfig, tags }: TickLaunch): RunDraft {
  const kept = Object.entries(tags).filter(([name]) => !OF_THE_TICK.has(name));
  return {
    jobName,
    assetKeys,
    partitionKey,
    runConfig,
    tags: Object.fromEntries(kept),
    backfillId: null,
    parentRunId: null,
  };
}
