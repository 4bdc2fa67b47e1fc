import { beforeAll, describe, expect, it } from 'vitest';
import type { TwinFrame, WorldFrame } from '../../src/twin/twin-frame.ts';
import type { TwinRun } from '../../src/twin/twin-run.ts';
import { notebookOf } from '../notebook/notebook-of.ts';
import { engineInMemory, example, NOW, twinOf } from './played-worlds.ts';

/** A frame, whatever the notebooks of its worlds are called, and whatever time they took. */
function told({ position, at, worlds }: TwinFrame) {
  return {
    position,
    at,
    worlds: worlds.map(({ runs, ...world }) => ({
      ...world,
      runs: runs.map(({ notebookId: _id, tookMs: _took, ranFromMs: _from, ...run }) => run),
    })),
  };
}

/** By world, what one frame says of each. */
function each<Said>({ worlds }: TwinFrame, say: (world: WorldFrame) => Said): Record<string, Said> {
  return Object.fromEntries(worlds.map((world) => [world.view.name, say(world)]));
}

function frameOf({ frames }: TwinRun, position: number): TwinFrame {
  const frame = frames[position];
  if (!frame) throw new Error(`Position ${position} was not played.`);
  return frame;
}

/** Two worlds of one asset, and an action. */
function smallWorlds(action: string): string {
  return `
\`\`\`ts world=keys
const letters = dg.StaticPartitionsDefinition(['a', 'b']);
const made = dg.asset({ partitionsDef: letters }, (context) => context.partitionKey);
\`\`\`

\`\`\`ts world=alone
const made = dg.asset({}, () => 1);
\`\`\`

\`\`\`ts
${action}
\`\`\`
`;
}

async function taken(action: string): Promise<TwinFrame> {
  const twin = twinOf(notebookOf(smallWorlds(action)));
  await twin.playTo(1);
  return frameOf(twin, 1);
}

