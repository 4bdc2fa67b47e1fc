/*
 * Works out the questions of a notebook and the engine's answers, so that a million keys stop no page. Begins with
 * the page's first question to real Dagster; the notebook's own engine goes on beside it.
 */
import { expose } from 'comlink';
import type { Compared } from '../src/comparison/compare-answers.ts';
import { Comparison, type ComparisonPlan } from '../src/comparison/comparison.ts';
import type { AskedNotebook } from '../src/comparison/question.ts';

let comparison: Comparison | null = null;

/** What the page asks of this worker: `ComparisonApi` of `src/app/dagster-comparison.svelte.ts`. */
const api = {
  begin(notebook: AskedNotebook): ComparisonPlan {
    comparison = new Comparison(notebook);
    return comparison.plan;
  },
  batch(start: number, end: number): string {
    return comparison?.batch(start, end) ?? '[]';
  },
  compare(start: number, replies: string): readonly Compared[] {
    return comparison?.compare(start, replies) ?? [];
  },
};

expose(api);
