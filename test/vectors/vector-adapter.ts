/** One case of a vector file; what its other fields mean is said in `README.md` beside the files. */
export interface VectorCase {
  readonly id: string;
  /** `accident`: Dagster's answer follows no stated rule. `python-only`: not for us. */
  readonly marks?: readonly string[];
  readonly [field: string]: unknown;
}

/** One answer of a case, compared. */
export interface ComparedAnswer {
  /** What was asked, so that a reader can find it in the case: `has 2024-03-10`, `iteration 2 runRequests`. */
  readonly question: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly same: boolean;
  /** Whether the vector marks this single answer as an accident. */
  readonly accident?: boolean;
}

/**
 * Rebuilds a case's inputs, asks the engine, and compares every answer that the case
 * expects. May not leave out an answer: what cannot be asked counts as different.
 */
export type VectorAdapter = (
  vectorCase: VectorCase,
) => readonly ComparedAnswer[] | Promise<readonly ComparedAnswer[]>;
