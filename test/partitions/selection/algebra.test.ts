import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../../src/time/zone.ts';
import { calendarSubset } from '../../../src/partitions/selection/calendar-subset.ts';
import { completeSelection } from '../../../src/partitions/selection/complete-selection.ts';
import { dagsterText } from '../../../src/partitions/selection/dagster-text.ts';
import { evaluateSelection } from '../../../src/partitions/selection/evaluate-selection.ts';
import { partsOfProduct, productOf } from '../../../src/partitions/selection/format-selection.ts';
import { formatTree } from '../../../src/partitions/selection/format-tree.ts';
import { parseSelection } from '../../../src/partitions/selection/parse-selection.ts';
import type {
  SelectionAssets,
  SelectionScope,
} from '../../../src/partitions/selection/selection-scope.ts';
import type { SelectionNode } from '../../../src/partitions/selection/selection-tree.ts';
import type { PartitionIndex } from '../../../src/partitions/partition-index.ts';
import { countOf, subsetOf, unionAll } from '../../../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import {
  customers,
  days,
  grid,
  indexOf,
  NOW,
  problemsIn,
  scopeOf,
  selected,
  statusesOf,
} from './scopes.ts';

const statuses = statusesOf(days, {
  materialized: [0, 40],
  stale: [10, 20],
  failed: [40, 42],
  'not tried': [42, 43],
});
const inDays = (text: string, more: Partial<SelectionScope> = {}) =>
  selected(text, days, { statuses, ...more });
const months = indexOf({ kind: 'monthly', start: '2024-01-01' });
const assets: SelectionAssets = {
  names: ['orders', 'summary', 'config'],
  find: (name) => {
    if (name === 'orders') return { index: days, statuses: statusesOf(days, { failed: [3, 5] }) };
    if (name === 'summary') return { index: months, statuses: statusesOf(months) };
    return name === 'config' ? { index: null, statuses: statusesOf(months) } : null;
  },
  upstreamOf: (name, subset) =>
    name === 'summary' ? subset.map((month) => [0, 31, 60][month] ?? 60) : null,
  downstreamOf: () => null,
};

