import { whichAreDone } from './answers/done.ts';
import { whichFailed } from './answers/failed.ts';
import { whenLastBuilt } from './answers/last-built.ts';
import { whatOfANewcomer } from './answers/newcomer.ts';
import { howToGiveAnOption, whoWasBuiltWithAnother } from './answers/option.ts';
import { whatMustBeRedone } from './answers/redo.ts';
import { howToRepair } from './answers/repair.ts';
import { whatIsStored } from './answers/stored.ts';
import { everybodyTonight, whatRunsTonight } from './answers/tonight.ts';
import { isUpToDate } from './answers/up-to-date.ts';
import { conclusionOf, type Conclusion } from './conclusion.ts';
import { answerOf, type Finding } from './finding.ts';
import { fiveRowsOf } from './five-rows.ts';
import { QUESTION_IDS, type LedgerAnswer, type QuestionId } from './ledger-answer.ts';
import { wordsOf, type LedgerWords } from './ledger-words.ts';
import { named } from './phrases.ts';
import { WorldRecord } from './world-record.ts';
import type { WorldView } from './world-view.ts';

/** One question, and what each world's history says to it, in the order of the worlds. */
export interface LedgerRow {
  readonly question: string;
  readonly answers: readonly LedgerAnswer[];
}

/** What the histories of some worlds can answer, side by side. Plain data. */
export interface Ledger {
  readonly worldNames: readonly string[];
  readonly rows: readonly LedgerRow[];
  /** The same, in the five rows by which the two ways are often compared. */
  readonly fiveRows: readonly LedgerRow[];
  /** Null for fewer than two worlds. */
  readonly conclusion: Conclusion | null;
}

type Query = (record: WorldRecord, words: LedgerWords) => Finding;

const QUERIES: Readonly<Record<QuestionId, Query>> = {
  done: whichAreDone,
  failed: whichFailed,
  lastBuilt: whenLastBuilt,
  stored: whatIsStored,
  redo: whatMustBeRedone,
  upToDate: isUpToDate,
  tonight: whatRunsTonight,
  newcomer: whatOfANewcomer,
  option: howToGiveAnOption,
  optionUsed: whoWasBuiltWithAnother,
  repair: howToRepair,
  everybody: everybodyTonight,
};

/** What one world's history says to every question. */
export function ledgerOf(world: WorldView): readonly LedgerAnswer[] {
  const record = new WorldRecord(world);
  return answersOf(record, wordsOf([record]));
}

/** What the histories of some worlds say, asked in the same words. */
export function ledgerOfWorlds(worlds: readonly WorldView[]): Ledger {
  const records = worlds.map((world) => new WorldRecord(world));
  const words = wordsOf(records);
  const rows = rowsOf(records.map((record) => answersOf(record, words)));
  return {
    worldNames: worlds.map(({ name }) => name),
    rows,
    fiveRows: rowsOf(records.map((record) => fiveRowsOf(record, words))),
    conclusion: conclusionOf(records, rows, words),
  };
}

function answersOf(record: WorldRecord, words: LedgerWords): readonly LedgerAnswer[] {
  const questions = questionsIn(words);
  return QUESTION_IDS.map((id) => answerOf(id, questions[id], QUERIES[id](record, words)));
}

/** The answers by question rather than by world. */
function rowsOf(byWorld: readonly (readonly LedgerAnswer[])[]): readonly LedgerRow[] {
  const [first = []] = byWorld;
  return first.map(({ question }, at) => ({
    question,
    answers: byWorld.flatMap((answers) => answers[at] ?? []),
  }));
}

function questionsIn({
  one,
  many,
  first,
  second,
  option,
}: LedgerWords): Record<QuestionId, string> {
  const some = first === null ? `a ${one}` : named(first);
  const other = second === null ? `a ${one}` : named(second);
  return {
    done: `Which ${many} are done?`,
    failed: 'Which one failed, and why?',
    lastBuilt: `When was ${some} last built, by which code, with which config?`,
    stored: 'What is stored now?',
    redo: 'What must be redone after the fix?',
    upToDate: `Is ${other} up to date?`,
    tonight: 'What would tonight’s schedule run?',
    newcomer: `A ${one} nobody has seen before`,
    option: `A one-off option, such as ${named(option)}`,
    optionUsed: `Which were built with another ${named(option)}?`,
    repair: 'Repair what failed',
    everybody: `Run all ${many} tonight`,
  };
}
