import { describe, expect, it } from 'vitest';
import { formOf, type TurnedForm } from '../../src/convert/asset-form.ts';
import { cellsOf, declaredIn, exampleFile, fileOf, turned } from './notebook-turned.ts';

const FORMS: readonly TurnedForm[] = ['partitions', 'config', 'hybrid'];
const customers = ['customer_a', 'customer_b', 'customer_c'];

/** Every path over the three forms that ends where it begins. */
const PATHS = FORMS.flatMap((start) =>
  FORMS.filter((next) => next !== start).flatMap((next) => {
    const last = FORMS.find((form) => form !== start && form !== next) ?? start;
    return [
      [start, next, start],
      [start, next, last, start],
      [start, next, last, next, start],
    ];
  }),
);

function along(file: string, path: readonly TurnedForm[]): string {
  return path.reduce((text, to) => turned(text, to), file);
}

describe('there and back (CV)', () => {
  it('[CV-10] the partitions of the seed become config, hybrid, and the same cells again', () => {
    const file = exampleFile('partitions');
    const config = turned(file, 'config');
    expect(cellsOf(config)).toContain(
      'const CustomerConfig = dg.Config({ customer_id: z.string() });',
    );
    const hybrid = turned(config, 'hybrid');
    expect(cellsOf(hybrid)).not.toContain(
      'const CustomerConfig = dg.Config({ customer_id: z.string() });',
    );
    expect(turned(hybrid, 'partitions')).toBe(file);
  });

  it.each(PATHS.filter(([start]) => start === 'partitions').map((path) => [path]))(
    '[CV-10] partitions over %j',
    (path) => {
      const file = exampleFile('partitions');
      expect(along(file, path.slice(1))).toBe(file);
    },
  );

  it.each(PATHS.filter(([start]) => start === 'hybrid').map((path) => [path]))(
    '[CV-10] hybrid over %j',
    (path) => {
      const file = exampleFile('hybrid');
      expect(along(file, path.slice(1))).toBe(file);
    },
  );

  it.each(PATHS.filter(([start]) => start === 'config').map((path) => [path]))(
    '[CV-10] config over %j, once its keys are there',
    (path) => {
      const keyed = turned(exampleFile('config'), 'partitions', {
        partitions: { kind: 'static', keys: customers },
      });
      const file = turned(keyed, 'config');
      expect(along(file, path.slice(1))).toBe(file);
      // But for the definition, it is the example.
      const added = cellsOf(keyed)[0] ?? '';
      expect(cellsOf(file).filter((cell) => cell !== added)).toEqual(
        cellsOf(exampleFile('config')),
      );
    },
  );

  it('[CV-5] options that a function may read stay, whichever they are', () => {
    const file = exampleFile('partitions');
    const option = { name: 'dry_run', kind: 'bool', defaultValue: false } as const;
    const hybrid = turned(file, 'hybrid', { option });
    expect(cellsOf(hybrid)).toContain(
      'const ProcessingConfig = dg.Config({\n  dry_run: z.boolean().default(false),\n});',
    );
    expect(turned(turned(hybrid, 'config'), 'hybrid')).toBe(hybrid);
    expect(turned(turned(hybrid, 'partitions'), 'hybrid')).toBe(hybrid);
  });

  it('[CV-11] another way to write it is brought into one form, which then holds', () => {
    const file = fileOf(
      `const shops = dg.StaticPartitionsDefinition(['a', 'b']);`,
      `const Shop = dg.Config({ shop_id: z.string() });\nconst sales = dg.asset({ config: Shop }, (context) => {\n  const shop_id = context.config.shop_id;\n  return shop_id;\n});`,
    );
    const keyed = turned(file, 'partitions');
    expect(keyed).toContain('const shop_id = context.partitionKey;');
    const back = turned(keyed, 'config');
    expect(back).toContain('const { shop_id } = context.config;');
    expect(along(back, ['partitions', 'config'])).toBe(back);
    expect(along(keyed, ['config', 'hybrid', 'partitions'])).toBe(keyed);
  });

  it.each(['partitions', 'config', 'hybrid'].flatMap((name) => FORMS.map((to) => [name, to])))(
    '[CV-12] %s as %s loads, and is what was asked for',
    (name, to) => {
      const form = to as TurnedForm;
      const partitions = { kind: 'static', keys: customers } as const;
      const choice = name === 'config' ? { partitions } : {};
      const { assets } = declaredIn(turned(exampleFile(name ?? ''), form, choice));
      expect(assets.map(formOf)).toEqual(assets.map(() => form));
    },
  );

  it.each(['partitioned-assets', 'dynamic', 'asset-job'])(
    '[CV-10] %s of the examples goes there and back where it can',
    (name) => {
      const file = exampleFile(name);
      const hybrid = turned(file, 'hybrid');
      expect(turned(hybrid, 'partitions')).toBe(file);
    },
  );
});
