import type { Event } from '../orchestration/event.ts';
import type { LedgerAnswer, LedgerVerdict } from './ledger-answer.ts';

/** What a query finds, before it is put under its question. */
export interface Finding {
  readonly verdict: LedgerVerdict;
  readonly sentence: string;
  readonly detail?: string;
  readonly runsToOpen?: number;
  /** In order; absent if no event says it. */
  readonly evidence?: readonly Event[];
  readonly declared?: readonly string[];
}

/** More events prove nothing more. */
const MOST_EVIDENCE = 400;

/** A finding as the answer to a question. */
export function answerOf(
  id: LedgerAnswer['id'],
  question: string,
  { verdict, sentence, detail, runsToOpen, evidence = [], declared = [] }: Finding,
): LedgerAnswer {
  return {
    id,
    question,
    verdict,
    sentence,
    ...(detail !== undefined && { detail }),
    ...(runsToOpen !== undefined && runsToOpen > 0 && { runsToOpen }),
    evidence: evidence.slice(-MOST_EVIDENCE).map(({ eventId }) => eventId),
    evidenceCount: evidence.length,
    declared,
  };
}
