import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerAnswer } from '../../src/ledger/ledger-answer.ts';
import { ledgerOf, ledgerOfWorlds, type Ledger } from '../../src/ledger/ledger.ts';
import type { WorldView } from '../../src/ledger/world-view.ts';
import type { Event, EventId } from '../../src/orchestration/event.ts';
import type { Run } from '../../src/orchestration/run.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { asset, customers } from '../orchestration/sample-assets.ts';
import { noDefinitions } from '../scenarios/fake-runner.ts';
import { cellsOfExample, PlayedWorld } from './played-world.ts';

const FETCHES = '    const orders = [';
const FAILS = `    if (customer_id === 'customer_c') throw new Error('no orders yet');\n${FETCHES}`;

/** The seed's three solutions, brought through the same events: `customer_c` fails, then the code is edited. */
async function played(name: string, pieces: readonly string[]): Promise<PlayedWorld> {
  const world = await PlayedWorld.of(name, cellsOfExample(name));
  for (const [at, piece] of pieces.entries()) {
    if (at === 2) await world.edit(FETCHES, FAILS);
    await world.run(piece);
  }
  return world;
}

const PIECES = ['customer_a', 'customer_b', 'customer_c', 'customer_a'];
const worlds = new Map<string, PlayedWorld>();
const views = new Map<string, WorldView>();
const runs = new Map<string, readonly Run[]>();
let ledger: Ledger;

beforeAll(async () => {
  for (const name of ['partitions', 'config', 'hybrid']) {
    const world = await played(name, PIECES);
    worlds.set(name, world);
    views.set(name, await world.view());
    runs.set(name, await world.runs());
  }
  ledger = ledgerOfWorlds([...views.values()]);
});

function viewOf(name: string): WorldView {
  const view = views.get(name);
  if (!view) throw new Error(`There is no world ${name}.`);
  return view;
}

function answerIn(answers: readonly LedgerAnswer[], id: LedgerAnswer['id']): LedgerAnswer {
  const found = answers.find((one) => one.id === id);
  if (!found) throw new Error(`Nobody asked ${id}.`);
  return found;
}

/** What a world of the three answers beside the others. */
function answer(name: string, id: LedgerAnswer['id']): LedgerAnswer {
  const at = ledger.worldNames.indexOf(name);
  const answers = [...ledger.rows, ...ledger.fiveRows].flatMap((row) => row.answers[at] ?? []);
  return answerIn(answers, id);
}

