import { isDeepStrictEqual } from 'node:util';
import { PlaygroundError } from '../../src/errors.ts';
import type { ComparedAnswer } from './vector-adapter.ts';

/** What stands for an answer where Dagster, or ours, raised an error. */
export interface ErrorAnswer {
  /** Dagster's class. */
  readonly error: string;
  readonly message: string;
  readonly cause?: ErrorAnswer;
}

export function isErrorAnswer(answer: unknown): answer is ErrorAnswer {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

/** What `act` returns, or what it throws as an answer. */
export function answerOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (thrown) {
    return errorAnswer(thrown);
  }
}

/** A thrown error as an answer, with Dagster's class for it if it is one of ours. */
export function errorAnswer(thrown: unknown): ErrorAnswer {
  if (!(thrown instanceof Error)) return { error: typeof thrown, message: String(thrown) };
  const kind =
    thrown instanceof PlaygroundError
      ? ((thrown as PlaygroundError & { readonly kind?: string }).kind ?? thrown.code)
      : thrown.name;
  return { error: kind, message: thrown.message };
}

/**
 * Compares one answer: values exactly; of an error its class and those of its causes, not the
 * words.
 */
export function compared(
  question: string,
  expected: unknown,
  actual: unknown,
  accident = false,
): ComparedAnswer {
  const same = isErrorAnswer(expected)
    ? isErrorAnswer(actual) && sameClasses(expected, actual)
    : isDeepStrictEqual(actual, expected);
  return { question, expected, actual, same, accident };
}

function sameClasses(expected: ErrorAnswer, actual: ErrorAnswer): boolean {
  if (expected.error !== actual.error) return false;
  if (expected.cause === undefined) return true;
  return actual.cause !== undefined && sameClasses(expected.cause, actual.cause);
}
