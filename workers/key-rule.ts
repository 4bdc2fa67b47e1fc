import type { CodeRunner } from '../src/orchestration/ports.ts';
import type { PartitionKey } from '../src/partitions/context.ts';
import type { CellSource, KeyRuleOutcome } from '../src/protocol/engine.ts';
import type {
  GuestServices,
  GuestWorld,
  PartitionedConfigOutcome,
} from '../src/protocol/sandbox.ts';
import { loadCode, type NewRunner } from './load-code.ts';

/** What evaluates a rule. */
export interface KeyRuleWorld {
  /** The code cells of the notebook: a rule may use their names. */
  readonly cells: readonly CellSource[];
  readonly newRunner: NewRunner;
  readonly world: () => Promise<GuestWorld>;
  readonly request: GuestServices['request'];
}

/** Keys whose values are asked for at once. */
const BATCH = 1000;
/** No cell of a notebook has this id, and no job this name. */
const RULE = '__rule';

/**
 * The values that an expression of the author's, over `key`, gives for keys. It is a cell of its own beside those
 * of the notebook: evaluated in the sandbox, as the config of a job by key, under the same limits.
 *
 * @param dimensions names of the dimensions of a key of several, in the order of its text; empty otherwise.
 */
export async function evaluateKeyRule(
  expression: string,
  keys: readonly PartitionKey[],
  dimensions: readonly string[],
  { cells, newRunner, world, request }: KeyRuleWorld,
): Promise<KeyRuleOutcome> {
  if (expression.trim() === '') return failed('A rule is an expression, such as key.length.');
  const { signal } = new AbortController();
  const rule = { cellId: RULE, text: cellOf(expression, dimensions) };
  const code = await loadCode([...cells, rule], Promise.resolve([]), newRunner, world(), signal);
  const problem = code?.problems.find(
    ({ cellId, severity }) => cellId === RULE && severity === 'error',
  );
  if (!code?.runner || problem) {
    code?.runner?.dispose();
    return failed(problem?.message ?? 'The notebook does not load, so the rule cannot be read.');
  }
  try {
    return await valuesOf(code.runner, keys, world, request);
  } finally {
    code.runner.dispose();
  }
}

async function valuesOf(
  runner: CodeRunner,
  keys: readonly PartitionKey[],
  world: () => Promise<GuestWorld>,
  request: GuestServices['request'],
): Promise<KeyRuleOutcome> {
  const values: unknown[] = [];
  for (let from = 0; from < keys.length; from += BATCH) {
    const partitionKeys = keys.slice(from, from + BATCH);
    const outcome = await runner.evaluatePartitionedConfig(
      { stepId: -1, jobName: RULE, partitionKeys, world: await world() },
      { log: () => {}, progress: () => {}, request },
      new AbortController().signal,
    );
    if (outcome.status !== 'evaluated') {
      return failed(whyNot(outcome));
    }
    for (const [at, { runConfig }] of outcome.configs.entries()) {
      if (runConfig.status === 'threw') {
        const { kind, name, message } = runConfig.error;
        return failed(`${partitionKeys[at] ?? ''}: ${kind ?? name}: ${message}`);
      }
      values.push(valueIn(runConfig.value));
    }
  }
  return { status: 'evaluated', values };
}

function whyNot(outcome: Exclude<PartitionedConfigOutcome, { status: 'evaluated' }>): string {
  switch (outcome.status) {
    case 'failure':
      return outcome.error.message;
    case 'timed_out':
      return `The rule did not end within ${outcome.limitMs} ms.`;
    case 'crashed':
      return outcome.message;
    case 'canceled':
      return 'The rule was stopped.';
  }
}

/** A job whose config for a key holds what the expression gives. */
function cellOf(expression: string, dimensions: readonly string[]): string {
  const names = JSON.stringify(dimensions);
  return `const ${RULE} = dg.job(
  {
    name: '${RULE}',
    config: dg.PartitionedConfig({
      partitionsDef: dg.StaticPartitionsDefinition(['']),
      runConfigForPartitionKeyFn: (key) => {
        const parts = key.split('|');
        const keysByDimension = Object.fromEntries(${names}.map((name, at) => [name, parts[at]]));
        const value = ((key, keysByDimension) => (
${expression}
        ))(key, keysByDimension);
        return { ops: { ${RULE}: { config: { value } } } };
      },
    }),
  },
  () => {},
);`;
}

function valueIn(runConfig: unknown): unknown {
  const { ops } = runConfig as { ops?: Record<string, { config?: { value?: unknown } }> };
  return ops?.[RULE]?.config?.value;
}

function failed(message: string): KeyRuleOutcome {
  return { status: 'failed', message };
}