describe('the three worlds of the example (TWIN)', () => {
  let twin: TwinRun;
  beforeAll(async () => {
    twin = twinOf(example('twin'));
    await twin.playTo(Infinity);
  }, 60_000);

  it('[TWIN-1] every action happens in every world, a minute after the one before', () => {
    expect(twin.frames.map(({ at }) => new Date(at).toISOString().slice(0, 16))).toEqual([
      '2026-03-10T09:00',
      '2026-03-10T09:01',
      '2026-03-10T09:02',
      '2026-03-10T09:03',
      '2026-03-10T09:04',
      '2026-03-11T01:00',
      '2026-03-11T01:01',
      '2026-03-11T01:02',
      '2026-03-11T01:03',
    ]);
    expect(frameOf(twin, 0).worlds.map(({ view }) => view.name)).toEqual([
      'partitions',
      'config',
      'hybrid',
    ]);
    for (const { worlds } of twin.frames) {
      for (const { problems } of worlds) expect(problems).toEqual([]);
    }
  });

  it('[TWIN-2] what a world cannot take is refused with its reason, and the others go on', () => {
    const refused = twin.frames.flatMap(({ position, worlds }) =>
      worlds.flatMap(({ view, outcome }) =>
        outcome?.status === 'refused' ? [`${position} ${view.name}: ${outcome.reason}`] : [],
      ),
    );
    expect(refused).toEqual([
      '5 config: There is no schedule here, so nothing runs by itself. One would have to keep the list of whom to run in its own code.',
      '8 partitions: There is no place for `limit`: a key says which piece is made, not how. It takes config beside the keys.',
    ]);
  });

  it('[TWIN-3] the same story leaves these runs', () => {
    const numbers = twin.frames.map((frame) =>
      each(frame, ({ outcome }) => outcome?.runIds.length ?? 0),
    );
    expect(numbers.map((worlds) => Object.values(worlds))).toEqual([
      [0, 0, 0],
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
      [3, 0, 3],
      [3, 3, 3],
      [1, 1, 1],
      [0, 1, 1],
    ]);
    const failed = each(frameOf(twin, 3), ({ runs }) => runs.at(-1)?.status);
    expect(failed).toEqual({ partitions: 'FAILURE', config: 'FAILURE', hybrid: 'FAILURE' });
    const repaired = each(frameOf(twin, 4), ({ runs }) => runs.at(-1)?.status);
    expect(repaired).toEqual({ partitions: 'SUCCESS', config: 'SUCCESS', hybrid: 'SUCCESS' });
  });

  it('[TWIN-3] of four customers, config keeps the values of one', () => {
    const kept = each(frameOf(twin, 8), ({ view }) => view.values.length);
    expect(kept).toEqual({ partitions: 8, config: 2, hybrid: 8 });
  });

  it('[TWIN-4] the numbers are those before and after the mending', () => {
    const revenue = (position: number) =>
      each(frameOf(twin, position), ({ view }) => {
        const told = view.events.findLast(({ metadata }) => metadata?.['total_revenue']);
        return told?.metadata?.['total_revenue'];
      });
    expect(revenue(1)).toEqual({ partitions: 515.49, config: 515.49, hybrid: 515.49 });
    expect(revenue(6)).toEqual({ partitions: 433.18, config: 433.18, hybrid: 433.18 });
  });

  it('[TWIN-5] what it took is counted', () => {
    expect(each(frameOf(twin, 8), ({ view }) => view.effort)).toEqual({
      partitions: { presses: 18, valuesTyped: 0, runs: 11, linesOfCode: 43, linesChanged: 2 },
      config: { presses: 18, valuesTyped: 12, runs: 9, linesOfCode: 25, linesChanged: 1 },
      hybrid: { presses: 21, valuesTyped: 1, runs: 12, linesOfCode: 57, linesChanged: 2 },
    });
  });

  it('[TWIN-6] the options of a run stand in its config', () => {
    const config = each(frameOf(twin, 8), ({ runs }) => runs.at(-1)?.runConfig);
    expect(config).toMatchObject({
      config: { ops: { customer_orders: { config: { customer_id: 'customer_b', limit: 500 } } } },
      hybrid: { ops: { customer_data: { config: { limit: 500 } } } },
    });
  });

  it('[TWIN-7] from the beginning again, event by event the same', async () => {
    const again = twinOf(example('twin'));
    for (let position = 0; position <= 8; position++) {
      await again.playTo(position);
      expect(told(frameOf(again, position))).toEqual(told(frameOf(twin, position)));
    }
  });

  it('[TWIN-7] played halfway, from there on, and over: still the same', async () => {
    const again = twinOf(example('twin'));
    await again.playTo(4);
    expect(again.frames).toHaveLength(5);
    await again.playTo(2);
    expect(again.frames).toHaveLength(5);
    const heard: number[] = [];
    await again.playTo(6, ({ position }) => heard.push(position));
    expect(heard).toEqual([5, 6]);
    expect(again.frames.map(told)).toEqual(twin.frames.slice(0, 7).map(told));
  });

  it('[TWIN-13] a history is read on from where it was, and comes to the whole', async () => {
    const { host, device } = engineInMemory();
    const read = host.readWholeLog.bind(host);
    const lastOf = new Map<string, number>();
    host.readWholeLog = async (notebookId, after) => {
      expect(after).toBe(lastOf.get(notebookId) ?? 0);
      const log = await read(notebookId, after);
      lastOf.set(notebookId, log.events.at(-1)?.eventId ?? after ?? 0);
      return log;
    };
    const again = twinOf(example('twin'), { host, device });
    await again.playTo(Infinity);
    expect(lastOf.size).toBe(3);
    for (const { view, runs } of frameOf(again, 8).worlds) {
      const whole = await read(runs[0]?.notebookId ?? '');
      expect(view.events).toEqual(whole.events);
      expect(runs).toEqual(whole.runs);
      expect(new Set(view.values)).toEqual(new Set(whole.values));
    }
  });

  it('[TWIN-8] worlds leave nothing behind', async () => {
    const engine = engineInMemory();
    const played = twinOf(example('twin'), engine);
    await played.playTo(3);
    expect(await engine.device.notebooks.list()).toEqual([]);
    const [world] = frameOf(played, 3).worlds;
    const notebookId = world?.runs[0]?.notebookId ?? '';
    expect(await engine.host.findNotebook({ notebookId })).not.toBeNull();
    await played.dispose();
    expect(await engine.host.findNotebook({ notebookId })).toBeNull();
    await played.playTo(8);
    expect(played.frames).toHaveLength(4);
  });
});

