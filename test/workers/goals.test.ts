import { describe, expect, it } from 'vitest';
import type { GoalsOutcome, GoalsRequest } from '../../src/protocol/goals.ts';
import { NOW, Tab } from './tab.ts';

const GOALS = ['first', 'second', 'second'].map((title, goalId) => ({
  cellId: 'cell',
  goalId,
  title,
  hint: null,
}));

/** A tab whose notebook has goals, with what they were asked. */
async function tabWithGoals(answer: (request: GoalsRequest) => GoalsOutcome | null = () => null) {
  const tab = new Tab();
  const asked: GoalsRequest[] = [];
  tab.definitions = { ...tab.definitions, goals: GOALS };
  await tab.create();
  const evaluate = async (text?: string) => {
    await tab.evaluate(undefined, undefined, text);
    const runner = tab.runners.at(-1);
    if (runner) {
      runner.goals = (request) => {
        asked.push(request);
        return answer(request);
      };
    }
  };
  await evaluate();
  return { tab, asked, evaluate, check: () => tab.host.checkGoals(tab.notebookId) };
}

const verdicts = (...all: readonly (boolean | string)[]): GoalsOutcome => ({
  status: 'evaluated',
  verdicts: all.map((said) =>
    said === true
      ? { status: 'reached' }
      : { status: 'open', reason: said === false ? null : said },
  ),
});

describe('goals of a notebook', () => {
  it('[EN-40] are told statuses, entries, runs with config and the clock', async () => {
    const { tab, asked, check } = await tabWithGoals();
    await tab.launch(['customer_a', 'customer_b'], ['customer_orders']);
    await tab.ended();
    await check();
    const [request] = asked;
    expect(request?.world.now).toBe(NOW);
    const [orders, summary] = request?.history.assets ?? [];
    expect(orders).toMatchObject({ assetKey: 'customer_orders', values: [] });
    expect(orders?.statuses.materialized).toEqual([0, 2]);
    expect(orders?.entries.map(({ partitionKey }) => partitionKey)).toEqual([
      'customer_a',
      'customer_b',
    ]);
    expect(summary?.statuses.materialized).toEqual([]);
    expect(request?.history.runs.map(({ partitionKey }) => partitionKey)).toEqual([
      'customer_a',
      'customer_b',
    ]);
  });

  it('[EN-40] are told values only if a cell asks for them', async () => {
    const { tab, asked, check, evaluate } = await tabWithGoals();
    tab.compute = { customer_orders: () => 1 };
    await evaluate("world.asset('customer_orders').value('customer_a')");
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.ended();
    await check();
    expect(asked.at(-1)?.history.assets[0]?.values).toEqual([['customer_a', 1]]);
  });

  it('[EN-41] stay reached once they were, and are not asked again', async () => {
    let said = verdicts(true, 'one to go', false);
    const { asked, check, evaluate } = await tabWithGoals(() => said);
    expect(await check()).toEqual([
      { goalId: 0, status: 'reached', reachedAt: NOW, message: null },
      { goalId: 1, status: 'open', reachedAt: null, message: 'one to go' },
      { goalId: 2, status: 'open', reachedAt: null, message: null },
    ]);
    await evaluate();
    said = verdicts(false, true);
    expect((await check()).map(({ status }) => status)).toEqual(['reached', 'open', 'reached']);
    expect(asked.map(({ goalIds }) => goalIds)).toEqual([
      [0, 1, 2],
      [1, 2],
    ]);
  });

  it('[EN-41] keep what they reached when they are renamed, edited or moved, and share nothing', async () => {
    let isReached = (_goalId: number) => true;
    const { tab, check, evaluate } = await tabWithGoals(({ goalIds }) =>
      verdicts(...goalIds.map((goalId) => isReached(goalId))),
    );
    const declare = async (...goals: readonly (readonly [title: string, check: string])[]) => {
      tab.definitions = {
        ...tab.definitions,
        goals: goals.map(([title, text], goalId) => ({
          cellId: 'cell',
          goalId,
          title,
          hint: null,
          check: `() => ${text}`,
        })),
      };
      await evaluate(JSON.stringify(goals));
      return (await check()).map(({ status }) => status);
    };
    isReached = (goalId) => goalId === 1;
    expect(await declare(['same', 'a'], ['same', 'b'], ['other', 'c'])).toEqual([
      'open',
      'reached',
      'open',
    ]);
    isReached = () => false;
    // Moved: what it is about goes with its function.
    expect(await declare(['same', 'b'], ['same', 'a'])).toEqual(['reached', 'open']);
    // Renamed; and one that takes the old title up has reached nothing.
    expect(await declare(['new', 'b'], ['same', 'a'])).toEqual(['reached', 'open']);
    // Edited.
    expect(await declare(['same', 'b + 1'])).toEqual(['reached']);
    // Renamed and edited at once: another goal.
    expect(await declare(['new', 'd'])).toEqual(['open']);
    // Another is reached, and takes nothing from it.
    isReached = (goalId) => goalId === 0;
    expect(await declare(['same', 'a'], ['same', 'b'])).toEqual(['reached', 'reached']);
  });

  it('[EN-41] are forgotten with the history', async () => {
    const { tab, asked, check } = await tabWithGoals(({ goalIds }) =>
      verdicts(...goalIds.map((goalId) => goalId === 0)),
    );
    await check();
    await tab.host.clearHistory(tab.notebookId);
    await check();
    expect(asked.map(({ goalIds }) => goalIds.join())).toEqual(['0,1,2', '0,1,2']);
  });

  it('[EN-42] one that does not end is found, says so, and is not asked again before the code changes', async () => {
    const endless = (request: GoalsRequest): GoalsOutcome =>
      request.goalIds.includes(1)
        ? { status: 'timed_out', limitMs: request.goalIds.length === 1 ? 2000 : 500 }
        : verdicts(...request.goalIds.map(() => false));
    const { asked, check, evaluate } = await tabWithGoals(endless);
    expect(await check()).toEqual([
      { goalId: 0, status: 'open', reachedAt: null, message: null },
      { goalId: 1, status: 'broken', reachedAt: null, message: 'It did not end within 2 s.' },
      { goalId: 2, status: 'open', reachedAt: null, message: null },
    ]);
    await check();
    await evaluate();
    await check();
    expect(asked.map(({ goalIds }) => goalIds.join())).toEqual([
      '0,1,2',
      '0',
      '1',
      '2',
      '0,2',
      '0,1,2',
      '0',
      '1',
      '2',
    ]);
  });

  it('[EN-42] one that throws says what', async () => {
    const error = {
      name: 'TypeError',
      code: null,
      kind: null,
      message: 'no',
      frames: [],
      cause: null,
    };
    const { check } = await tabWithGoals(() => ({
      status: 'evaluated',
      verdicts: [
        { status: 'threw', error },
        { status: 'reached' },
        { status: 'open', reason: null },
      ],
    }));
    expect((await check()).map(({ status, message }) => [status, message])).toEqual([
      ['broken', 'TypeError: no'],
      ['reached', null],
      ['open', null],
    ]);
  });

  it('[EN-40] are not asked while the reader looks back', async () => {
    const { tab, asked, check } = await tabWithGoals();
    await tab.host.lookAt(tab.notebookId, NOW);
    expect(await check()).toEqual([]);
    expect(asked).toEqual([]);
  });
});
