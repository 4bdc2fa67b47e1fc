import type { Definitions, JobSpec } from '../definitions/definitions.ts';
import type { TickPreview } from '../orchestration/automations.ts';
import type { TickLaunch } from '../orchestration/tick-launch.ts';
import { RunTag } from '../orchestration/run-tags.ts';
import { nextTicks, type Tick } from '../orchestration/ticks.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import type { RunConfig } from '../orchestration/run.ts';
import type { EpochMs } from '../time/time-window.ts';
import { AssetKeys } from './python-asset-keys.ts';

/** What functions of the author's gave: the notebook's own engine asked them. */
export interface FunctionAnswers {
  readonly ticks: readonly PredictedTick[];
  readonly keyConfigs: readonly PredictedKeyConfig[];
}

/** What a tick of a schedule or a sensor comes to; of a sensor, the first that it has. */
export interface PredictedTick {
  readonly kind: Tick['kind'];
  readonly name: string;
  readonly at: EpochMs;
  readonly status: 'SUCCESS' | 'SKIPPED' | 'FAILURE';
  /** Null unless it is skipped with a message. */
  readonly skipMessage: string | null;
  readonly runs: readonly PredictedLaunch[];
  /** Of a sensor: what it keeps; null if nothing. */
  readonly cursor: string | null;
  readonly dynamicPartitions: readonly {
    readonly action: 'add' | 'delete';
    readonly name: string;
    /** Those that it changes. */
    readonly keys: readonly PartitionKey[];
  }[];
}

export interface PredictedLaunch {
  readonly runKey: string | null;
  readonly partitionKey: PartitionKey | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly runConfig: TickLaunch['runConfig'];
  /** Paths of the assets that the request names, sorted; null if it leaves them to the job. */
  readonly assets: readonly string[] | null;
}

/** What a job fills in for a run of a key. */
export interface PredictedKeyConfig {
  readonly job: string;
  readonly key: PartitionKey;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the function throws for the key. */
  readonly fails: boolean;
}

/** What the engine says that a job fills in. */
interface FilledConfig {
  readonly runConfig: RunConfig;
  readonly partitionTags: Readonly<Record<string, string>>;
  /** Null if no function threw. */
  readonly error: object | null;
}

/** What asks the functions; null if there is no answer. */
export interface NotebookFunctions {
  tick(kind: Tick['kind'], name: string, at: EpochMs): Promise<TickPreview | null>;
  keyConfig(jobName: string, partitionKey: PartitionKey): Promise<FilledConfig | null>;
}

/** No function was asked. */
export const NO_ANSWERS: FunctionAnswers = { ticks: [], keyConfigs: [] };

const TICKS_ASKED = 2;

/** Asks what the next ticks come to, and what jobs fill in for some of their keys. */
export async function askFunctions(
  definitions: Definitions,
  context: PartitionLoadingContext,
  functions: NotebookFunctions,
): Promise<FunctionAnswers> {
  const paths = new AssetKeys(definitions.assets, []);
  const now = context.effectiveAt;
  const ticks: PredictedTick[] = [];
  const ask = async (kind: Tick['kind'], name: string, at: EpochMs) => {
    const preview = await functions.tick(kind, name, at);
    // A run key that was used in the notebook is new to another instance.
    if (!preview || preview.skippedRunKeys.length > 0) return;
    ticks.push(predictedTick(kind, name, preview, paths));
  };
  for (const schedule of definitions.schedules) {
    for (const at of nextTicks(schedule, now, TICKS_ASKED)) {
      await ask('schedule', schedule.scheduleName, at);
    }
  }
  for (const { sensorName } of definitions.sensors) await ask('sensor', sensorName, now);
  const keyConfigs: PredictedKeyConfig[] = [];
  for (const job of definitions.jobs) {
    for (const key of someKeys(job, context)) {
      const filled = await functions.keyConfig(job.jobName, key);
      if (!filled) continue;
      const { runConfig, partitionTags: tags, error } = filled;
      keyConfigs.push({ job: job.jobName, key, runConfig, tags, fails: error !== null });
    }
  }
  return { ticks, keyConfigs };
}

/** The first, one in the middle and the last. */
function someKeys(
  { partitionsDef }: JobSpec,
  context: PartitionLoadingContext,
): readonly PartitionKey[] {
  if (!partitionsDef) return [];
  const index = indexPartitions(partitionsDef, context);
  const places = [0, Math.floor(index.count / 2), index.count - 1];
  return [...new Set(places)]
    .filter((place) => place >= 0 && place < index.count)
    .map((place) => index.keyAt(place));
}

function predictedTick(
  kind: Tick['kind'],
  name: string,
  preview: TickPreview,
  paths: AssetKeys,
): PredictedTick {
  const { at, status, skipMessage, launches, cursor, dynamicPartitions } = preview;
  return {
    kind,
    name,
    at,
    status: status === 'SUCCESS' || status === 'FAILURE' ? status : 'SKIPPED',
    skipMessage,
    cursor,
    dynamicPartitions: dynamicPartitions.map(({ action, partitionsDefName, changed }) => {
      return { action, name: partitionsDefName, keys: changed };
    }),
    runs: launches.map(({ runKey, partitionKey, tags, runConfig, assetSelection }) => ({
      runKey,
      partitionKey,
      tags: Object.fromEntries(
        Object.entries(tags).filter(
          ([tag]) => tag !== RunTag.scheduledExecutionTime && tag !== RunTag.runKey,
        ),
      ),
      runConfig,
      assets: assetSelection && assetSelection.map((key) => paths.pathOf(key).join('/')).sort(),
    })),
  };
}
