import { countOf, formatCount } from '../counts.ts';
import type { Answers } from './answers.ts';

/** Dagster's stated comfort: at most so many partitions of an asset, or its pages become slow. */
export const MOST_KEYS = 100_000;
/** Fewer runs a day are rare: on most days nothing happens, and nobody looks at a bar. */
export const RARE_RUNS = 1;
/**
 * More runs a day want more than one key each: Dagster starts a process for every run, about a second of work
 * before the function begins, so a thousand of them take a quarter of an hour.
 */
export const MANY_RUNS = 1000;

/** One line of when to use which, as a rule. */
export interface Rule {
  readonly ruleId: string;
  /** What it speaks for. */
  readonly side: 'partitions' | 'config';
  /** The line, in our words. */
  readonly line: string;
  /** What its threshold is and why; null if it has none. */
  readonly threshold: string | null;
  /** Whether it holds, with one sentence that says why or why not; null as long as the answers do not tell. */
  readonly check: (answers: Answers) => Finding | null;
}

export interface Finding {
  readonly holds: boolean;
  readonly reason: string;
}

/** The ten lines, those for partitions first, each side in the order in which one asks. */
export const RULES: readonly Rule[] = [
  {
    ruleId: 'ADV-P1',
    side: 'partitions',
    line: 'The data falls into pieces that have names.',
    threshold: `Up to ${formatCount(MOST_KEYS)} keys of an asset: Dagster advises no more, as its pages then become slow.`,
    check: ({ values, count }) => {
      if (values === null) return null;
      if (values === 'endless') return no('The values have no end, so no list of keys holds them.');
      if (count !== null && count > MOST_KEYS) {
        return no(
          `${formatCount(count)} keys are more than the ${formatCount(MOST_KEYS)} that Dagster advises: take larger pieces.`,
        );
      }
      const many = count === null ? 'The values' : countOf(count, 'value');
      return values === 'listed'
        ? yes(`${many} ${count === 1 ? 'is' : 'are'} known before a run, so each can be a key.`)
        : yes(`${many} can be added as keys when they come.`);
    },
  },
  {
    ruleId: 'ADV-P2',
    side: 'partitions',
    line: 'You ask of each value whether it is done.',
    threshold: null,
    check: ({ status }) =>
      answered(
        status,
        'Each key has a status of its own; a run only names its config.',
        'Nobody asks of one value whether it is done.',
      ),
  },
  {
    ruleId: 'ADV-P3',
    side: 'partitions',
    line: 'Single values are often made again.',
    threshold: null,
    check: ({ redo }) =>
      answered(
        redo === null ? null : redo === 'pieces',
        'A backfill takes the keys that need it, and no others.',
        redo === 'whole' ? 'History is redone as a whole.' : 'History is not redone.',
      ),
  },
  {
    ruleId: 'ADV-P4',
    side: 'partitions',
    line: 'It runs for every value by itself.',
    threshold: `From ${formatCount(MANY_RUNS)} runs a day on let a run take several keys: Dagster starts a process for each run.`,
    check: ({ scheduled, runsPerDay }) =>
      answered(
        scheduled,
        runsPerDay !== null && runsPerDay >= MANY_RUNS
          ? `The keys are the list that a schedule goes through; ${formatCount(runsPerDay)} runs a day want a backfill policy of several keys a run.`
          : 'The keys are the list that a schedule goes through.',
        'Nothing runs it for every value by itself.',
      ),
  },
  {
    ruleId: 'ADV-P5',
    side: 'partitions',
    line: 'You must see which values are out of date.',
    threshold: null,
    check: ({ fresh }) =>
      answered(
        fresh,
        'Each key is stale or not by itself, and says because of what.',
        'Nobody must see which values are out of date.',
      ),
  },
  {
    ruleId: 'ADV-C1',
    side: 'config',
    line: 'It runs rarely, or when someone thinks of it.',
    threshold: `Fewer than ${RARE_RUNS} run a day: on most days nothing happens, and a bar would stand still.`,
    check: ({ runsPerDay }) =>
      runsPerDay === null
        ? null
        : runsPerDay < RARE_RUNS
          ? yes(`${countOf(runsPerDay, 'run')} a day ${runsPerDay === 1 ? 'is' : 'are'} few.`)
          : no(`${countOf(runsPerDay, 'run')} a day ${runsPerDay === 1 ? 'is' : 'are'} no rarity.`),
  },
  {
    ruleId: 'ADV-C2',
    side: 'config',
    line: 'The values have no end, or are not known before.',
    threshold: `More than ${formatCount(MOST_KEYS)} values count as no end: Dagster advises no more keys of an asset.`,
    check: ({ values, count }) => {
      if (count !== null && count > MOST_KEYS) {
        return yes(`${formatCount(count)} values are as good as no end of them.`);
      }
      return answered(
        values === null ? null : values === 'endless',
        'Whoever launches types the value: nothing has to know it before.',
        values === 'arriving'
          ? 'The values are not known at first, but each becomes a key when it comes.'
          : 'The values are known before.',
      );
    },
  },
  {
    ruleId: 'ADV-C3',
    side: 'config',
    line: 'Nobody keeps track value by value.',
    threshold: null,
    check: ({ status }) =>
      answered(
        status === null ? null : !status,
        'That the asset was materialized is enough; its runs keep their config.',
        'Someone asks of single values, and one status cannot answer.',
      ),
  },
  {
    ruleId: 'ADV-C4',
    side: 'config',
    line: 'One history is enough.',
    threshold: null,
    check: ({ fresh, redo }) => {
      if (fresh === true) return no('What is out of date cannot be told from one history.');
      if (redo === 'pieces') return no('One history does not say which values to make again.');
      if (fresh === null || redo === null) return null;
      return yes('Nothing is asked that one history could not answer.');
    },
  },
  {
    ruleId: 'ADV-C5',
    side: 'config',
    line: 'It is a parameter, and should cost no more than one.',
    threshold: null,
    check: ({ scheduled, status }) => {
      if (scheduled === true) return no('A schedule would have to keep the list in its own code.');
      if (status === true) return no('The status of each value is worth a list of keys.');
      if (scheduled === null || status === null) return null;
      return yes('One field, and any value will do: there is no list to keep.');
    },
  },
];

function yes(reason: string): Finding {
  return { holds: true, reason };
}

function no(reason: string): Finding {
  return { holds: false, reason };
}

function answered(answer: boolean | null, ifSo: string, ifNot: string): Finding | null {
  if (answer === null) return null;
  return answer ? yes(ifSo) : no(ifNot);
}
