import { describe, expect, it } from 'vitest';
import { noAnswers, type Answers } from '../../src/advisor/answers.ts';
import { readAnswers } from '../../src/advisor/read-answers.ts';
import { recommend } from '../../src/advisor/recommend.ts';
import { MANY_RUNS, MOST_KEYS, RARE_RUNS, RULES } from '../../src/advisor/rules.ts';
import { declaredIn, exampleFile, fileOf, turned } from '../convert/notebook-turned.ts';

const NOW = Date.parse('2026-03-10T09:00:00Z');

/** What a rule makes of some answers: whether it holds; null while it is open. */
function holds(ruleId: string, answers: Partial<Answers>): boolean | null {
  const rule = RULES.find((one) => one.ruleId === ruleId);
  if (!rule) throw new Error(`There is no rule ${ruleId}.`);
  return rule.check({ ...noAnswers, ...answers })?.holds ?? null;
}

function advised(answers: Partial<Answers>) {
  return recommend({ ...noAnswers, ...answers });
}

/** As the customers of the seed are kept with partitions. */
const customers: Answers = {
  values: 'listed',
  count: 3,
  runsPerDay: 3,
  status: true,
  fresh: true,
  redo: 'pieces',
  scheduled: true,
  options: false,
};

/** As someone looks up one thing now and then. */
const lookup: Answers = {
  values: 'endless',
  count: null,
  runsPerDay: 0.2,
  status: false,
  fresh: false,
  redo: 'never',
  scheduled: false,
  options: true,
};

describe('the ten rules (ADV)', () => {
  it('[ADV-P1] pieces with names, as many as Dagster advises', () => {
    expect(holds('ADV-P1', {})).toBeNull();
    expect(holds('ADV-P1', { values: 'listed' })).toBe(true);
    expect(holds('ADV-P1', { values: 'arriving', count: MOST_KEYS })).toBe(true);
    expect(holds('ADV-P1', { values: 'listed', count: MOST_KEYS + 1 })).toBe(false);
    expect(holds('ADV-P1', { values: 'endless' })).toBe(false);
  });

  it('[ADV-P2] [ADV-C3] a status of each value', () => {
    expect(['ADV-P2', 'ADV-C3'].map((id) => holds(id, {}))).toEqual([null, null]);
    expect(['ADV-P2', 'ADV-C3'].map((id) => holds(id, { status: true }))).toEqual([true, false]);
    expect(['ADV-P2', 'ADV-C3'].map((id) => holds(id, { status: false }))).toEqual([false, true]);
  });

  it('[ADV-P3] values that are made again one by one', () => {
    expect(holds('ADV-P3', {})).toBeNull();
    expect(holds('ADV-P3', { redo: 'pieces' })).toBe(true);
    expect(holds('ADV-P3', { redo: 'whole' })).toBe(false);
    expect(holds('ADV-P3', { redo: 'never' })).toBe(false);
  });

  it('[ADV-P4] a schedule over all values, which many runs a day make costly', () => {
    expect(holds('ADV-P4', {})).toBeNull();
    expect(holds('ADV-P4', { scheduled: true })).toBe(true);
    expect(holds('ADV-P4', { scheduled: false })).toBe(false);
    const rule = RULES.find(({ ruleId }) => ruleId === 'ADV-P4');
    const reason = (runsPerDay: number) =>
      rule?.check({ ...noAnswers, scheduled: true, runsPerDay })?.reason;
    expect(reason(MANY_RUNS - 1)).not.toMatch(/backfill policy/);
    expect(reason(MANY_RUNS)).toMatch(/1,000 runs a day want a backfill policy/);
  });

  it('[ADV-P5] seeing which values are out of date', () => {
    expect(holds('ADV-P5', {})).toBeNull();
    expect(holds('ADV-P5', { fresh: true })).toBe(true);
    expect(holds('ADV-P5', { fresh: false })).toBe(false);
  });

  it('[ADV-C1] rare runs', () => {
    expect(holds('ADV-C1', {})).toBeNull();
    expect(holds('ADV-C1', { runsPerDay: RARE_RUNS - 0.01 })).toBe(true);
    expect(holds('ADV-C1', { runsPerDay: RARE_RUNS })).toBe(false);
  });

  it('[ADV-C2] values without end, or as good as that', () => {
    expect(holds('ADV-C2', {})).toBeNull();
    expect(holds('ADV-C2', { values: 'endless' })).toBe(true);
    expect(holds('ADV-C2', { values: 'arriving' })).toBe(false);
    expect(holds('ADV-C2', { values: 'listed', count: MOST_KEYS })).toBe(false);
    expect(holds('ADV-C2', { values: 'listed', count: MOST_KEYS + 1 })).toBe(true);
  });

  it('[ADV-C4] one history', () => {
    expect(holds('ADV-C4', { fresh: false })).toBeNull();
    expect(holds('ADV-C4', { fresh: false, redo: 'whole' })).toBe(true);
    expect(holds('ADV-C4', { fresh: true })).toBe(false);
    expect(holds('ADV-C4', { redo: 'pieces' })).toBe(false);
  });

  it('[ADV-C5] a parameter, and no more', () => {
    expect(holds('ADV-C5', { scheduled: false })).toBeNull();
    expect(holds('ADV-C5', { scheduled: false, status: false })).toBe(true);
    expect(holds('ADV-C5', { scheduled: true })).toBe(false);
    expect(holds('ADV-C5', { status: true })).toBe(false);
  });

  it('[ADV-1] five lines for each side; a threshold says why it lies where it does', () => {
    expect(RULES.map(({ side }) => side)).toEqual([
      ...Array.from({ length: 5 }, () => 'partitions'),
      ...Array.from({ length: 5 }, () => 'config'),
    ]);
    const thresholds = RULES.flatMap(({ threshold }) => threshold ?? []);
    expect(thresholds).toHaveLength(4);
    for (const threshold of thresholds) expect(threshold).toMatch(/\d.*: \S/);
  });
});

