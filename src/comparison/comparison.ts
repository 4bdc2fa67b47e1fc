import type { LeftOut } from '../export/python-parts.ts';
import { withoutFunctionMappings } from '../export/without-functions.ts';
import { askNotebook } from './ask-notebook.ts';
import { compareAnswers, type Compared } from './compare-answers.ts';
import { DagsterQuestions, parseReplies } from './dagster-questions.ts';
import { EngineAnswers, type EngineRules } from './engine-answers.ts';
import type { AskedNotebook, Questions } from './question.ts';

/** What a comparison is about, known before anything was answered. */
export interface ComparisonPlan {
  readonly questions: Questions;
  /** The argument of `setUpProgram`. */
  readonly setUp: string;
  /** The definitions as a Python module. */
  readonly module: string;
  /** What Dagster cannot express, and is therefore not asked. */
  readonly leftOut: readonly LeftOut[];
}

/** One comparison of a notebook's answers, batch by batch. */
export class Comparison {
  readonly plan: ComparisonPlan;
  readonly #notebook: AskedNotebook;
  readonly #ours: EngineAnswers;
  readonly #dagsters: DagsterQuestions;

  /** @param rules instead of the engine's. */
  constructor(asked: AskedNotebook, rules: Partial<EngineRules> = {}) {
    const { definitions, leftOut: functions } = withoutFunctionMappings(asked.definitions);
    const notebook = { ...asked, definitions };
    this.#notebook = notebook;
    const questions = askNotebook(notebook);
    this.#ours = new EngineAnswers(notebook, questions, rules);
    this.#dagsters = new DagsterQuestions(notebook, questions);
    const { text: module, leftOut } = this.#dagsters.module;
    this.plan = {
      questions,
      setUp: this.#dagsters.setUp(),
      module,
      leftOut: [...functions, ...leftOut],
    };
  }

  /** The argument of `answerProgram` for the questions from `start` to before `end`. */
  batch(start: number, end: number): string {
    return this.#dagsters.batch(this.plan.questions.questions.slice(start, end));
  }

  /** Compares what `answerProgram` answered to a batch from `start` on with the engine's answers. */
  compare(start: number, replies: string): readonly Compared[] {
    const { questions } = this.plan.questions;
    const asked = { questions: this.plan.questions, notebook: this.#notebook };
    return parseReplies(replies).flatMap((reply, place) => {
      const question = questions[start + place];
      return question ? [compareAnswers(question, this.#ours.answer(question), reply, asked)] : [];
    });
  }
}
