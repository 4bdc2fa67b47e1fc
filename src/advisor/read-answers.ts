import { subjectFieldOf } from '../convert/asset-form.ts';
import type { AssetSpec, Definitions, ScheduleSpec } from '../definitions/definitions.ts';
import { parseCron } from '../time/cron.ts';
import { tickAfter, tickAtOrAfter } from '../time/cron-ticks.ts';
import type { EpochMs } from '../time/time-window.ts';
import { zoneOf } from '../time/zone.ts';
import { noAnswers, type Answers } from './answers.ts';

const DAY_MS = 86_400_000;
const SPAN_DAYS = 28;

/**
 * What the notebook itself answers about an asset; null for what only its reader knows.
 *
 * @param keyCount of its partitions that exist now; null if it has none.
 */
export function readAnswers(
  definitions: Definitions,
  asset: AssetSpec,
  keyCount: number | null,
  now: EpochMs,
): Answers {
  const { partitionsDef, config } = asset;
  const subject = config && !partitionsDef ? subjectFieldOf(config) : null;
  const listed = subject?.schema.kind === 'enum' ? subject.schema.values.length : null;
  const schedules = schedulesOf(definitions, asset);
  const ticks = schedules.reduce((sum, schedule) => sum + ticksPerDay(schedule, now), 0);
  // A window is run when it ends; any other key is run at each tick.
  const runsPerTick = partitionsDef?.kind === 'timeWindow' ? 1 : Math.max(1, keyCount ?? 1);
  return {
    ...noAnswers,
    values: partitionsDef
      ? partitionsDef.kind === 'dynamic'
        ? 'arriving'
        : 'listed'
      : listed !== null
        ? 'listed'
        : null,
    count: keyCount ?? listed,
    runsPerDay: schedules.length > 0 ? ticks * runsPerTick : null,
    scheduled: schedules.length > 0 ? true : null,
    options: config ? config.fields.some(({ required }) => !required) : null,
  };
}

function schedulesOf({ schedules, jobs }: Definitions, { assetKey }: AssetSpec) {
  return schedules.filter(({ jobName, target }) => {
    const job = jobs.find((one) => one.jobName === jobName);
    return (job?.assetKeys ?? target?.assetKeys ?? []).includes(assetKey);
  });
}

/** Over four weeks, so that one of each weekday counts as often. */
function ticksPerDay({ cronSchedule, executionTimezone }: ScheduleSpec, now: EpochMs): number {
  const zone = zoneOf(executionTimezone);
  const end = now + SPAN_DAYS * DAY_MS;
  let ticks = 0;
  for (const expression of cronSchedule) {
    const cron = parseCron(expression);
    if (!cron) continue;
    for (let at = tickAtOrAfter(cron, zone, now); at < end; at = tickAfter(cron, zone, at)) {
      ticks += 1;
    }
  }
  return Math.round((ticks / SPAN_DAYS) * 100) / 100;
}
