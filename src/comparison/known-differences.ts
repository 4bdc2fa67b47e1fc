import type { Answer, Question } from './question.ts';

/** Why a difference is as it should be, in a sentence; null if it is not known. */
export function knownDifference(
  _question: Question,
  _ours: Answer,
  _dagsters: Answer,
): string | null {
  return null;
}
