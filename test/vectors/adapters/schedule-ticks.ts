import type { ScheduleSpec } from '../../../src/definitions/definitions.ts';
import { KeySpace } from '../../../src/orchestration/key-space.ts';
import {
  decideScheduleTick,
  type ScheduleTickDecision,
} from '../../../src/orchestration/schedule-tick.ts';
import { dueTick } from '../../../src/orchestration/ticks.ts';
import { instant, iso, type WrittenDefinition } from '../../partitions/vectors.ts';
import {
  assetCells,
  errorAnswerOf,
  loadCells,
  outcomeOf,
  raiseExpression,
  requestExpression,
  requestsExpression,
  worldAt,
  writtenRun,
  type LoadedCells,
  type WrittenAsset,
  type WrittenRequest,
  type WrittenStore,
} from '../automation-cells.ts';
import { compared } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface ScheduleTicksCase extends VectorCase {
  readonly assets: readonly WrittenAsset[];
  readonly jobPartitions?: WrittenDefinition;
  readonly cron: string | readonly string[];
  readonly timezone?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly shouldExecute?: boolean;
  readonly builtFromJob?: boolean;
  readonly start: string;
  readonly daemonAt: readonly string[];
  readonly results: Readonly<Record<string, WrittenResult>>;
  readonly dynamicPartitions?: WrittenStore;
  readonly expect: {
    readonly loadError?: unknown;
    readonly ticks?: readonly Readonly<Record<string, unknown>>[];
    readonly totalRuns?: number;
  };
}

interface WrittenResult {
  readonly kind: 'list' | 'single' | 'yield' | 'none' | 'skip' | 'raise';
  readonly requests?: readonly WrittenRequest[];
  readonly message?: string;
}

/** A tick that was due, and what it came to. */
interface PlayedTick {
  readonly daemonAt: string;
  readonly scheduledAt: number;
  readonly decision: ScheduleTickDecision;
}

/** Schedules of cells, driven as the daemon drives them. */
export const scheduleTicksAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as ScheduleTicksCase;
  const { expect } = asked;
  const store = asked.dynamicPartitions ?? {};
  const loaded = loadCells(cellsOf(asked), worldAt(instant(asked.start), store));
  if ('loadError' in loaded) return [compared('loadError', expect.loadError, loaded.loadError)];
  const schedule = loaded.definitions.schedules[0] as ScheduleSpec;
  let from = instant(asked.start);
  const played: PlayedTick[] = [];
  for (const daemonAt of [asked.start, ...asked.daemonAt]) {
    const scheduledAt = dueTick(schedule, from, instant(daemonAt));
    if (scheduledAt === null) continue;
    const decision = await tickOf(loaded, schedule, scheduledAt, instant(daemonAt), store);
    played.push({ daemonAt, scheduledAt, decision });
    from = scheduledAt + 1;
  }
  const runs = played.flatMap(({ decision }) => decision.runs);
  return [
    compared('loadError', expect.loadError, undefined),
    compared('number of ticks', expect.ticks?.length, played.length),
    ...played.flatMap((tick, at) => compareTick(tick, expect.ticks?.[at] ?? {})),
    compared('totalRuns', expect.totalRuns, runs.length),
  ];
};

async function tickOf(
  { guest, definitions, graph }: LoadedCells,
  schedule: ScheduleSpec,
  scheduledAt: number,
  now: number,
  store: WrittenStore,
): Promise<ScheduleTickDecision> {
  const { scheduleName } = schedule;
  const world = worldAt(now, store);
  const answer = await guest.evaluateSchedule({ stepId: 1, scheduleName, scheduledAt, world });
  const dynamicPartitions = new Map(Object.entries(store));
  return decideScheduleTick(schedule, scheduledAt, outcomeOf(answer), {
    definitions,
    graph,
    keySpace: new KeySpace({ effectiveAt: scheduledAt, dynamicPartitions }),
    earlierRuns: [],
    staleAmong: ({ assetKeys }) => assetKeys,
  });
}

function compareTick(
  { daemonAt, scheduledAt, decision }: PlayedTick,
  expected: Readonly<Record<string, unknown>>,
): readonly ComparedAnswer[] {
  const name = iso(scheduledAt);
  const { status, skipMessage, error } = decision;
  const runs = decision.runs.flatMap((run) =>
    run.kind === 'launch' ? [writtenRun(run.launch)] : [],
  );
  return [
    compared(`${name} daemonAt`, expected['daemonAt'], daemonAt),
    compared(`${name} scheduledFor`, expected['scheduledFor'], name),
    compared(`${name} status`, expected['status'], status),
    compared(`${name} skip`, expected['skip'], skipMessage ?? undefined),
    compared(`${name} error`, expected['error'], error ? errorAnswerOf(error) : undefined),
    compared(`${name} runs`, expected['runs'], runs),
    compared(`${name} newRuns`, expected['newRuns'], runs.length),
  ];
}

function cellsOf(asked: ScheduleTicksCase): readonly string[] {
  const { assets, jobPartitions, cron, timezone, tags, shouldExecute, builtFromJob } = asked;
  const cells = assetCells(assets, jobPartitions);
  if (builtFromJob) {
    const options = JSON.stringify({ name: 'my_schedule', tags });
    return [...cells, `dg.buildScheduleFromPartitionedJob(my_job, ${options});`];
  }
  const options = [
    "name: 'my_schedule'",
    'job: my_job',
    `cronSchedule: ${JSON.stringify(cron)}`,
    ...(timezone ? [`executionTimezone: ${JSON.stringify(timezone)}`] : []),
    ...(tags ? [`tags: ${JSON.stringify(tags)}`] : []),
    ...(shouldExecute === undefined ? [] : [`shouldExecute: () => ${shouldExecute}`]),
  ];
  const results = Object.entries(asked.results).map(
    ([at, result]) => `${JSON.stringify(at)}: () => { ${resultStatement(result)} }`,
  );
  return [
    ...cells,
    `dg.schedule({ ${options.join(', ')} }, (context) => {
  const results = { ${results.join(', ')} };
  const at = context.scheduledExecutionTime.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
  return (results[at] ?? results['*'])();
});`,
  ];
}

function resultStatement({ kind, requests, message }: WrittenResult): string {
  switch (kind) {
    case 'none':
      return '';
    case 'skip':
      return `return dg.SkipReason(${message === undefined ? '' : JSON.stringify(message)});`;
    case 'raise':
      return raiseExpression(message ?? '');
    case 'single':
      return `return ${requestExpression(requests?.[0] ?? {})};`;
    case 'list':
      return `return ${requestsExpression(requests)};`;
    case 'yield':
      return `return (function* () { yield* ${requestsExpression(requests)}; })();`;
  }
}