/** The keys that a text names. */
function namesIn(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

function eventsOf(view: WorldView, ids: readonly EventId[]): readonly Event[] {
  return view.events.filter(({ eventId }) => ids.includes(eventId));
}

/** The log without the lines that the author wrote. */
function withoutLines({ events }: WorldView): readonly Event[] {
  return events.filter(({ byAuthor }) => !byAuthor);
}

function customerOf({ runConfig }: Run): unknown {
  const [section] = Object.values(runConfig.ops ?? {});
  return (section?.config as { readonly customer_id?: unknown } | undefined)?.customer_id;
}

/** By a plain scan: the newest event of an asset and key that says how it stands. */
function newestByKey(view: WorldView): ReadonlyMap<string, Event> {
  const newest = new Map<string, Event>();
  for (const event of view.events) {
    if (event.type !== 'ASSET_MATERIALIZATION' && event.type !== 'STEP_FAILURE') continue;
    newest.set(`${event.partitionKey} ${event.assetKey}`, event);
  }
  return newest;
}

describe('what the log of keys tells', () => {
  it('[LED-2] [LED-5] the customers that are done are those a plain scan of the log finds', () => {
    const { verdict, sentence, evidence } = answer('partitions', 'done');
    const newest = newestByKey(viewOf('partitions'));
    const found = ['customer_a', 'customer_b', 'customer_c'].filter((key) =>
      ['customer_orders', 'customer_summary'].every(
        (assetKey) => newest.get(`${key} ${assetKey}`)?.type === 'ASSET_MATERIALIZATION',
      ),
    );
    expect(verdict).toBe('recorded');
    expect(namesIn(sentence)).toEqual(found);
    expect(found).toEqual(['customer_a', 'customer_b']);
    const proving = eventsOf(viewOf('partitions'), evidence);
    expect(new Set(proving.map(({ partitionKey }) => partitionKey))).toEqual(new Set(found));
  });

  it('[LED-6] the one that failed is named with its reason, by one event', () => {
    const { verdict, sentence, evidence } = answer('partitions', 'failed');
    const [failure, ...more] = eventsOf(viewOf('partitions'), evidence);
    expect({ verdict, sentence }).toEqual({
      verdict: 'recorded',
      sentence: '`customer_c`: no orders yet',
    });
    expect(more).toEqual([]);
    expect(failure).toMatchObject({
      type: 'STEP_FAILURE',
      partitionKey: 'customer_c',
      error: { message: 'no orders yet' },
    });
    expect(answer('partitions', 'repair').sentence).toContain('has 1 key');
  });

  it('[LED-7] time and code of the last build are those of its events', () => {
    const view = viewOf('partitions');
    const { verdict, question, sentence, evidence } = answer('partitions', 'lastBuilt');
    expect(question).toContain('`customer_b`');
    const proving = eventsOf(view, evidence);
    const last = view.events.filter(
      ({ type, partitionKey }) => type === 'ASSET_MATERIALIZATION' && partitionKey === 'customer_b',
    );
    expect(proving).toEqual(last);
    expect(verdict).toBe('recorded');
    for (const { provenance } of last) {
      expect(sentence).toContain(provenance?.bodyHash?.slice(0, 8));
    }
    expect(sentence).toContain('Tue 10 Mar 2026, 09:01');
  });

  it('[LED-7] [LED-3] the config of a hybrid stands with the one run that the event names', () => {
    const { verdict, runsToOpen, evidence } = answer('hybrid', 'lastBuilt');
    expect({ verdict, runsToOpen }).toEqual({ verdict: 'by hand', runsToOpen: 1 });
    const [event] = eventsOf(viewOf('hybrid'), evidence);
    const run = runs.get('hybrid')?.find(({ runId }) => runId === event?.runId);
    expect(run?.runConfig.ops?.['customer_data']).toEqual({ config: {} });
    expect(JSON.stringify(viewOf('hybrid').events)).not.toContain('"limit"');
  });

  it('[LED-8] a value is stored for each customer and asset that the log says', () => {
    const view = viewOf('partitions');
    const { verdict, sentence, evidence } = answer('partitions', 'stored');
    expect(verdict).toBe('recorded');
    expect(sentence).toBe('4 values, of 2 customers and 2 assets');
    const paths = eventsOf(view, evidence).map(({ metadata }) => metadata?.['path']);
    const places = view.values.map(
      ({ assetKey, partitionKey }) => `storage/${assetKey}/${partitionKey}`,
    );
    expect(paths.toSorted()).toEqual(places.toSorted());
  });

  it('[LED-9] to be redone is what an older function made, and what failed', () => {
    const view = viewOf('partitions');
    const now = new Map(view.definitions.assets.map((one) => [one.assetKey, one.bodyHash]));
    const found = [...newestByKey(view).values()].filter(
      ({ type, assetKey, provenance }) =>
        type === 'STEP_FAILURE' || provenance?.bodyHash !== now.get(assetKey ?? ''),
    );
    const { verdict, sentence } = answer('partitions', 'redo');
    expect(verdict).toBe('recorded');
    expect(namesIn(sentence)).toEqual(
      [...new Set(found.map(({ partitionKey }) => partitionKey))].toSorted(),
    );
    expect(namesIn(sentence)).toEqual(['customer_b', 'customer_c']);
  });

  it('[LED-9] a customer is up to date, or the log tells why not', async () => {
    expect(answer('partitions', 'upToDate')).toMatchObject({
      verdict: 'recorded',
      sentence: 'No: `customer_c` failed',
    });
    const world = await played('partitions', PIECES);
    await world.edit(FAILS, FETCHES);
    await world.run('customer_c');
    expect(answerIn(ledgerOf(await world.view()), 'upToDate').sentence).toMatch(/^Yes/);
    await world.edit('89.99', '90.01');
    const after = ledgerOf(await world.view());
    expect(answerIn(after, 'upToDate').sentence).toBe('No: `customer_orders` has edited code');
    expect(namesIn(answerIn(after, 'redo').sentence)).toEqual([
      'customer_a',
      'customer_b',
      'customer_c',
    ]);
  });

  it('[LED-10] tonight runs what was said, and so does the night after', async () => {
    const world = await played('partitions', ['customer_a']);
    for (const nights of [1, 2]) {
      const said = answerIn(ledgerOf(await world.view()), 'tonight');
      await world.night();
      const ofTicks = (await world.runs()).filter(({ tags }) => 'dagster/schedule_name' in tags);
      expect(ofTicks).toHaveLength(3 * nights);
      expect(said.verdict).toBe('recorded');
      expect(namesIn(said.sentence)).toEqual(
        ofTicks.slice(-3).map(({ partitionKey }) => partitionKey),
      );
    }
  });

  it('[LED-10] a tick that launches nothing says why, and one that nobody tried is to be tried', () => {
    const { nextTicks = [], ...untried } = viewOf('partitions');
    const [tick] = nextTicks;
    if (!tick) throw new Error('There is no tick.');
    const tonight = (preview: Partial<typeof tick.preview>) => {
      const tried = [{ ...tick, preview: { ...tick.preview, launches: [], ...preview } }];
      return answerIn(ledgerOf({ ...untried, nextTicks: tried }), 'tonight').sentence;
    };
    expect(tonight({ skippedRunKeys: ['a', 'b'] })).toBe(
      'Nothing on Wed 11 Mar 2026, 01:00: 2 run keys were used before',
    );
    expect(tonight({ skipMessage: 'a holiday' })).toMatch(/^Nothing on .*: a holiday$/);
    expect(answerIn(ledgerOf(untried), 'tonight')).toMatchObject({ verdict: 'by hand' });
  });
});

describe('what the log of a config does not tell', () => {
  it('[LED-1] [LED-4] the same actions for other customers leave the same log, and get the same answers', async () => {
    const others = ['customer_b', 'customer_a', 'customer_c', 'customer_b'];
    const other = await played('config', others);
    const view = await other.view();
    expect((await other.runs()).map(customerOf)).toEqual(others);
    expect(runs.get('config')?.map(customerOf)).toEqual(PIECES);
    expect(withoutLines(view)).toEqual(withoutLines(viewOf('config')));
    expect(ledgerOf(view)).toEqual(ledgerOf(viewOf('config')));
  });

  it('[LED-1] the same actions for other keys leave another log', async () => {
    const other = await played('partitions', ['customer_b', 'customer_a', 'customer_c']);
    const told = ledgerOf(await other.view());
    expect(answerIn(told, 'redo').sentence).not.toBe(answer('partitions', 'redo').sentence);
  });

  it('[LED-3] [LED-5] as many configs tell who is done as it says: each names one customer', () => {
    const { verdict, runsToOpen, evidence } = answer('config', 'done');
    const made = new Set(eventsOf(viewOf('config'), evidence).map(({ runId }) => runId));
    const opened = (runs.get('config') ?? []).filter(({ runId }) => made.has(runId));
    expect({ verdict, runsToOpen }).toEqual({ verdict: 'by hand', runsToOpen: opened.length });
    expect(new Set(opened.map(customerOf))).toEqual(new Set(['customer_a', 'customer_b']));
    for (const { partitionKey, metadata } of eventsOf(viewOf('config'), evidence)) {
      expect(partitionKey).toBeNull();
      expect(JSON.stringify(metadata)).not.toContain('customer_a');
    }
  });

  it('[LED-6] the reason is recorded, for whom it was is in the config, and so is whether it was mended', () => {
    const { verdict, sentence, runsToOpen, evidence } = answer('config', 'failed');
    expect(verdict).toBe('by hand');
    expect(sentence).toContain('no orders yet');
    const [failure] = eventsOf(viewOf('config'), evidence);
    expect(failure?.partitionKey).toBeNull();
    const all = runs.get('config') ?? [];
    const from = all.findIndex(({ runId }) => runId === failure?.runId);
    expect(all.slice(from).map(customerOf)).toEqual(['customer_c', 'customer_a']);
    expect(runsToOpen).toBe(all.length - from);
    expect(answer('config', 'repair').runsToOpen).toBe(runsToOpen);
  });

  it('[LED-4] [LED-8] one value of each asset is stored, and no event holds those it replaced', () => {
    const view = viewOf('config');
    const { verdict, sentence, evidence } = answer('config', 'stored');
    expect(verdict).toBe('not there');
    expect(sentence).toContain('2 values');
    expect(view.values).toHaveLength(2);
    const last = runs.get('config')?.findLast(({ status }) => status === 'SUCCESS');
    expect(new Set(view.values.map(({ runId }) => runId))).toEqual(new Set([last?.runId]));
    const paths = eventsOf(view, evidence).map(({ metadata }) => metadata?.['path']);
    expect(paths.length - new Set(paths).size).toBe(4);
    expect(sentence).toContain('4 others were replaced');
    expect(JSON.stringify(withoutLines(view))).not.toContain('515.49');
  });

  it('[LED-9] the asset as a whole counts as fresh while a customer is to be redone', () => {
    const { verdict, detail, runsToOpen } = answer('config', 'redo');
    expect(verdict).toBe('by hand');
    expect(detail).toContain('counts as fresh');
    // The first run was by older code: it and all after it may have served anyone.
    expect(runsToOpen).toBe(runs.get('config')?.length);
    expect(answer('config', 'upToDate')).toMatchObject({ verdict: 'by hand', runsToOpen: 3 });
    expect(answer('config', 'lastBuilt')).toMatchObject({ verdict: 'by hand', runsToOpen: 3 });
  });

  it('[LED-10] nobody keeps a list of everybody but code', () => {
    expect(answer('config', 'everybody').verdict).toBe('by hand');
    expect(answer('config', 'tonight').verdict).toBe('not there');
    expect(answer('partitions', 'everybody').sentence).toContain('3 run requests');
  });

  it('[LED-12] metadata of the name of the field makes an event name its customer', async () => {
    const cells = cellsOfExample('config').map((cell) =>
      cell.replace(
        '    const { customer_id } = context.config;',
        '    const { customer_id } = context.config;\n    context.addAssetMetadata({ customer_id });',
      ),
    );
    const world = await PlayedWorld.of('named', cells);
    for (const piece of ['customer_a', 'customer_b', 'customer_a']) await world.run(piece);
    const told = ledgerOf(await world.view());
    expect(answerIn(told, 'done')).toMatchObject({
      verdict: 'recorded',
      sentence: '`customer_a` and `customer_b`',
    });
    await world.edit('89.99', '90.01');
    await world.run('customer_b');
    expect(answerIn(ledgerOf(await world.view()), 'redo')).toMatchObject({
      verdict: 'recorded',
      sentence: '`customer_a`',
    });
    await world.edit(FETCHES, FAILS);
    await world.run('customer_c');
    const { verdict, runsToOpen } = answerIn(ledgerOf(await world.view()), 'failed');
    expect({ verdict, runsToOpen }).toEqual({ verdict: 'by hand', runsToOpen: 1 });
  });
});

describe('what config wins, and what counts', () => {
  it('[LED-11] config takes a customer nobody has seen before; a fixed list needs an edit', async () => {
    expect(answer('config', 'newcomer').verdict).toBe('recorded');
    expect(answer('partitions', 'newcomer').verdict).toBe('by hand');
    await worlds.get('config')?.run('customer_d');
    await expect(worlds.get('partitions')?.run('customer_d')).rejects.toThrow('customer_d');
  });

  it('[LED-11] an option is a field; which option a customer was built with, no event tells', async () => {
    const verdicts = (id: LedgerAnswer['id']) =>
      ['partitions', 'config', 'hybrid'].map((name) => answer(name, id).verdict);
    expect(verdicts('option')).toEqual(['not there', 'by hand', 'recorded']);
    expect(verdicts('optionUsed')).toEqual(['not there', 'not there', 'by hand']);
    const [one, other] = await Promise.all(
      [500, 900].map(async (limit) => {
        const world = await PlayedWorld.of('hybrid', cellsOfExample('hybrid'));
        await world.run('customer_b', { limit });
        return { view: await world.view(), runs: await world.runs() };
      }),
    );
    expect(one?.view.events).toEqual(other?.view.events);
    expect(one?.runs.map(({ runConfig }) => runConfig)).not.toEqual(
      other?.runs.map(({ runConfig }) => runConfig),
    );
  });

  it('[LED-13] what was wiped or undone does not count', () => {
    const view = viewOf('partitions');
    const last = view.events.at(-1) as Event;
    const wipe = (at: number, assetKey: string): Event => ({
      ...last,
      eventId: last.eventId + at,
      type: 'ASSET_WIPED',
      runId: '',
      assetKey,
      partitionKey: null,
      metadata: null,
    });
    const wiped = [...view.events, wipe(1, 'customer_orders'), wipe(2, 'customer_summary')];
    const done = (events: readonly Event[]) => answerIn(ledgerOf({ ...view, events }), 'done');
    expect(done(wiped).sentence).toBe('None: nothing is materialized');
    const undone: Event = {
      ...wipe(3, ''),
      type: 'EVENTS_UNDONE',
      assetKey: null,
      metadata: { eventIds: [last.eventId + 1, last.eventId + 2] },
    };
    expect(done([...wiped, undone])).toEqual(done(view.events));
    const deleted = [
      ...view.events,
      { ...wipe(1, 'customer_orders'), ...{ type: 'RUN_DELETED' as const, runId: last.runId } },
    ];
    expect(done(deleted).evidence).not.toEqual(done(view.events).evidence);
  });

  it('[LED-14] all worlds are asked in the same words', () => {
    for (const { question, answers } of ledger.rows) {
      expect(answers.map((one) => one.question)).toEqual([question, question, question]);
    }
    expect(ledger.rows[0]?.question).toBe('Which customers are done?');
    const byHour = {
      ...emptyView([asset('hourly_sales', minutely)]),
      definitions: { ...noDefinitions, assets: [asset('hourly_sales', minutely)] },
    };
    expect(ledgerOf(byHour)[0]?.question).toBe('Which windows are done?');
    expect(ledgerOf(emptyView([asset('plain')]))[0]?.question).toBe('Which keys are done?');
  });

  it('[LED-15] the five rows come out as the seed has them, and say why', () => {
    const verdicts = (name: string) =>
      ledger.fiveRows.map(({ answers }) => answers[ledger.worldNames.indexOf(name)]?.verdict);
    expect(ledger.fiveRows.map(({ question }) => question)).toEqual([
      'Materialization tracking',
      'Backfilling',
      'Scheduling',
      'UI experience',
      'Setup complexity',
    ]);
    expect(verdicts('partitions')).toEqual([...Array(4).fill('recorded'), 'by hand']);
    expect(verdicts('config')).toEqual([...Array(4).fill('by hand'), 'recorded']);
    expect(answer('partitions', 'interface').sentence).toBe(
      'A bar of 3 customers: 2 materialized, 1 failed',
    );
    expect(answer('config', 'interface').detail).toContain('8 values typed');
    expect(answer('partitions', 'tracking').evidenceCount).toBe(6);
  });

  it('[LED-16] the conclusion counts the rows, and says where the others are ahead', () => {
    const recorded = (name: string) => {
      const at = ledger.worldNames.indexOf(name);
      return ledger.rows.filter(({ answers }) => answers[at]?.verdict === 'recorded').length;
    };
    expect(ledger.conclusion?.lead).toBe('Partitions answer more here');
    expect(ledger.conclusion?.because).toBe(
      'because customers are few, known and repaired one by one.',
    );
    expect(ledger.conclusion?.otherwise).toContain(
      `partitions ${recorded('partitions')}, config ${recorded('config')} and hybrid ${recorded('hybrid')}`,
    );
    expect(ledger.conclusion?.otherwise).toContain('a customer nobody has seen before');
    expect(ledgerOfWorlds([viewOf('config')]).conclusion).toBeNull();
    const twice = ledgerOfWorlds([viewOf('config'), viewOf('config')]);
    expect(twice.conclusion?.lead).toBe('All answer as much here');
  });

  it('[LED-17] of a million keys a few are named', () => {
    const view = emptyView([asset('sales', minutely)]);
    const materialized: readonly Event[] = Array.from({ length: 2000 }, (_, at) => ({
      ...blank,
      eventId: at + 1,
      type: 'ASSET_MATERIALIZATION',
      runId: `r${at}`,
      at: view.now,
      assetKey: 'sales',
      partitionKey: new Date(Date.UTC(2024, 0, 1, 0, at))
        .toISOString()
        .slice(0, 16)
        .replace('T', '-'),
      metadata: {},
    }));
    const told = ledgerOf({ ...view, events: materialized });
    expect(answerIn(told, 'done')).toMatchObject({ verdict: 'recorded', evidenceCount: 2000 });
    expect(answerIn(told, 'done').evidence).toHaveLength(400);
    expect(answerIn(told, 'done').sentence).toBe(
      '`2024-01-01-00:00`, `2024-01-01-00:01`, `2024-01-01-00:02` and 1,997 more',
    );
    expect(answerIn(told, 'everybody').sentence).toBe(
      'The keys are the list: 1,051,200 run requests',
    );
    expect(answerIn(told, 'newcomer').verdict).toBe('recorded');
    // Without a version of the code, nothing tells what to redo.
    expect(answerIn(told, 'redo').verdict).toBe('not there');
  });

  it('[LED-2] where nothing has happened every world says so', () => {
    for (const assets of [[asset('plain')], [asset('keyed', customers)], []]) {
      const told = ledgerOf(emptyView(assets));
      expect(answerIn(told, 'done').sentence).toBe('None: nothing is materialized');
      expect(answerIn(told, 'redo').sentence).toBe('Nothing: nothing was built');
    }
  });
});

const minutely = makeTimeWindowPartitionsDefinition({
  className: 'timeWindow',
  start: '2024-01-01-00:00',
  cronSchedule: '* * * * *',
  fmt: '%Y-%m-%d-%H:%M',
});

const blank = {
  level: 'DEBUG',
  message: '',
  stepKey: null,
  error: null,
  byAuthor: false,
} as const;

function emptyView(assets: WorldView['definitions']['assets']): WorldView {
  return {
    name: 'empty',
    definitions: { ...noDefinitions, assets },
    events: [],
    values: [],
    now: Date.UTC(2025, 11, 31),
    effort: { presses: 0, valuesTyped: 0, runs: 0, linesOfCode: 0, linesChanged: 0 },
  };
}
