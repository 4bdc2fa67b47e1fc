import type { AssetKeyText } from '../../../src/definitions/definitions.ts';
import { complement, unionAll } from '../../../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import { compared } from '../compare-answers.ts';
import {
  PlayedRuns,
  inKeyOrder,
  writtenErrors,
  writtenEvents,
  type PlayedRun,
  type WrittenEvent,
  type WrittenGraph,
  type WrittenOutcomes,
  type WrittenRun,
} from '../played-runs.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface MaterializeCase extends VectorCase {
  readonly now: string;
  readonly graph: WrittenGraph;
  readonly outcomes?: WrittenOutcomes;
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
  readonly runs: readonly WrittenRun[];
  readonly expect: {
    readonly runs: readonly ExpectedRun[];
    readonly status: Readonly<Record<AssetKeyText, Readonly<Record<string, unknown>>>>;
  };
}

/** What Dagster answered of one run. */
export interface ExpectedRun {
  readonly raised?: unknown;
  readonly success?: boolean;
  readonly runStatus?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly events?: readonly WrittenEvent[];
  readonly errors?: readonly unknown[];
  readonly calls?: readonly unknown[];
}

/** Runs in process: what is refused, events, errors, calls, tags, and the statuses after all of them. */
export const materializeAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as MaterializeCase;
  const world = new PlayedRuns(asked);
  const answers: ComparedAnswer[] = [];
  for (const [at, run] of asked.runs.entries()) {
    const expected = asked.expect.runs[at] ?? {};
    answers.push(...runAnswers(`run ${at}`, expected, await world.play(run), '<base>/storage/'));
  }
  for (const [assetKey, expected] of Object.entries(asked.expect.status)) {
    answers.push(compared(`status ${assetKey}`, expected, statusOf(world, assetKey, expected)));
  }
  return answers;
};

/** Each answer about one run, compared. */
export function runAnswers(
  name: string,
  expected: ExpectedRun,
  played: PlayedRun,
  storage: string,
): readonly ComparedAnswer[] {
  if ('raised' in played || expected.raised !== undefined) {
    const raised = 'raised' in played ? played.raised : 'nothing';
    const calls = 'raised' in played ? [] : played.calls;
    return [
      compared(`${name} raised`, expected.raised ?? 'nothing', raised),
      ...(expected.calls ? [compared(`${name} calls`, expected.calls, calls)] : []),
    ];
  }
  const { run, events, calls } = played;
  // The reason of a failure is written to the run when it has ended.
  const { 'dagster/failure_reason': _, ...tags } = run.tags;
  const actual: Required<Omit<ExpectedRun, 'raised'>> = {
    success: run.status === 'SUCCESS',
    runStatus: run.status,
    tags,
    events: inKeyOrder(writtenEvents(events)),
    errors: writtenErrors(events, storage).map(comparableError),
    calls,
  };
  const comparable = {
    ...expected,
    ...(expected.events && { events: inKeyOrder(expected.events) }),
    errors: (expected.errors ?? []).map(comparableError),
  };
  return (Object.keys(actual) as (keyof typeof actual)[]).flatMap((field) =>
    field in comparable
      ? [compared(`${name} ${field}`, comparable[field as keyof typeof comparable], actual[field])]
      : [],
  );
}

/** What the words of a validation error are is pydantic's affair; an interruption has none in Dagster. */
const WORDLESS: ReadonlySet<unknown> = new Set([
  'ValidationError',
  'DagsterExecutionInterruptedError',
]);

function comparableError(error: unknown): unknown {
  const { cause, message, ...rest } = error as Readonly<Record<string, unknown>>;
  return {
    ...rest,
    ...(!WORDLESS.has(rest['error']) && { message }),
    ...(cause !== undefined && { cause: comparableError(cause) }),
  };
}

/** How an asset stands, in the form of the expected answer: long lists are counts. */
function statusOf(
  { folds, graph, keySpace }: PlayedRuns,
  assetKey: AssetKeyText,
  expected: Readonly<Record<string, unknown>>,
): unknown {
  const index = keySpace.indexOf(graph.assets.get(assetKey)?.partitionsDef ?? null);
  const { materialized, failed, inProgress } = folds.of(assetKey).overlappingStatuses();
  if (index === null) return { materialized: materialized.length > 0 };
  const missing = complement(unionAll([materialized, failed, inProgress]), index.count);
  const subsets = { materialized, failed, inProgress, missing };
  return Object.fromEntries(
    Object.entries(subsets).map(([name, subset]) => {
      const keys = keysOf(index, subset);
      const counted = typeof expected[name] === 'object' && !Array.isArray(expected[name]);
      return [name, counted ? { count: keys.length } : keys];
    }),
  );
}
