/** What the advisor is told; null where nobody has said. */
export interface Answers {
  /** Whether the values are known before a run: all, those that have come so far, or never. */
  readonly values: 'listed' | 'arriving' | 'endless' | null;
  /** How many values there are, or will be. */
  readonly count: number | null;
  /** Of all values together. */
  readonly runsPerDay: number | null;
  /** Whether anyone asks of one value whether it is done. */
  readonly status: boolean | null;
  /** Whether anyone must see which values are out of date. */
  readonly fresh: boolean | null;
  /** How history is redone: value by value, all of it, or not at all. */
  readonly redo: 'pieces' | 'whole' | 'never' | null;
  /** Whether it runs for all values by itself. */
  readonly scheduled: boolean | null;
  /** Whether options change the result, beside the value. */
  readonly options: boolean | null;
}

export const noAnswers: Answers = {
  values: null,
  count: null,
  runsPerDay: null,
  status: null,
  fresh: null,
  redo: null,
  scheduled: null,
  options: null,
};
