import { describe, expect, it } from 'vitest';
import type { CodeRunner } from '../../src/orchestration/ports.ts';
import type { LoadOutcome, PartitionedConfigOutcome } from '../../src/protocol/sandbox.ts';
import { evaluateKeyRule } from '../../workers/key-rule.ts';
import { guestOf, type GuestInTest } from '../sdk/guest-of.ts';

const keys = ['customer_a', 'customer_b', 'customer_c'];

/** A runner over a guest in the test itself; what a rule needs of one. */
function runnerOf(cells: readonly string[], made: { disposed: number }): CodeRunner {
  let guest: GuestInTest | undefined;
  const runner: Pick<CodeRunner, 'load' | 'evaluatePartitionedConfig' | 'dispose'> = {
    load: async () => {
      guest = guestOf(cells);
      const { status, ...answer } = guest.load();
      if (status === 'loaded') return { status, ...answer } as unknown as LoadOutcome;
      const { error } = answer as unknown as { error: object };
      return {
        status: 'threw',
        cellId: null,
        error: { frames: [], ...error },
      } as unknown as LoadOutcome;
    },
    evaluatePartitionedConfig: async (request) => {
      const answer = await guest?.guest.evaluatePartitionedConfig(request);
      return answer as unknown as PartitionedConfigOutcome;
    },
    dispose: () => {
      made.disposed += 1;
    },
  };
  return runner as CodeRunner;
}

async function valuesOf(expression: string, of = keys, dimensions: readonly string[] = []) {
  const cells = ["const large = ['customer_b'];"];
  const made = { disposed: 0, loaded: 0 };
  const world = guestOf(cells).world;
  const outcome = await evaluateKeyRule(expression, of, dimensions, {
    cells: cells.map((text, at) => ({ cellId: `c${at}`, text })),
    newRunner: (program) => {
      made.loaded += 1;
      const [, rule] = /const __rule = __name\("__rule",\(([\s\S]*)\)\);/.exec(program.text) ?? [];
      return runnerOf(rule === undefined ? cells : [...cells, `const __rule = ${rule};`], made);
    },
    world: async () => world,
    request: async () => ({ status: 'error', message: '' }),
  });
  expect(made.disposed).toBe(made.loaded);
  return outcome;
}

describe('a rule for the config of keys (EN)', () => {
  it('[EN-28] is an expression over the key, beside the names of the notebook', async () => {
    expect(await valuesOf('large.includes(key) ? 500 : 100')).toEqual({
      status: 'evaluated',
      values: [100, 500, 100],
    });
    expect(await valuesOf("key === 'customer_b' ? [1, 2] : undefined")).toMatchObject({
      values: [undefined, [1, 2], undefined],
    });
    expect(await valuesOf('keysByDimension.color', ['2024|red'], ['date', 'color'])).toMatchObject({
      values: ['red'],
    });
  });

  it('[EN-28] says why it gives no values', async () => {
    expect(await valuesOf('')).toMatchObject({ status: 'failed' });
    expect(await valuesOf('key ===')).toMatchObject({ status: 'failed' });
    const threw = await valuesOf('nothing.of(key)');
    expect(threw).toMatchObject({ status: 'failed' });
    expect(threw.status === 'failed' && threw.message).toContain('nothing');
  });
});
