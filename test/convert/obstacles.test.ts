import { describe, expect, it } from 'vitest';
import { formOf, turnedTogether } from '../../src/convert/asset-form.ts';
import {
  cellsOf,
  conversionOf,
  declaredIn,
  exampleFile,
  fileOf,
  obstaclesOf,
  turned,
} from './notebook-turned.ts';

const shops = `const shop_partitions = dg.StaticPartitionsDefinition(['a', 'b']);`;

/** A file of one asset over the shops, with this function. */
function shopSales(fn: string, options = 'partitionsDef: shop_partitions'): string {
  return fileOf(shops, `const sales = dg.asset({ ${options} }, ${fn});`);
}

describe('forms (CV)', () => {
  it('[CV-1] are told by partitions and by what config must be given', () => {
    const { assets } = declaredIn(
      fileOf(
        shops,
        `const One = dg.Config({ shop: z.string(), limit: z.int().default(1) });
const Two = dg.Config({ limit: z.int().default(1) });
const keyed = dg.asset({ partitionsDef: shop_partitions }, () => 1);
const both = dg.asset({ partitionsDef: shop_partitions, config: Two }, () => 1);
const asked = dg.asset({ config: One }, () => 1);
const set = dg.asset({ config: Two }, () => 1);
const alone = dg.asset(() => 1);`,
      ),
    );
    expect(assets.map(formOf)).toEqual(['partitions', 'hybrid', 'config', 'single', 'single']);
  });

  it('[CV-2] assets of the same keys, or the same field, are turned together', () => {
    const both = ['customer_orders', 'customer_summary'];
    for (const name of ['partitions', 'config']) {
      expect(turnedTogether(declaredIn(exampleFile(name)), 'customer_summary')).toEqual(both);
    }
    const days = declaredIn(exampleFile('calendar'));
    expect(turnedTogether(days, 'orders')).toEqual(['orders']);
  });
});

describe('what cannot be turned (CV)', () => {
  it.each([
    ['(context) => context.partitionKeyRange', 'sales: It reads context.partitionKeyRange, '],
    ['(context) => { const all = { context }; return all; }', 'sales: It hands its context on'],
    ['({ partitionKey, partitionKeys }) => partitionKey', 'sales: It reads partitionKeys, '],
  ])('[CV-13] %s', (fn, words) => {
    expect(obstaclesOf(shopSales(fn), 'config')[0]).toContain(words);
    expect(conversionOf(shopSales(fn), 'config').changes).toEqual([]);
  });

  it('[CV-13] a schedule of a partitioned job, a mapping, two dimensions', () => {
    expect(obstaclesOf(exampleFile('dependencies'), 'config').join('\n')).toMatch(
      /maps its keys to those of/,
    );
    expect(obstaclesOf(exampleFile('dimensions'), 'config').join('\n')).toMatch(/two dimensions/);
    const nightly = fileOf(
      `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const sales = dg.asset({ partitionsDef: days }, (context) => context.partitionKey);
const sales_job = dg.defineAssetJob('sales_job', { selection: [sales], partitionsDef: days });
const nightly = dg.buildScheduleFromPartitionedJob(sales_job);`,
    );
    expect(obstaclesOf(nightly, 'config').join('\n')).toMatch(/when the key begins to exist/);
  });

  it('[CV-13] one of two assets that a job runs by the same key', () => {
    const assetKeys = ['customer_orders'];
    expect(obstaclesOf(exampleFile('partitions'), 'config', { assetKeys }).join('\n')).toMatch(
      /all_customers_job: It runs customer_summary too/,
    );
  });

  it('[CV-13] config that is kept whole, or cannot be left out', () => {
    const file = (fn: string) =>
      fileOf(
        shops,
        `const Shop = dg.Config({ shop_id: z.string(), floor: z.int() });`,
        `const sales = dg.asset({ config: Shop }, ${fn});`,
      );
    expect(obstaclesOf(file('(context) => context.config'), 'hybrid')[0]).toMatch(
      /keeps its config whole/,
    );
    expect(obstaclesOf(file('(context) => context.config.floor'), 'partitions')[0]).toMatch(
      /floor has no default/,
    );
    expect(cellsOf(turned(file('(context) => context.config.floor'), 'hybrid'))).toEqual([
      shops,
      'const Shop = dg.Config({ floor: z.int() });',
      'const sales = dg.asset({ partitionsDef: shop_partitions, config: Shop }, (context) => context.config.floor);',
    ]);
  });

  it('[CV-13] an asset of one piece, and keys that are none', () => {
    expect(obstaclesOf(fileOf('const sales = dg.asset({}, () => 1);'), 'partitions')[0]).toMatch(
      /it is one piece/,
    );
    const none = { partitions: { kind: 'static', keys: [] } } as const;
    expect(obstaclesOf(exampleFile('config'), 'partitions', none)[0]).toMatch(/at least one/);
    const twice = { partitions: { kind: 'static', keys: ['a', 'a'] } } as const;
    expect(obstaclesOf(exampleFile('config'), 'partitions', twice)[0]).toMatch(/written twice/);
  });

  it('[CV-14] a test that still gives a key is told', () => {
    const file = fileOf(
      shops,
      'const sales = dg.asset({ partitionsDef: shop_partitions }, (context) => context.partitionKey);',
      `dg.test('one', () => dg.materialize([sales], { partitionKey: 'a' }));`,
    );
    expect(conversionOf(file, 'config').notes).toContainEqual({
      part: 'Cell 3',
      sentence: 'It tries sales with a partitionKey, as the asset was: mend it by hand.',
    });
  });
});

describe('the edits (CV)', () => {
  it('[CV-3] [CV-9] other names, comments and layout stay', () => {
    const fn = `(run /* one shop */) => {
    // its name
    return \`\${run.partitionKey}!\`;
  }`;
    const [, added, sales] = cellsOf(turned(shopSales(fn), 'config'));
    expect(added).toBe('const ShopConfig = dg.Config({ shop_id: z.string() });');
    expect(sales).toBe(
      `const sales = dg.asset({ config: ShopConfig }, ${fn.replace('run.partitionKey', 'run.config.shop_id')});`,
    );
  });

  it('[CV-7] keys are those of a constant, a new list, or dynamic', () => {
    const dynamic = turned(exampleFile('config'), 'partitions', {
      partitions: { kind: 'dynamic' },
    });
    expect(cellsOf(dynamic)[0]).toBe(
      `const customer_partitions = dg.DynamicPartitionsDefinition({ name: 'customers' });`,
    );
    const listed = fileOf(
      `const Region = dg.Config({ region: z.enum(['eu', 'us']) });`,
      'const sales = dg.asset({ config: Region }, (context) => context.config.region);',
    );
    expect(cellsOf(turned(listed, 'partitions'))[0]).toBe(
      `const region_partitions = dg.StaticPartitionsDefinition(\n  ['eu', 'us'],\n);`,
    );
  });
});
