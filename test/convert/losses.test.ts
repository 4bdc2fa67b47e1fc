import { describe, expect, it } from 'vitest';
import { formOf, type TurnedForm } from '../../src/convert/asset-form.ts';
import { lineDifference } from '../../src/convert/line-difference.ts';
import { lossesOf, type Loss } from '../../src/convert/losses.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { noStatuses } from '../../src/orchestration/partition-status.ts';
import { StatusFolds } from '../../src/orchestration/status-folds.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { PlayedWorld, cellsOfExample } from '../ledger/played-world.ts';
import { conversionOf, exampleFile } from './notebook-turned.ts';

const FAILS = `if (customer_id === 'customer_c') throw new Error('no orders yet');`;

/** What the history of an asset in a played world loses, from its event log and its definitions. */
async function lossesIn(world: PlayedWorld, assetKey: string, to: TurnedForm) {
  const { definitions, events, values, now } = await world.view();
  const spec = definitions.assets.find((one) => one.assetKey === assetKey);
  if (!spec) throw new Error(`There is no asset ${assetKey}.`);
  const context = { effectiveAt: now, dynamicPartitions: new Map() };
  const keySpace = new KeySpace(context);
  const folds = new StatusFolds();
  folds.declare(definitions.assets, keySpace);
  folds.apply(events);
  const index = indexPartitions(spec.partitionsDef ?? { kind: 'static', keys: [''] }, context);
  const made = events.filter(
    (event) => event.type === 'ASSET_MATERIALIZATION' && event.assetKey === assetKey,
  );
  return lossesOf(
    {
      assetKey,
      form: formOf(spec),
      index,
      statuses: folds.of(assetKey).statuses(new Set()),
      ordinals: Int32Array.from(made, ({ partitionKey }) => index.ordinalOf(partitionKey ?? '')),
      storesValues: values.some((value) => value.assetKey === assetKey),
    },
    to,
  );
}

function counts(losses: readonly Loss[]) {
  return losses.map(({ kind, count }) => [kind, count]);
}

describe('what the history loses (CV)', () => {
  it('[CV-15] keys: records, values, failures, and what is missing', async () => {
    const world = await PlayedWorld.of('keys', cellsOfExample('partitions'));
    await world.run('customer_a');
    await world.run('customer_a');
    await world.run('customer_b');
    const losses = await lossesIn(world, 'customer_orders', 'config');
    expect(counts(losses)).toEqual([
      ['records', 3],
      ['values', 2],
      ['folder', 2],
      ['missing', 1],
    ]);
    expect(losses[0]?.sentence).toMatch(/^3 records of 2 keys collapse into one status/);
    expect(losses[1]?.sentence).toMatch(/^2 values would replace each other/);
    const line = 'const customer_id = context.partitionKey;';
    await world.edit(line, `${line}\n    ${FAILS}`);
    await world.run('customer_c');
    const after = await lossesIn(world, 'customer_orders', 'config');
    expect(counts(after)).toEqual([
      ['records', 3],
      ['values', 2],
      ['folder', 2],
      ['failed', 1],
    ]);
    expect(after.at(-1)?.sentence).toMatch(/^customer_c stands as failed/);
    expect(await lossesIn(world, 'customer_orders', 'hybrid')).toEqual([]);
  });

  it('[CV-15] what it says comes true: the asset is missing, and each run replaces one value', async () => {
    const world = await PlayedWorld.of('turned', cellsOfExample('partitions'));
    await world.run('customer_a');
    const [definition = ''] = cellsOfExample('partitions');
    for (const change of conversionOf(exampleFile('partitions'), 'config').changes) {
      if (change.kind === 'edit') await world.edit(change.before, change.after);
      if (change.kind === 'add') await world.edit(definition, `${definition}\n${change.after}\n`);
    }
    const { events } = await world.view();
    const folds = new StatusFolds();
    folds.declare(
      world.definitions.assets,
      new KeySpace({ effectiveAt: 0, dynamicPartitions: new Map() }),
    );
    folds.apply(events);
    expect(folds.of('customer_orders').statuses(new Set()).materialized).toEqual([]);
    await world.run('customer_b');
    await world.run('customer_c');
    const { values } = await world.view();
    const orders = values.filter(({ assetKey }) => assetKey === 'customer_orders');
    expect(orders.map(({ partitionKey }) => partitionKey).sort()).toEqual(['customer_a', null]);
  });

  it('[CV-17] nothing is lost where nothing happened', () => {
    const index = indexPartitions(
      { kind: 'static', keys: ['a'] },
      { effectiveAt: 0, dynamicPartitions: new Map() },
    );
    const history = { assetKey: 'sales', index, statuses: noStatuses, storesValues: false };
    const ordinals = new Int32Array();
    expect(lossesOf({ ...history, ordinals, form: 'partitions' }, 'config')).toEqual([]);
    expect(lossesOf({ ...history, ordinals, form: 'config' }, 'partitions')).toEqual([]);
  });

  it('[CV-16] one history: its records count for no key, and its value goes', async () => {
    const world = await PlayedWorld.of('config', cellsOfExample('config'));
    await world.run('customer_a');
    await world.run('customer_b');
    for (const to of ['partitions', 'hybrid'] as const) {
      expect(counts(await lossesIn(world, 'customer_summary', to))).toEqual([
        ['keyless', 2],
        ['value', 1],
      ]);
    }
  });
});

describe('the difference (CV)', () => {
  it('[CV-18] holds every line of both, in order, and the fewest changes', () => {
    const lines = lineDifference('a\nb\nc\nd', 'a\nx\nc\ny\nd');
    expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same a',
      'removed b',
      'added x',
      'same c',
      'added y',
      'same d',
    ]);
    expect(lineDifference('', 'a')).toEqual([{ kind: 'added', text: 'a' }]);
    expect(lineDifference('a', '')).toEqual([{ kind: 'removed', text: 'a' }]);
    const long = Array.from({ length: 3000 }, (_, at) => String(at)).join('\n');
    expect(
      lineDifference(long, `${long}\nmore`)
        .filter(({ kind }) => kind === 'added')
        .at(-1),
    ).toEqual({ kind: 'added', text: 'more' });
  });
});
