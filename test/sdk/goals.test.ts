import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/orchestration/run.ts';
import { noStatuses } from '../../src/orchestration/partition-status.ts';
import type { GoalAssetHistory, GoalHistory } from '../../src/protocol/goals.ts';
import { guestOf } from './guest-of.ts';

const ASSETS = `
const customers = dg.StaticPartitionsDefinition(['a', 'b', 'c']);
const orders = dg.asset({ partitionsDef: customers }, () => 1);
const total = dg.asset({}, () => 1);
`;

const AT = Date.UTC(2026, 2, 10, 9);
const entry = (eventId: number, partitionKey: string | null, failed = false) => ({
  type: failed ? ('STEP_FAILURE' as const) : ('ASSET_MATERIALIZATION' as const),
  eventId,
  partitionKey,
  runId: `run ${eventId}`,
  at: AT,
});

const orders: GoalAssetHistory = {
  assetKey: 'orders',
  statuses: { ...noStatuses, materialized: [0, 1], failed: [1, 2], stale: [0, 1] },
  entries: [entry(1, 'a'), entry(2, 'b', true), entry(3, 'a')],
  values: [['a', [{ order: 'a-001' }]]],
};
const total: GoalAssetHistory = {
  assetKey: 'total',
  statuses: { ...noStatuses, materialized: [0, 1] },
  entries: [entry(4, null)],
  values: [],
};
const runs: readonly Run[] = [
  {
    notebookId: 'n',
    runId: 'run 1',
    runNumber: 1,
    jobName: '__ASSET_JOB',
    status: 'SUCCESS',
    assetKeys: ['orders'],
    partitionKey: 'a',
    tags: {},
    runConfig: { ops: { orders: { config: { limit: 5 } } } },
    backfillId: null,
    parentRunId: null,
    createdAt: AT,
    startedAt: AT,
    endedAt: AT,
    tookMs: 1,
    failure: null,
  },
];
const history: GoalHistory = {
  assets: [orders, total],
  runs,
  automations: [{ name: 'nightly', running: true, tickCount: 2 }],
};

/** What goals with these functions say. */
async function ask(...checks: readonly string[]) {
  const goals = checks.map((check, at) => `dg.goal('goal ${at}', ${check});`).join('\n');
  const { guest, world } = guestOf([ASSETS, goals]);
  const goalIds = checks.map((_, at) => at);
  const answer = await guest.checkGoals({ stepId: 1, goalIds, world, history });
  if (answer.status !== 'evaluated') throw new Error(JSON.stringify(answer));
  return answer.verdicts.map((verdict) => {
    switch (verdict.status) {
      case 'reached':
        return true;
      case 'open':
        return verdict.reason ?? false;
      case 'threw':
        return `threw ${verdict.error.name}: ${verdict.error.message}`;
    }
  });
}

describe('goals', () => {
  it('[SDK-39] are declared with a title and a hint, in notebook order', () => {
    const { load } = guestOf([
      ASSETS,
      "dg.goal('one', () => true, { hint: 'Press.' });\ndg.goal('two', () => false);",
    ]);
    const answer = load();
    if (answer.status !== 'loaded') throw new Error('The cells do not load.');
    expect(answer.definitions.goals).toEqual([
      { cellId: 'c2', goalId: 0, title: 'one', hint: 'Press.', check: '() => true' },
      { cellId: 'c2', goalId: 1, title: 'two', hint: null, check: '() => false' },
    ]);
  });

  it.each([
    ["dg.goal('one')", 'must be a function'],
    ['dg.goal(1, () => true)', 'The title of dg.goal must be text'],
    ["dg.goal('one', () => true, { hints: '' })", 'Did you mean hint?'],
  ])('[SDK-39] %s is refused', (cell, message) => {
    const answer = guestOf([cell]).load();
    if (answer.status !== 'threw') throw new Error('The cell loads.');
    expect(answer.error.message).toContain(message);
  });

  it('[SDK-40] see statuses by key, and keys by status', async () => {
    expect(
      await ask(
        "(world) => ['a', 'b', 'c'].map((key) => world.asset(orders).status(key)).join()",
        "(world) => world.asset('orders').keys('missing').join()",
        "(world) => world.asset(orders).stale('a') && !world.asset(orders).stale('b')",
        "(world) => world.asset(total).status() === 'materialized'",
        "(world) => world.asset(orders).partitionKeys.join() === 'a,b,c'",
      ),
    ).toEqual(['materialized,failed,missing', 'c', true, true, true]);
  });

  it('[SDK-40] see what happened: materializations, failures, runs, config, values and automations', async () => {
    expect(
      await ask(
        "(world) => world.asset(orders).materializations('a').length === 2",
        "(world) => world.asset(orders).failures().map((one) => one.partitionKey).join() === 'b'",
        "(world) => world.asset(orders).materializations()[0].run.config('orders').limit === 5",
        "(world) => world.asset(orders).value('a')[0].order",
        "(world) => world.asset(orders).value('b') === undefined",
        "(world) => world.automation('nightly').running && world.now",
        "(world) => world.runs[0].status === 'SUCCESS' && world.runs[0].ended",
      ),
    ).toEqual([true, true, true, 'a-001', true, '2026-03-10T09:00:00.000Z', true]);
  });

  it('[SDK-41] one that throws, or gives neither true, false nor text, says so and leaves the others alone', async () => {
    expect(
      await ask(
        "() => { throw new Error('no'); }",
        '() => 1',
        '() => undefined',
        "(world) => world.asset('order').status('a')",
        "(world) => world.asset(orders).status('d')",
        '(world) => world.asset(orders).status()',
        "(world) => world.asset(orders).keys('green').length > 0",
        '(world) => world.statuses',
        'async () => true',
      ),
    ).toEqual([
      'threw Error: no',
      'threw TypeError: A goal gives true, false, or text that says what is missing. This one gave 1.',
      'threw TypeError: A goal gives true, false, or text that says what is missing. This one gave undefined.',
      'threw Error: There is no asset order. Did you mean orders?',
      'threw Error: orders has no partition "d".',
      'threw Error: orders has partitions: say which key.',
      'threw Error: "green" is no status. There are missing, queued, materializing, materialized, failed, not tried and stale.',
      expect.stringMatching(/^threw .*: world has no statuses\./),
      true,
    ]);
  });

  it('[SDK-41] what they are told cannot be changed', async () => {
    const change = (code: string) => `(world) => { 'use strict'; ${code}; return true; }`;
    const said = await ask(
      change('world.runs.push(1)'),
      change("world.asset(orders).value('a')[0].order = 'x'"),
      change("world.asset(orders).status = () => 'materialized'"),
      "(world) => world.asset(orders).status('b') === 'failed'",
    );
    expect(said.slice(0, 3)).toEqual(Array(3).fill(expect.stringMatching(/^threw TypeError/)));
    expect(said[3]).toBe(true);
  });
});
