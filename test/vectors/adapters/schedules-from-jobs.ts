import type { ScheduleSpec } from '../../../src/definitions/definitions.ts';
import { KeySpace } from '../../../src/orchestration/key-space.ts';
import type { RunRequest } from '../../../src/orchestration/run-request.ts';
import { scheduleRequests } from '../../../src/orchestration/schedule-tick.ts';
import { ticksBetween } from '../../../src/orchestration/ticks.ts';
import { instant, iso, type WrittenDefinition } from '../../partitions/vectors.ts';
import {
  definitionExpression,
  errorAnswerOf,
  loadCells,
  outcomeOf,
  worldAt,
  type LoadedCells,
  type WrittenStore,
} from '../automation-cells.ts';
import { compared } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface ScheduleFromJobCase extends VectorCase {
  readonly job: 'op' | 'opConfig' | 'asset' | 'assetWithDefinition';
  readonly partitions: WrittenDefinition | null;
  readonly args: Readonly<Record<string, unknown>>;
  readonly ticks: { readonly from: string; readonly count: number };
  readonly dynamicPartitions?: WrittenStore;
  readonly expect: {
    readonly error?: unknown;
    readonly name?: string;
    readonly cron?: string;
    /** Null stands for UTC, as the one that is used. */
    readonly timezone?: string | null;
    readonly ticks?: readonly WrittenTick[];
  };
}

interface WrittenTick {
  readonly at: string;
  readonly runRequests?: unknown;
  readonly skip?: string;
  readonly error?: unknown;
}

/** Long enough for every tick that a case asks for. */
const SPAN_MS = 5 * 366 * 24 * 3_600_000;

/** Schedules built from jobs: what they are, and what their ticks ask for, a second after they are due. */
export const schedulesFromJobsAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as ScheduleFromJobCase;
  const { expect, ticks } = asked;
  const store = asked.dynamicPartitions ?? {};
  const from = instant(ticks.from);
  const loaded = loadCells(cellsOf(asked), worldAt(from, store));
  if ('loadError' in loaded) return [compared('error', expect.error, loaded.loadError)];
  const schedule = loaded.definitions.schedules[0] as ScheduleSpec;
  const due = ticksBetween(schedule, from, from + SPAN_MS).slice(0, ticks.count);
  const answers: ComparedAnswer[] = [
    compared('error', expect.error, undefined),
    compared('name', expect.name, schedule.scheduleName),
    compared('cron', [expect.cron], schedule.cronSchedule),
    compared('timezone', expect.timezone ?? 'UTC', schedule.executionTimezone),
    compared(
      'ticks',
      expect.ticks?.map(({ at }) => at),
      due.map(iso),
    ),
  ];
  for (const [number, at] of due.entries()) {
    const expected = expect.ticks?.[number];
    answers.push(...(await compareTick(loaded, schedule, at, store, expected)));
  }
  return answers;
};

async function compareTick(
  { guest, definitions }: LoadedCells,
  schedule: ScheduleSpec,
  scheduledAt: number,
  store: WrittenStore,
  expected: WrittenTick | undefined,
): Promise<readonly ComparedAnswer[]> {
  const name = iso(scheduledAt);
  const world = worldAt(scheduledAt + 1000, store);
  const { scheduleName } = schedule;
  const answer = await guest.evaluateSchedule({ stepId: 1, scheduleName, scheduledAt, world });
  const outcome = outcomeOf(answer);
  if (outcome.status !== 'evaluated') {
    const error = outcome.status === 'failure' ? errorAnswerOf(outcome.error) : outcome;
    return [compared(`${name} error`, expected?.error, error)];
  }
  const dynamicPartitions = new Map(Object.entries(store));
  const keySpace = new KeySpace({ effectiveAt: scheduledAt, dynamicPartitions });
  const work = scheduleRequests(schedule, outcome.evaluation, { definitions, keySpace });
  if ('error' in work) {
    return [compared(`${name} error`, expected?.error, errorAnswerOf(work.error))];
  }
  return [
    compared(`${name} error`, expected?.error, undefined),
    compared(`${name} runRequests`, expected?.runRequests, work.requests.map(writtenRequest)),
    compared(`${name} skip`, expected?.skip, work.skipMessage ?? undefined),
  ];
}

function writtenRequest({ runKey, partitionKey, tags, runConfig }: RunRequest): unknown {
  return {
    runKey,
    partition: partitionKey,
    tags,
    ...(Object.keys(runConfig).length > 0 && { runConfig }),
  };
}

function cellsOf({ job, partitions, args }: ScheduleFromJobCase): readonly string[] {
  const definition = partitions ? `partitionsDef: ${definitionExpression(partitions)}` : '';
  const schedule = `dg.buildScheduleFromPartitionedJob(my_job, ${JSON.stringify(args)});`;
  switch (job) {
    case 'asset':
    case 'assetWithDefinition': {
      const own = job === 'assetWithDefinition' ? definition : '';
      return [
        `const a = dg.asset({ ${definition} }, () => undefined);
const my_job = dg.defineAssetJob('my_job', { selection: '*'${own && `, ${own}`} });`,
        schedule,
      ];
    }
    case 'op':
      return [
        `const work = dg.op({ name: 'do' }, () => undefined);
const my_job = dg.job({ ${definition} }, () => { work(); });`,
        schedule,
      ];
    case 'opConfig':
      return [
        `const work = dg.op({ name: 'do', config: dg.Config({ key: z.string() }) }, () => undefined);
const config = dg.PartitionedConfig({ ${definition},
  runConfigForPartitionKeyFn: (key) => ({ ops: { do: { config: { key: String(key) } } } }) });
const my_job = dg.job({ config }, () => { work(); });`,
        schedule,
      ];
  }
}
