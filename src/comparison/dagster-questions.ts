import { AssetKeys } from '../export/python-asset-keys.ts';
import { pythonOf } from '../export/python-module.ts';
import { pythonMapping, pythonPartitionsDefinition } from '../export/python-partitions.ts';
import { configurableSteps, configurableStepsOf } from '../orchestration/job-config.ts';
import { MOST_DIGESTED, MOST_LISTED, TICKS } from './engine-answers.ts';
import type { Answer, AskedNotebook, Question, Questions } from './question.ts';

/** What `setUpProgram` reads. */
interface DagsterNotebook {
  /** The definitions, as a Python module. */
  readonly module: string;
  readonly now: number;
  readonly dynamicPartitions: Readonly<Record<string, readonly string[]>>;
  /** Expressions. */
  readonly definitions: readonly string[];
  readonly edges: readonly {
    readonly upstream: number | null;
    readonly downstream: number | null;
    readonly mapping: string | null;
  }[];
  readonly mostListed: number;
  readonly mostDigested: number;
  readonly ticks: number;
}

/** What Dagster says to one question. */
export type DagsterReply =
  | { readonly answer: Answer }
  /** It cannot be asked, because the definitions do not load. */
  | { readonly unasked: string };

/** The notebook and its questions in the form that the programs read. */
export class DagsterQuestions {
  /** The module that stands for the notebook. */
  readonly module: ReturnType<typeof pythonOf>;
  readonly #notebook: AskedNotebook;
  readonly #questions: Questions;
  readonly #paths: AssetKeys;

  constructor(notebook: AskedNotebook, questions: Questions) {
    this.#notebook = notebook;
    this.#questions = questions;
    this.module = pythonOf(notebook.definitions, { bodies: 'none' });
    this.#paths = new AssetKeys(notebook.definitions.assets, []);
  }

  /** The argument of the program that sets up. */
  setUp(): string {
    const { now, dynamicPartitions } = this.#notebook;
    const argument: DagsterNotebook = {
      module: this.module.text,
      now,
      dynamicPartitions: Object.fromEntries(dynamicPartitions),
      definitions: this.#questions.definitions.map(({ definition }) =>
        pythonPartitionsDefinition(definition),
      ),
      edges: this.#questions.edges.map(({ upstream, downstream, mapping }) => ({
        upstream,
        downstream,
        mapping: mapping && pythonMapping(mapping),
      })),
      mostListed: MOST_LISTED,
      mostDigested: MOST_DIGESTED,
      ticks: TICKS,
    };
    return JSON.stringify(argument);
  }

  /** The argument of the program that answers some questions. */
  batch(questions: readonly Question[]): string {
    return JSON.stringify(questions.map((question) => this.#withDetails(question)));
  }

  #withDetails(question: Question): Question & Readonly<Record<string, unknown>> {
    const { assets, jobs } = this.#notebook.definitions;
    switch (question.ask) {
      case 'asset': {
        const { assetKey } = question;
        const { definitions } = this.#questions;
        const asset = assets.find((one) => one.assetKey === assetKey);
        const definition = definitions.findIndex((one) => one.definition === asset?.partitionsDef);
        return {
          ...question,
          path: this.#paths.pathOf(assetKey),
          definition: definition < 0 ? null : definition,
        };
      }
      case 'job': {
        const job = jobs.find((one) => one.jobName === question.jobName);
        return { ...question, ofOps: job?.ops !== undefined };
      }
      case 'config': {
        const { assetKey, jobName } = question;
        const job = jobs.find((one) => one.jobName === jobName);
        const steps = job
          ? configurableSteps(job, assets)
          : configurableStepsOf(assets.filter((one) => one.assetKey === assetKey));
        return {
          ...question,
          path: assetKey === null ? null : this.#paths.pathOf(assetKey),
          steps: steps.map(({ stepKey }) => stepKey),
        };
      }
      case 'backfill':
        return { ...question, paths: question.assetKeys.map((key) => this.#paths.pathOf(key)) };
      case 'stale': {
        const runs = question.runs.map((run) => ({
          ...run,
          path: this.#paths.pathOf(run.assetKey),
        }));
        return { ...question, path: this.#paths.pathOf(question.assetKey), runs };
      }
      default:
        return question;
    }
  }
}

/** Reads what `answerProgram` wrote. */
export function parseReplies(text: string): readonly DagsterReply[] {
  return JSON.parse(text) as readonly DagsterReply[];
}
