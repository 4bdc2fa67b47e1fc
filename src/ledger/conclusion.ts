import type { LedgerAnswer } from './ledger-answer.ts';
import type { LedgerWords } from './ledger-words.ts';
import { capitalized, counted, listed } from './phrases.ts';
import type { WorldRecord } from './world-record.ts';

/** What follows from the answers, in one sentence and another. Plain data. */
export interface Conclusion {
  /** `Partitions answer more here` */
  readonly lead: string;
  /** Goes on after the lead: why. */
  readonly because: string;
  /** Where another world is ahead; empty if nowhere. */
  readonly otherwise: string;
}

interface Standing {
  readonly record: WorldRecord;
  readonly at: number;
  readonly recorded: number;
}

/** Which world's history answers most, why, and where another is ahead; null for fewer than two worlds. */
export function conclusionOf(
  records: readonly WorldRecord[],
  rows: readonly { readonly question: string; readonly answers: readonly LedgerAnswer[] }[],
  words: LedgerWords,
): Conclusion | null {
  const standings = records.map((record, at): Standing => {
    const isRecorded = rows.filter(({ answers }) => answers[at]?.verdict === 'recorded');
    return { record, at, recorded: isRecorded.length };
  });
  if (standings.length < 2) return null;
  const most = Math.max(...standings.map(({ recorded }) => recorded));
  const ahead = standings.filter(({ recorded }) => recorded === most);
  const behind = standings.filter(({ recorded }) => recorded < most);
  const counts = standings.map(({ record, recorded }) => `${nameOf(record)} ${recorded}`);
  const tally = `Of ${counted(rows.length, 'question')}, recorded: ${listed(counts)}.`;
  if (behind.length === 0) {
    return {
      lead: 'All answer as much here',
      because: 'so far: the history does not tell them apart yet.',
      otherwise: tally,
    };
  }
  const names = capitalized(listed(ahead.map(({ record }) => nameOf(record))));
  const isPlural = ahead.length > 1 || names.endsWith('s');
  return {
    lead: `${names} ${isPlural ? 'answer' : 'answers'} more here`,
    because: reasonOf(ahead[0]?.record, words),
    otherwise: [...behind.map((one) => winsOf(one, ahead, rows)).filter(Boolean), tally].join(' '),
  };
}

/** Why a world is ahead, told from what it declares and from what happened in it. */
function reasonOf(record: WorldRecord | undefined, { one, many }: LedgerWords): string {
  if (!record || record.subject.kind !== 'keys') {
    return `because nothing that was asked here is about one ${one} alone.`;
  }
  const { definition, index } = record.subject;
  const { count } = index;
  const isListed = definition.kind === 'static';
  const traits = [
    ...(count <= FEW ? ['few'] : []),
    isListed ? 'known' : definition.kind === 'dynamic' ? 'added as they come' : 'counted by a rule',
    ...(isDoneOneByOne(record) ? ['repaired one by one'] : []),
  ];
  return `because ${many} are ${listed(traits)}.`;
}

const FEW = 1000;

/** Whether some keys were built again, after a failure or without, and others were not. */
function isDoneOneByOne({ materializations, failedRuns }: WorldRecord): boolean {
  if (failedRuns.length > 0) return true;
  const times = new Map<string, number>();
  for (const { assetKey, partitionKey } of materializations) {
    const key = JSON.stringify([assetKey, partitionKey]);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return new Set(times.values()).size > 1;
}

/** The questions that a world answers and those ahead do not; empty if there is none. */
function winsOf(
  { record, at }: Standing,
  ahead: readonly Standing[],
  rows: readonly { readonly question: string; readonly answers: readonly LedgerAnswer[] }[],
): string {
  const won = rows.filter(
    ({ answers }) =>
      answers[at]?.verdict === 'recorded' &&
      ahead.some((one) => answers[one.at]?.verdict !== 'recorded'),
  );
  if (won.length === 0) return '';
  const questions = won.map(({ question }) => question.charAt(0).toLowerCase() + question.slice(1));
  return `${capitalized(nameOf(record))} is ahead in ${counted(won.length, 'row')}: ${listed(questions.map((text) => text.replace(/\?$/, '')))}.${advice(record)}`;
}

function advice({ subject }: WorldRecord): string {
  return subject.kind === 'field'
    ? ' With unknown or unbounded names, or rare runs, it is the simpler choice.'
    : '';
}

function nameOf({ view }: WorldRecord): string {
  return view.name;
}