describe('the recommendation (ADV)', () => {
  it('[ADV-2] is the side with more rules that hold', () => {
    expect(advised(customers)).toMatchObject({ form: 'partitions', reasonsAgainst: [], open: [] });
    expect(advised(customers).reasonsFor).toHaveLength(5);
    expect(advised(lookup)).toMatchObject({ form: 'config', reasonsAgainst: [] });
    expect(advised(lookup).reasonsFor).toHaveLength(5);
  });

  it('[ADV-2] is open as long as nothing speaks for either, and config if as much does', () => {
    expect(advised({})).toMatchObject({ form: null, reasonsFor: [] });
    expect(advised({}).open).toHaveLength(10);
    const even = advised({ ...customers, status: false, fresh: false, scheduled: false });
    expect([even.reasonsFor.length, even.reasonsAgainst.length]).toEqual([2, 2]);
    expect(even.form).toBe('config');
  });

  it('[ADV-3] is config if the values cannot be keys, with what is lost', () => {
    for (const answers of [
      { ...customers, values: 'endless' as const },
      { ...customers, count: MOST_KEYS + 1 },
    ]) {
      const { form, sentence, reasonsAgainst } = advised(answers);
      expect(form).toBe('config');
      expect(sentence).toMatch(/larger pieces/);
      expect(reasonsAgainst.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('[ADV-4] is a hybrid if options stand beside the keys', () => {
    expect(advised({ ...customers, options: true }).form).toBe('hybrid');
    expect(advised({ ...lookup, options: true }).form).toBe('config');
  });

  it('[ADV-5] begins with what the notebook says', () => {
    const read = (file: string, keyCount: number | null) => {
      const definitions = declaredIn(file);
      const [asset] = definitions.assets;
      if (!asset) throw new Error('There is no asset.');
      return readAnswers(definitions, asset, keyCount, NOW);
    };
    const known = { status: null, fresh: null, redo: null };
    expect(read(exampleFile('partitions'), 3)).toEqual({
      ...known,
      values: 'listed',
      count: 3,
      runsPerDay: 3,
      scheduled: true,
      options: null,
    });
    expect(read(exampleFile('config'), null)).toEqual({ ...noAnswers, options: false });
    expect(read(exampleFile('dynamic'), 0)).toMatchObject({ values: 'arriving', count: 0 });
    expect(read(exampleFile('hybrid'), 3)).toMatchObject({ options: true, scheduled: null });
    const regions = `const Region = dg.Config({ region: z.enum(['eu', 'us']) });
const sales = dg.asset({ config: Region }, (context) => context.config.region);`;
    expect(read(fileOf(regions), null)).toMatchObject({ values: 'listed', count: 2 });
    // What Convert makes of an asset is what the advisor then reads.
    expect(read(turned(exampleFile('partitions'), 'hybrid'), 3)).toMatchObject({ options: true });
  });
});