describe('the algebra of selections (SEL)', () => {
  it('[SEL-8] & is both, - is without, | and , are either, not is the rest', () => {
    expect(inDays('failed & [2024-02-10...2024-02-11]')).toEqual(['2024-02-10', '2024-02-11']);
    expect(inDays('failed - latest 18')).toEqual(['2024-02-10', '2024-02-11']);
    expect(inDays('2024-01-01 | 2024-01-03')).toEqual(['2024-01-01', '2024-01-03']);
    expect(inDays('not missing & not materialized')).toEqual(inDays('failed'));
    expect(inDays('(2024-01-01, 2024-01-02) - 2024-01-01')).toEqual(['2024-01-02']);
    expect(inDays('[2024-01-01...2024-01-03]-2024-01-02')).toEqual(['2024-01-01', '2024-01-03']);
  });

  it('[SEL-8] & and - bind closer than , and |, and go from left to right', () => {
    expect(inDays('2024-01-05, [2024-01-01...2024-01-03] - 2024-01-02')).toEqual([
      '2024-01-01',
      '2024-01-03',
      '2024-01-05',
    ]);
    expect(inDays('all - failed & latest 20')).toEqual(inDays('(all - failed) & latest 20'));
  });

  it('[SEL-8] what is a key as it stands is one, whatever signs are in it', () => {
    const odd = indexOf({ kind: 'static', keys: ['R&D', 'a - b', 'New York', '/x/', '@me', 'a'] });
    expect(selected('R&D, a - b, /x/, @me', odd)).toEqual(['R&D', 'a - b', '/x/', '@me']);
    expect(selected('all - a - b', odd)).toEqual(['R&D', 'New York', '/x/', '@me', 'a']);
    expect(selected('New York | a', odd)).toEqual(['New York', 'a']);
    expect(selected('red|2024-02-01', grid)).toEqual(['red|2024-02-01']);
  });

  it('[SEL-9] statuses are words: failed ones with those not tried, materialized ones with stale', () => {
    expect(inDays('failed')).toHaveLength(3);
    expect(inDays('failed - not tried')).toHaveLength(2);
    expect(inDays('Not  Tried')).toEqual(['2024-02-12']);
    expect(inDays('materialized')).toHaveLength(40);
    expect(inDays('stale')).toHaveLength(10);
    expect(inDays('missing')).toHaveLength(17);
    expect(inDays('failed(orders)', { assets })).toEqual(['2024-01-04', '2024-01-05']);
    expect(problemsIn('failed(summary)', days, { assets })[0]?.message).toContain(
      'upstream-of(summary: failed)',
    );
    expect(problemsIn('failed(ordrs)', days, { assets })).toEqual([
      {
        from: 7,
        to: 12,
        message: 'ordrs is not an asset here. Did you mean orders?',
        nearest: 'orders',
      },
    ]);
  });

  it('[SEL-10] up and down the graph: what keys of another asset read, or what reads them', () => {
    expect(inDays('upstream-of(summary:2024-01-01)', { assets })).toHaveLength(31);
    expect(inDays('upstream-of(summary: latest) & 2024-02-0*', { assets })).toHaveLength(9);
    expect(problemsIn('downstream-of(orders)', days, { assets })[0]?.message).toBe(
      'Nothing of this asset reads orders.',
    );
    expect(problemsIn('upstream-of(summary:2024-13-01)', days, { assets })[0]).toMatchObject({
      from: 20,
      to: 30,
    });
    expect(problemsIn('upstream-of(config:a)', days, { assets })[0]?.message).toBe(
      'config has no partitions.',
    );
  });

  it('[SEL-11] latest, and words of the calendar in the zone of the definition', () => {
    expect(inDays('latest')).toEqual(['2024-02-29']);
    expect(inDays('latest 3')).toEqual(['2024-02-27', '2024-02-28', '2024-02-29']);
    expect(inDays('latest 1000')).toHaveLength(60);
    expect(inDays('last 2 days')).toEqual(['2024-02-28', '2024-02-29']);
    expect(inDays('yesterday')).toEqual(['2024-02-29']);
    expect(inDays('last month')).toHaveLength(29);
    expect(inDays('this month')).toEqual([]);
    expect(inDays('last 1 month')).toHaveLength(29);
    expect(inDays('weekends & last 7 days')).toEqual(['2024-02-24', '2024-02-25']);
    expect(inDays('Mondays & February')).toEqual([
      '2024-02-05',
      '2024-02-12',
      '2024-02-19',
      '2024-02-26',
    ]);
    expect(inDays('last 7 days & february - mon')).toHaveLength(6);
    expect(selected('last 2 days', grid)).toHaveLength(6);
    expect(selected('latest', grid)).toEqual([
      'red|2024-02-29',
      'yellow|2024-02-29',
      'blue|2024-02-29',
    ]);
    expect(problemsIn('weekends')[0]?.message).toBe('weekends is a time, and these keys are not.');
  });

  it('[SEL-11] every calendar word means what looking at each window says', () => {
    const zone = 'America/New_York';
    const hours = indexOf({ kind: 'hourly', start: '2023-02-20-00:00', timezone: zone });
    const local = (ordinal: number) => {
      const at = hours.windowAt(ordinal)?.startAt ?? 0;
      return new Date(at + zoneOf(zone).offsetAt(at));
    };
    const naive: readonly (readonly [string, (date: Date) => boolean])[] = [
      ['weekends', (date) => date.getUTCDay() % 6 === 0],
      ['weekdays', (date) => date.getUTCDay() % 6 !== 0],
      ['sunday', (date) => date.getUTCDay() === 0],
      ['november', (date) => date.getUTCMonth() === 10],
      ['feb', (date) => date.getUTCMonth() === 1],
      ['last year', (date) => date.getUTCFullYear() === 2023],
      ['this year', (date) => date.getUTCFullYear() === 2024],
      ['last week', (date) => date >= new Date('2024-02-19') && date < new Date('2024-02-26')],
      ['this week', (date) => date >= new Date('2024-02-26')],
      ['last 3 weeks', (date) => date >= new Date('2024-02-09')],
      ['last 3 months', (date) => date >= new Date('2023-12-01')],
      ['last 1 years', (date) => date >= new Date('2023-03-01')],
      ['last 5 hours', (date) => date >= new Date('2024-03-01T02:00Z')],
    ];
    for (const [words, holds] of naive) {
      const ordinals = Array.from({ length: hours.count }, (_, at) => at);
      const expected = subsetOf(ordinals.filter((ordinal) => holds(local(ordinal))));
      expect([words, calendarSubset(words, hours, NOW)]).toEqual([words, expected]);
    }
  });

  it('[SEL-14] ranges may be open, and leave out an end in a round bracket', () => {
    expect(inDays('[2024-02-27...]')).toHaveLength(3);
    expect(inDays('[...2024-01-02]')).toHaveLength(2);
    expect(inDays('[2024-01-01..2024-02-01)')).toHaveLength(31);
    expect(inDays('(2024-01-01..2024-01-03)')).toEqual(['2024-01-02']);
    expect(inDays('(2024-01-01...2024-01-03]')).toEqual(['2024-01-02', '2024-01-03']);
    expect(problemsIn('[2024-01-01..2024-01-01)', days)[0]?.message).toBe(
      'This range is empty: nothing stands between its ends.',
    );
    expect(problemsIn('[red|2024-02-01..red|2024-02-02)', grid)[0]?.message).toBe(
      'In two dimensions a range has both its ends: write [a...b].',
    );
  });

  it('[SEL-15] patterns between slashes, and one dimension alone', () => {
    expect(selected('/_[ab]$/', customers)).toEqual(['customer_a', 'customer_b']);
    expect(selected('/^CUSTOMER_A/i', customers)).toEqual(['customer_a']);
    expect(problemsIn('/(/')[0]).toMatchObject({ from: 0, to: 3 });
    expect(problemsIn('/a/x')[0]?.message).toBe(
      'A pattern may end with i, s or u; x means nothing here.',
    );
    expect(selected('date=[2024-02-01...2024-02-02] & color=red', grid)).toEqual([
      'red|2024-02-01',
      'red|2024-02-02',
    ]);
    expect(selected('color=(red, blue) & date=latest', grid)).toEqual([
      'red|2024-02-29',
      'blue|2024-02-29',
    ]);
    expect(selected('date = weekends & color = red', grid)).toHaveLength(8);
    expect(selected('red|2024-02-0*', grid)).toHaveLength(9);
    expect(selected('*|2024-02-01', grid)).toHaveLength(3);
    expect(selected('y*-01', grid)).toEqual(['yellow|2024-02-01']);
    expect(problemsIn('colour=red', grid)[0]).toEqual({
      from: 0,
      to: 6,
      message: 'colour is not a dimension. The dimensions are color and date.',
      nearest: 'color',
    });
    expect(problemsIn('color=rad', grid)[0]).toMatchObject({ from: 6, to: 9, nearest: 'red' });
  });

  it('[SEL-16] @ stands before the name of a selection, which never means itself', () => {
    const named = new Map([
      ['odd', 'failed, 2024-01-01'],
      ['loop', 'all - @loop'],
      ['bad', 'nothing-here'],
    ]);
    expect(inDays('@odd - failed', { named })).toEqual(['2024-01-01']);
    expect(problemsIn('@loop', days, { named })[0]?.message).toContain('@loop means itself.');
    expect(problemsIn('@bad', days, { named })[0]?.message).toMatch(/^In @bad: nothing-here/);
    expect(problemsIn('@none', days, { named })[0]?.message).toBe(
      'No selection is called @none. There is @odd, @loop, @bad.',
    );
  });

  it('[SEL-6] an error of the algebra stands at the sign that is wrong', () => {
    const at = (text: string) =>
      problemsIn(text, days, { statuses }).map(({ from, to }) => [from, to]);
    expect(at('(failed')).toEqual([[0, 1]]);
    expect(at('failed)')).toEqual([[6, 7]]);
    expect(at('failed & ')).toEqual([[7, 8]]);
    expect(at('& failed')).toEqual([[0, 1]]);
    expect(at('failed | ')).toEqual([[7, 8]]);
    expect(at('not ')).toEqual([[0, 3]]);
    expect(at('()')).toEqual([[0, 2]]);
    expect(at('[2024-01-01...2024-01-02] failed')).toEqual([[26, 32]]);
    expect(problemsIn('faild', days)[0]).toMatchObject({ nearest: 'failed' });
    expect(problemsIn('latst 30', days)[0]).toMatchObject({ nearest: 'latest 30' });
    expect(problemsIn('last 45 dys', days)[0]).toMatchObject({ nearest: 'last 45 days' });
  });

  it('[SEL-17] each part has its count, and its place in the text', () => {
    const text = 'failed & [2024-02-10...2024-02-11] - latest 3';
    const { root } = evaluateSelection(text, scopeOf(days, { statuses }));
    const flat = (node: typeof root): unknown[] => [
      [text.slice(node.node.from, node.node.to), node.count],
      ...node.parts.flatMap(flat),
    ];
    expect(flat(root)).toEqual([
      [text, 2],
      ['failed & [2024-02-10...2024-02-11]', 2],
      ['failed', 3],
      ['[2024-02-10...2024-02-11]', 2],
      ['latest 3', 3],
    ]);
  });

  it('[SEL-12] a tree is written so that it reads back as itself', () => {
    const scope = scopeOf(grid, { named: new Map([['mine', 'failed']]), assets });
    const leaf = fc.constantFrom(
      'red|2024-02-03',
      '[red|2024-02-01...blue|2024-02-09]',
      '[...red|2024-02-04]',
      'red|*',
      '/^r.d/i',
      'all',
      'not tried',
      'latest',
      'latest 7',
      'weekends',
      'last 7 days',
      'failed(orders)',
      'upstream-of(summary: latest 2, 2024-01-01)',
      'downstream-of(orders)',
      '@mine',
      'color=(red, blue)',
      'date=2024-02-1*',
    );
    const text: fc.Arbitrary<string> = fc.letrec((tie) => ({
      one: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc
          .tuple(tie('one'), fc.constantFrom(', ', ' | ', ' & ', ' - '), tie('one'))
          .map(([left, sign, right]) => `(${left as string})${sign}(${right as string})`),
        tie('one').map((one) => `not (${one as string})`),
      ),
    })).one as fc.Arbitrary<string>;
    fc.assert(
      fc.property(text, (written) => {
        const { tree, problems } = parseSelection(written, scope);
        expect(problems).toEqual([]);
        const spelled = formatTree(tree, scope);
        const again = parseSelection(spelled, scope);
        expect(again.problems).toEqual([]);
        expect(withoutPlaces(again.tree)).toEqual(withoutPlaces(tree));
        expect(formatTree(again.tree, scope)).toBe(spelled);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('[SEL-8] means what sets of keys mean', () => {
    const keys = keysOf(days, [0, days.count]);
    const leaves: readonly (readonly [string, (key: string, at: number) => boolean])[] = [
      ['failed', (_, at) => at >= 40 && at < 43],
      ['missing', (_, at) => at >= 43],
      ['latest 9', (_, at) => at >= 51],
      ['[2024-01-10...2024-02-12]', (key) => key >= '2024-01-10' && key <= '2024-02-12'],
      ['2024-02-*', (key) => key.startsWith('2024-02-')],
      ['*-15', (key) => key.endsWith('-15')],
      ['/-0[3-7]$/', (key) => /-0[3-7]$/.test(key)],
      ['2024-01-31', (key) => key === '2024-01-31'],
    ];
    type Holds = (key: string, at: number) => boolean;
    interface Said {
      readonly text: string;
      readonly holds: Holds;
    }
    const said = fc.letrec<{ one: Said }>((tie) => ({
      one: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(...leaves).map(([text, holds]) => ({ text, holds })),
        tie('one').map(({ text, holds }): Said => ({
          text: `not (${text})`,
          holds: (key, at) => !holds(key, at),
        })),
        fc
          .tuple(tie('one'), fc.constantFrom(',', '|', '&', '-'), tie('one'))
          .map(([a, sign, b]): Said => ({
            text: `(${a.text} ${sign} ${b.text})`,
            holds: (key, at) =>
              sign === '&'
                ? a.holds(key, at) && b.holds(key, at)
                : sign === '-'
                  ? a.holds(key, at) && !b.holds(key, at)
                  : a.holds(key, at) || b.holds(key, at),
          })),
      ),
    })).one;
    fc.assert(
      fc.property(said, ({ text, holds }) => {
        expect(inDays(text)).toEqual(keys.filter(holds));
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('[SEL-13] is said in the plain text of Dagster where that can be', () => {
    const say = (text: string, index: PartitionIndex = days) =>
      dagsterText(evaluateSelection(text, scopeOf(index, { statuses: statusesOf(index) })), index);
    expect(say('2024-01-*, [2024-02-01...2024-02-03]')).toEqual({ kind: 'same' });
    expect(say('[2024-01-30..2024-02-02)')).toEqual({
      kind: 'list',
      text: '[2024-01-30...2024-02-01]',
    });
    expect(say('st*r', customers)).toEqual({ kind: 'list', text: '"st*r"' });
    expect(say('(2024-01-01..2024-01-02)')).toEqual({ kind: 'nothing' });
    expect(say('color=(red, blue) & date=latest 2', grid)).toEqual({
      kind: 'dimensions',
      texts: [
        { dimension: 'color', text: 'red, blue' },
        { dimension: 'date', text: '2024-02-28, 2024-02-29' },
      ],
    });
    expect(say('red|2024-02-01, blue|2024-02-02', grid)).toEqual({ kind: 'none', stretches: null });
    const years = indexOf({ kind: 'daily', start: '2020-01-01' });
    expect(say('mondays', years)).toEqual({ kind: 'none', stretches: 217 });
  });

  it('[SEL-18] what may be written next is offered', () => {
    const offered = (text: string, index: PartitionIndex = days) => {
      const scope = scopeOf(index, { named: new Map([['mine', 'all']]), assets });
      return completeSelection(text, text.length, scope)?.options.map((option) => option.text);
    };
    expect(offered('fa')).toEqual(['failed']);
    expect(offered('failed & wee')).toEqual(['weekends', 'weekdays']);
    expect(offered('failed(')).toEqual(['orders', 'summary', 'config']);
    expect(offered('[2024-02-28...2024-02-2')?.slice(0, 2)).toEqual(['2024-02-29', '2024-02-28']);
    expect(offered('upstream-of(summary: 2024')?.[0]).toBe('2024-02-01');
    expect(offered('@m')).toEqual(['@mine']);
    expect(offered('da', grid)).toEqual(['date=']);
    expect(offered('color=', grid)).toContain('yellow');
    expect(offered('customer_b', customers)).toBeUndefined();
    expect(offered('"x', customers)).toBeUndefined();
  });

  it('[MULTI-7] a product of parts is known as one', () => {
    const product = productOf(grid, [0, 1, 2, 3], [3, 9]);
    expect(countOf(product)).toBe(12);
    expect(partsOfProduct(product, grid)).toEqual([
      [0, 1, 2, 3],
      [3, 9],
    ]);
    expect(partsOfProduct([0, 2, 30, 31], grid)).toBeNull();
  });
});

describe('a million hours', () => {
  const hours = indexOf({ kind: 'hourly', start: '1910-01-01-00:00' });
  let lookups = 0;
  const counted = counting(hours, () => (lookups += 1));
  const work = (text: string): number => {
    lookups = 0;
    const half = Array.from({ length: 2000 }, (_, at) => at * 250);
    const scope = scopeOf(counted, {
      statuses: statusesOf(counted, { materialized: half, failed: [900_000, 900_001] }),
    });
    const { problems, isPending } = evaluateSelection(text, scope);
    expect(problems).toEqual([]);
    expect(isPending).toBe(false);
    return lookups;
  };

  it('[SEL-19] are selected by their stretches, without being listed', () => {
    expect(counted.count).toBeGreaterThan(1_000_000);
    expect(work('failed & [1950-01-01-00:00...2020-01-01-00:00] - latest 3')).toBeLessThan(20);
    expect(work('not (missing, failed) | latest 30')).toBeLessThan(5);
    expect(work('1999-*')).toBeLessThan(70);
    expect(work('1999-12-31-2* & missing')).toBeLessThan(70);
    expect(work('march')).toBeLessThan(300);
    // Two questions a week, for 5,957 weeks.
    expect(work('weekends')).toBeLessThan(4 * 6000);
    expect(work('last 30 days - weekends')).toBeLessThan(4 * 6000 + 10);
  });

  it('[SEL-19] are looked through for a pattern in parts', () => {
    const scope = scopeOf(hours);
    const first = evaluateSelection('*-12:00', scope);
    expect(first.isPending).toBe(true);
    expect(first.root.scanned).toBe(10_000);
    expect(first.root.count).toBe(417);
    let parts = 1;
    while (scope.scans.advance()) parts += 1;
    expect(parts).toBe(Math.ceil(hours.count / 10_000) - 1);
    const last = evaluateSelection('*-12:00', scope);
    expect(last).toMatchObject({ isPending: false, problems: [] });
    expect(last.root.count).toBe(Math.floor((hours.count + 11) / 24));
  });

  it('[SEL-19] are looked through once for many patterns, and what was found is kept', () => {
    const scope = scopeOf(counted);
    lookups = 0;
    const everySecond = Array.from({ length: 12 }, (_, at) => String(at * 2).padStart(2, '0'));
    const text = everySecond.map((hour) => `*-${hour}:00`).join(', ');
    evaluateSelection(text, scope);
    let told = 1;
    while (scope.scans.advance()) {
      if (!scope.scans.hasNews) continue;
      told += 1;
      expect(evaluateSelection(text, scope).isPending).toBe(true);
    }
    expect(scope.scans.hasNews).toBe(true);
    // Each key once, and the first part once more for all patterns but the first; what is written is asked for too.
    expect(lookups).toBeLessThan(counted.count + 11_000);
    expect(told).toBeLessThan(16);
    const all = evaluateSelection(text, scope);
    expect(all).toMatchObject({ isPending: false, problems: [] });
    expect(all.root.count).toBe(Math.ceil(hours.count / 2));
    const parts = all.root.parts.map(({ subset }) => subset);
    expect(all.subset).toEqual(unionAll(parts));
    expect(evaluateSelection(text, scope).subset).toBe(all.subset);
    expect(scope.scans.hasNews).toBe(false);
  });
});

/** `index`, with `note` called for each question about one key or instant; listing all is an error. */
function counting(index: PartitionIndex, note: () => void): PartitionIndex {
  return {
    definition: index.definition,
    count: index.count,
    keyAt: (ordinal) => (note(), index.keyAt(ordinal)),
    ordinalOf: (key) => (note(), index.ordinalOf(key)),
    keys: () => {
      throw new Error('Every key was listed.');
    },
    windowAt: (ordinal) => (note(), index.windowAt(ordinal)),
    countStartingBefore: (at) => (note(), index.countStartingBefore(at)),
    stretchesOf: (subset) => (note(), index.stretchesOf(subset)),
    startingWithin: (stretches) => (note(), index.startingWithin(stretches)),
  };
}

function withoutPlaces(node: SelectionNode): unknown {
  return JSON.parse(
    JSON.stringify(node, (name, value: unknown) =>
      name === 'from' || name === 'to' ? undefined : value,
    ),
  );
}
