import type { AssetSpec } from '../../src/definitions/definitions.ts';
import type { Backfill } from '../../src/orchestration/backfill/backfill.ts';
import type { Event } from '../../src/orchestration/event.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { isTerminal, type Run } from '../../src/orchestration/run.ts';
import { StatusFolds } from '../../src/orchestration/status-folds.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import type { EpochMs } from '../../src/time/time-window.ts';
import type { PartitaDatabase } from '../../src/storage/database.ts';
import { DexieStores } from '../../src/storage/dexie-stores.ts';

/** What a notebook's one backfill was to leave on the device. */
export interface ExpectedHistory {
  readonly notebookId: string;
  /** The text as it was kept. */
  readonly source: string;
  /** Every key of each of them was asked for. */
  readonly assets: readonly AssetSpec[];
  readonly now: EpochMs;
}

/** What is there, in numbers, and what should not be so. */
export interface DeviceReport {
  readonly keys: number;
  readonly runs: number;
  readonly interruptedRuns: number;
  readonly events: number;
  /** Sentences; empty if all is as it should be. */
  readonly faults: readonly string[];
}

const EVERY_RUN = { limit: Infinity, before: null, statuses: null } as const;
const EVERY_RECORD = { prefix: '', before: null, limit: 100 } as const;
const ENDS = new Set(['RUN_SUCCESS', 'RUN_FAILURE', 'RUN_CANCELED']);

/**
 * Looks through a device on which one backfill has come to its end: whether what is kept agrees with
 * itself, each key is recorded, none of them by two runs that succeeded, and the text is as it was.
 */
export async function examineDevice(
  db: PartitaDatabase,
  { notebookId, source, assets, now }: ExpectedHistory,
): Promise<DeviceReport> {
  const { instances, notebooks } = new DexieStores(db);
  const faults: string[] = [];
  const events: Event[] = [];
  for await (const some of instances.readEvents(notebookId, 0, 5000)) events.push(...some);
  const runs = await instances.listRuns(notebookId, EVERY_RUN);

  const gap = events.findIndex(({ eventId }, at) => eventId !== at + 1);
  if (gap >= 0) faults.push(`event ${gap + 1} is missing`);
  const last = await instances.lastEventId(notebookId);
  if (last !== events.length) faults.push(`${events.length} events, and the head says ${last}`);

  const counts = await instances.countRuns(notebookId);
  for (const [status, count] of Object.entries(counts)) {
    const found = runs.filter((run) => run.status === status).length;
    if (found !== count) faults.push(`${found} runs are ${status}, and the head says ${count}`);
  }
  const numbers = new Set(runs.map(({ runNumber }) => runNumber));
  const lastNumber = await instances.lastRunNumber(notebookId);
  if (numbers.size !== runs.length || numbers.size !== lastNumber) {
    faults.push(`${runs.length} runs, ${numbers.size} numbers, the last of them ${lastNumber}`);
  }
  for (const run of runs) faults.push(...(await faultsOfRun(run, notebookId, events, instances)));

  const keySpace = new KeySpace({ effectiveAt: now, dynamicPartitions: new Map() });
  const recordedBy = new Map<string, string[]>();
  for (const { type, assetKey, partitionKey, runId } of events) {
    if (type !== 'ASSET_MATERIALIZATION') continue;
    const name = `${assetKey} ${partitionKey}`;
    recordedBy.set(name, [...(recordedBy.get(name) ?? []), runId]);
  }
  let keys = 0;
  for (const { assetKey, partitionsDef } of assets) {
    for (const partitionKey of keySpace.indexOf(partitionsDef)?.keys() ?? []) {
      keys += 1;
      const by = recordedBy.get(`${assetKey} ${partitionKey}`) ?? [];
      if (by.length === 0) faults.push(`${assetKey} ${partitionKey} was lost`);
      if (by.length > 1) faults.push(`${assetKey} ${partitionKey} was recorded by ${by.join()}`);
      const value = await instances.readValue(notebookId, assetKey, partitionKey);
      if (!by.includes(value?.runId ?? '')) {
        faults.push(`the value of ${assetKey} ${partitionKey} is of run ${value?.runId}`);
      }
    }
  }
  if (recordedBy.size !== keys) faults.push(`${recordedBy.size} keys are recorded, not ${keys}`);

  const read = async (checkpoints: boolean) => {
    const folds = new StatusFolds();
    folds.declare(assets, keySpace);
    if (!checkpoints) await db.checkpoints.clear();
    await folds.load(notebookId, instances);
    return folds;
  };
  const checkpointed = await read(true);
  const whole = await read(false);
  for (const { assetKey, partitionsDef } of assets) {
    const fold = whole.of(assetKey);
    const statuses = JSON.stringify(fold.statuses(new Set()));
    if (JSON.stringify(checkpointed.of(assetKey).statuses(new Set())) !== statuses) {
      faults.push(`the checkpoint of ${assetKey} is not what the log says`);
    }
    const index = keySpace.indexOf(partitionsDef);
    const green = index ? keysOf(index, fold.statuses(new Set()).materialized).length : 0;
    if (green !== index?.count) faults.push(`${green} keys of ${assetKey} are materialized`);
  }

  const backfills = await instances.listRecords(notebookId, 'backfill', EVERY_RECORD);
  const ends = backfills.map(({ value }) => (value as Backfill).status);
  if (ends.join() !== 'COMPLETED_SUCCESS') faults.push(`the backfills are ${ends.join()}`);
  const notebook = await notebooks.get(notebookId);
  if (notebook?.source !== source) faults.push('the text is another');
  const interruptedRuns = runs.filter(({ status }) => status === 'FAILURE').length;
  return { keys, runs: runs.length, interruptedRuns, events: events.length, faults };
}

async function faultsOfRun(
  run: Run,
  notebookId: string,
  events: readonly Event[],
  instances: DexieStores['instances'],
): Promise<readonly string[]> {
  const { runId, status } = run;
  const faults: string[] = [];
  const own = await instances.readRunEvents(notebookId, runId);
  const ofLog = events.filter((event) => event.runId === runId);
  if (own.length !== ofLog.length) {
    faults.push(`run ${runId} knows ${own.length} of its ${ofLog.length} events`);
  }
  if (!isTerminal(status)) faults.push(`run ${runId} is ${status}`);
  const ends = ofLog.filter(({ type }) => ENDS.has(type)).map(({ type }) => type);
  if (ends.join() !== `RUN_${status}`)
    faults.push(`run ${runId} is ${status}, with ${ends.join()}`);
  const starts = ofLog.filter(({ type }) => type === 'RUN_START').length;
  if (starts !== 1) faults.push(`run ${runId} started ${starts} times`);
  return faults;
}
