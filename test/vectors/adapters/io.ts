import { compared } from '../compare-answers.ts';
import {
  PlayedRuns,
  type WrittenGraph,
  type WrittenOutcomes,
  type WrittenRun,
} from '../played-runs.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';
import { runAnswers, type ExpectedRun } from './materialize.ts';

/** A case of this file, or of another that has the same form. */
export interface IoCase extends VectorCase {
  readonly now: string;
  readonly graph: WrittenGraph;
  readonly outcomes?: WrittenOutcomes;
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
  readonly runs: readonly WrittenRun[];
}

interface ExpectedIo extends ExpectedRun {
  readonly handledOutputs?: unknown;
  readonly files?: readonly string[];
}

/** Runs with the file-system manager on an empty folder: files, loaded shapes, what is missing. */
export const ioAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as IoCase;
  const answers = asked['expect'] as
    readonly ExpectedIo[] | { readonly runs: readonly ExpectedIo[] };
  return ioAnswers(asked, 'runs' in answers ? answers.runs : answers);
};

/** Each answer about the runs of a case, compared. */
export async function ioAnswers(
  asked: IoCase,
  expected: readonly ExpectedIo[],
): Promise<readonly ComparedAnswer[]> {
  const world = new PlayedRuns(asked);
  const answers: ComparedAnswer[] = [];
  for (const [at, run] of asked.runs.entries()) {
    const { handledOutputs, files, ...ofRun } = expected[at] ?? {};
    const played = await world.play(run);
    answers.push(...runAnswers(`run ${at}`, ofRun, played, '<base>/'));
    if (handledOutputs !== undefined) {
      const handled = 'raised' in played ? [] : played.events;
      const actual = handled.flatMap(({ type, stepKey, metadata }) => {
        if (type !== 'HANDLED_OUTPUT') return [];
        const path = metadata?.['path'];
        const shown = typeof path === 'string' && path.replace(/^storage\//, '<base>/');
        return [[stepKey, { ...metadata, ...(shown && { path: shown }) }] as const];
      });
      answers.push(
        compared(`run ${at} handledOutputs`, handledOutputs, Object.fromEntries(actual)),
      );
    }
    if (files) answers.push(compared(`run ${at} files`, [...files].sort(), world.files()));
  }
  return answers;
}