describe('actions that worlds cannot take (TWIN)', () => {
  it.each([
    ["dg.action('one')", 'It says nothing to do.'],
    ["dg.action('one', {})", 'A step does one of these: run, write, remove, until'],
    ["dg.action('one', { run: 'a', remove: 'b' })", 'this one has run and remove'],
    ["dg.action('one', { ran: 'a' })", 'A step has no "ran". Did you mean run?'],
    ["dg.action('one', { run: 5 })", 'run must name a piece'],
    ["dg.action('one', { run: 'a', with: [] })", 'with must be an object'],
    ["dg.action('one', { write: 'a' })", 'text must say what it holds'],
    ["dg.action('one', { until: 'tomorrow' })", "until must be 'next tick' or an instant"],
    ["dg.action('one', { until: '2026-03-11T01:00' })", 'an instant with its offset'],
    ["dg.action('one', { replace: 'a' })", 'replace must be two texts'],
    ["dg.action('one', { redo: 'all' })", "redo must be 'failed'"],
    ["dg.action('one', { redoSince: 5 })", 'redoSince must be an instant'],
  ])('[TWIN-9] %s is refused by every world', async (action, reason) => {
    const { worlds } = await taken(action);
    for (const { outcome } of worlds) {
      expect(outcome).toMatchObject({ status: 'refused', runIds: [] });
      expect(outcome?.reason).toContain(reason);
    }
  });

  it('[TWIN-2] a piece that cannot be named, or does not exist, is no run', async () => {
    const frame = await taken("dg.action('run c', { run: 'c' });");
    expect(each(frame, ({ outcome }) => outcome?.reason)).toEqual({
      keys: 'c is not a key. Did you mean b?',
      alone:
        'Nothing here names a piece: no asset has keys, and no config asks for a text, so `c` cannot be said.',
    });
  });

  it('[TWIN-2] nothing to redo is no run', async () => {
    const frame = await taken("dg.action('mend', { redo: 'failed' });");
    expect(each(frame, ({ outcome }) => outcome?.reason)).toEqual({
      keys: 'Nothing has failed here.',
      alone: 'Nothing has failed here.',
    });
  });

  it('[TWIN-10] an edit that breaks the code is told', async () => {
    const frame = await taken("dg.action('break', { replace: ['dg.asset(', 'dg.aset('] });");
    for (const { outcome, problems } of frame.worlds) {
      expect(outcome?.status).toBe('refused');
      expect(problems).not.toEqual([]);
    }
  });

  it('[TWIN-10] an edit of what no cell says is refused, and the cell of the action does not count', async () => {
    const frame = await taken("dg.action('edit', { replace: ['nowhere', 'here'] });");
    for (const { outcome } of frame.worlds) {
      expect(outcome?.reason).toBe('The code of this world does not say `nowhere`.');
    }
  });

  it('[TWIN-11] a key is written into the list, or added where keys are dynamic', async () => {
    const frame = await taken("dg.action('c', { appears: 'c' });");
    const [keys, alone] = frame.worlds;
    expect(keys?.outcome?.status).toBe('done');
    expect(keys?.runs).toMatchObject([{ partitionKey: 'c', status: 'SUCCESS' }]);
    expect(keys?.view.effort).toMatchObject({ linesChanged: 1, presses: 3 });
    expect(alone?.outcome?.status).toBe('refused');

    const dynamic = smallWorlds("dg.action('c', { appears: 'c' });").replace(
      "StaticPartitionsDefinition(['a', 'b'])",
      "DynamicPartitionsDefinition({ name: 'letters' })",
    );
    const twin = twinOf(notebookOf(dynamic));
    await twin.playTo(1);
    const [world] = frameOf(twin, 1).worlds;
    expect(world?.runs).toMatchObject([{ partitionKey: 'c', status: 'SUCCESS' }]);
    expect(world?.view.effort).toMatchObject({ linesChanged: 0, presses: 4, valuesTyped: 1 });
  });

  it('[TWIN-11] a list that no cell writes out is not edited', async () => {
    const computed = smallWorlds("dg.action('c', { appears: 'c' });").replace(
      "['a', 'b']",
      "'ab'.split('')",
    );
    const twin = twinOf(notebookOf(computed));
    await twin.playTo(1);
    expect(frameOf(twin, 1).worlds[0]?.outcome?.reason).toContain('it takes an edit by hand');
  });

  it('[TWIN-12] a notebook without worlds plays none', () => {
    expect(() => twinOf(notebookOf('```ts\nconst a = 1;\n```\n'))).toThrow(
      'No cell is marked with a world.',
    );
  });

  it('[TWIN-12] worlds without actions stand at the beginning', async () => {
    const twin = twinOf(notebookOf(smallWorlds('')));
    await twin.playTo(Infinity);
    expect(twin.frames).toHaveLength(1);
    expect(frameOf(twin, 0).at).toBe(NOW);
  });
});
