import type { DagsterReply } from './dagster-questions.ts';
import { equalAnswers } from './equal-answers.ts';
import { knownDifference, type AskedOf } from './known-differences.ts';
import type { Answer, Question } from './question.ts';

/** What came of one question. */
export interface Compared {
  readonly question: Question;
  readonly verdict: Verdict;
  readonly ours: Answer;
  /** Null if Dagster could not be asked. */
  readonly dagsters: Answer;
  /** Why a difference is known, or the question could not be asked; else null. */
  readonly note: string | null;
}

/** `known`: an extension, or a quirk that the engine leaves out on purpose. */
export type Verdict = 'agrees' | 'differs' | 'known' | 'unasked';

/** Compares what both engines answered to one of the questions about a notebook. */
export function compareAnswers(
  question: Question,
  ours: Answer,
  reply: DagsterReply,
  asked: AskedOf,
): Compared {
  if ('unasked' in reply) {
    const note = `Dagster does not load these definitions: ${reply.unasked}`;
    return { question, verdict: 'unasked', ours, dagsters: null, note };
  }
  const { answer: dagsters } = reply;
  if (equalAnswers(ours, dagsters)) {
    return { question, verdict: 'agrees', ours, dagsters, note: null };
  }
  const note = knownDifference(question, ours, dagsters, asked);
  return { question, verdict: note === null ? 'differs' : 'known', ours, dagsters, note };
}

/** How many questions came out in each way. */
export type Tally = Readonly<Record<Verdict, number>>;

export function tallyOf(compared: readonly Compared[]): Tally {
  const tally: Record<Verdict, number> = { agrees: 0, differs: 0, known: 0, unasked: 0 };
  for (const { verdict } of compared) tally[verdict] += 1;
  return tally;
}
