import type { EventId } from '../orchestration/event.ts';

/**
 * Whether a history answers a question. `recorded`: from the event log and the definitions alone;
 * `by hand`: a person finds it by opening runs one by one, or by an edit; `not there`: nothing holds it.
 */
export type LedgerVerdict = 'recorded' | 'by hand' | 'not there';

/** What is asked of every world, in the order in which it is asked. */
export const QUESTION_IDS = [
  'done',
  'failed',
  'lastBuilt',
  'stored',
  'redo',
  'upToDate',
  'tonight',
  'newcomer',
  'option',
  'optionUsed',
  'repair',
  'everybody',
] as const;

export type QuestionId = (typeof QUESTION_IDS)[number];

/** The rows of the two tables that one is otherwise given without a history. */
export const ROW_IDS = ['tracking', 'backfilling', 'scheduling', 'interface', 'setup'] as const;

export type RowId = (typeof ROW_IDS)[number];

/** What one world's history says to one question. Names of the author stand in backticks. Plain data. */
export interface LedgerAnswer {
  readonly id: QuestionId | RowId;
  readonly question: string;
  readonly verdict: LedgerVerdict;
  /** One line, without a full stop. */
  readonly sentence: string;
  /** Why this history cannot tell, or what else it tells; absent if there is nothing to add. */
  readonly detail?: string;
  /** How many runs someone has to open; absent if none. */
  readonly runsToOpen?: number;
  /** Events that prove it, oldest first: the newest of them where there are many. */
  readonly evidence: readonly EventId[];
  /** How many there are of them all. */
  readonly evidenceCount: number;
  /** What of the definitions proves it, a line each; empty if nothing does. */
  readonly declared: readonly string[];
}
