import type { ScheduleSpec } from '../../definitions/definitions.ts';
import type { TickLaunch } from '../../orchestration/tick-launch.ts';
import { nextTick } from '../../orchestration/ticks.ts';
import { formatInstant } from '../../time/format-instant.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { capitalized, counted, keysInBrief, listed, named, namedInBrief } from '../phrases.ts';
import { subsetOfSpan } from '../../partitions/subset/subset-algebra.ts';
import type { WorldRecord } from '../world-record.ts';
import type { NextTick } from '../world-view.ts';

/** What the next tick of a schedule asks for. */
export function whatRunsTonight(record: WorldRecord, words: LedgerWords): Finding {
  const { schedules } = record.view.definitions;
  const [schedule] = schedules;
  if (!schedule) {
    return {
      verdict: 'not there',
      sentence: 'No schedule is declared',
      detail:
        record.subject.kind === 'keys'
          ? `One that asks for every key would need no list of ${words.many}.`
          : `One would need a list of ${words.many} in its own code.`,
    };
  }
  const declared = schedules.map(inWords);
  const tried = record.view.nextTicks?.find(
    ({ scheduleName }) => scheduleName === schedule.scheduleName,
  );
  if (tried) return { ...ofTick(record, words, tried), declared };
  const at = nextTick(schedule, record.view.now);
  const when =
    at === null ? 'never ticks again' : `ticks ${formatInstant(at, schedule.executionTimezone)}`;
  return {
    verdict: 'by hand',
    sentence: `${named(schedule.scheduleName)} ${when}; what its function asks for, a dry run tells`,
    declared,
  };
}

/** Whether everybody can be run at once, and who keeps the list of everybody. */
export function everybodyTonight(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, view, runs } = record;
  const { schedules } = view.definitions;
  const declared = schedules.map(inWords);
  const own = schedules.map(({ scheduleName }) => named(scheduleName));
  if (subject.kind === 'keys') {
    const { index } = subject;
    if (index.count === 0) {
      return { verdict: 'recorded', sentence: `There is no ${words.one} yet`, declared };
    }
    return {
      verdict: 'recorded',
      sentence: `The keys are the list: ${counted(index.count, 'run request')}`,
      detail:
        own.length > 0
          ? `${listed(own)} goes through them; a key more is a run more.`
          : 'No schedule is declared; a backfill of all keys is one launch.',
      declared: [
        ...declared,
        `${subject.definitionName ?? 'keys'}: ${keysInBrief(index, subsetOfSpan(0, index.count))}`,
      ],
    };
  }
  if (subject.kind === 'single') {
    return { verdict: 'recorded', sentence: 'There is one piece: 1 run', declared };
  }
  const toOpen = runs.filter(({ runId }) => record.nameOf(runId) === null).length;
  return {
    verdict: 'by hand',
    sentence:
      own.length > 0
        ? `You keep the list in the code of ${listed(own)}`
        : 'You would keep the list in the code of a schedule',
    detail: `No definition lists the ${words.many}. Who was ever run, the configs tell: ${counted(toOpen, 'run')} to open.`,
    runsToOpen: toOpen,
    declared,
  };
}

function ofTick(
  record: WorldRecord,
  { many }: LedgerWords,
  { scheduleName, preview }: NextTick,
): Finding {
  const schedule = record.view.definitions.schedules.find(
    (one) => one.scheduleName === scheduleName,
  );
  const when = formatInstant(preview.at, schedule?.executionTimezone ?? 'UTC');
  const { launches, skipMessage, skippedRunKeys, error } = preview;
  if (error) {
    return {
      verdict: 'recorded',
      sentence: `Nothing: the tick of ${when} fails: ${error.message.split('\n')[0] ?? ''}`,
    };
  }
  if (launches.length === 0) {
    const used =
      skippedRunKeys.length > 0
        ? `: ${counted(skippedRunKeys.length, 'run key was', 'run keys were')} used before`
        : '';
    const why = skipMessage === null ? used : `: ${skipMessage}`;
    return { verdict: 'recorded', sentence: `Nothing on ${when}${why}` };
  }
  const names = launches.flatMap((launch) => pieceOf(launch, record) ?? []);
  const of =
    names.length === launches.length
      ? `: ${namedInBrief(names)}`
      : `; not every run says for which of the ${many}`;
  return {
    verdict: 'recorded',
    sentence: `${capitalized(counted(launches.length, 'run'))} on ${when}${of}`,
  };
}

/** What a run of a tick is for: its key, or the value of the field in its config; null if it says neither. */
function pieceOf({ partitionKey, runConfig }: TickLaunch, { subject }: WorldRecord): string | null {
  if (partitionKey !== null || subject.kind !== 'field') return partitionKey;
  const sections = Object.values(
    (runConfig['ops'] ?? {}) as Record<string, { readonly config?: unknown }>,
  );
  const values = sections.map(
    ({ config }) => (config as Record<string, unknown> | undefined)?.[subject.field],
  );
  const [value] = values;
  return typeof value === 'string' ? value : null;
}

function inWords({ scheduleName, cronSchedule, executionTimezone, jobName }: ScheduleSpec): string {
  const job = jobName === null ? '' : `, job ${named(jobName)}`;
  return `${named(scheduleName)}: ${cronSchedule.map(named).join(', ')} in ${executionTimezone}${job}`;
}
