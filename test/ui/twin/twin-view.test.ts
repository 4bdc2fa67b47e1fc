import { beforeAll, describe, expect, it } from 'vitest';
import { WorldRecord } from '../../../src/ledger/world-record.ts';
import type { TwinFrame } from '../../../src/twin/twin-frame.ts';
import { keyLines } from '../../../src/ui/twin/key-lines.ts';
import { lineOfAction } from '../../../src/ui/twin/own-action.ts';
import { numberNameOf, timelineOf } from '../../../src/ui/twin/world-timeline.ts';
import { namingInWords, standingInWords } from '../../../src/ui/twin/world-words.ts';
import { example, twinOf } from '../../twin/played-worlds.ts';

const notebook = example('twin');
let frames: readonly TwinFrame[] = [];
beforeAll(async () => {
  const twin = twinOf(notebook);
  await twin.playTo(Infinity);
  frames = twin.frames;
});

function recordAt(position: number, world: number): WorldRecord {
  const view = frames[position]?.worlds[world]?.view;
  if (!view) throw new Error('There is no such frame.');
  return new WorldRecord(view);
}

/** A timeline as text: rows of squares by column. */
function drawn(position: number, world: number, name: string): readonly string[] {
  const timeline = timelineOf(frames.slice(0, position + 1), name, recordAt(position, world));
  return timeline.rows.map(({ key, runs }) => {
    const squares = runs.map((all) =>
      all
        .map(({ status, piece, number }) =>
          [status === 'failed' ? 'failed' : number, ...(key === null ? [piece] : [])].join(' '),
        )
        .join(' + '),
    );
    return `${key ?? 'no keys'}: ${squares.join(' | ')}`;
  });
}

describe('what the twin run shows (TWIN)', () => {
  it('runs stand in the row of their key, and in one row where there are no keys', () => {
    expect(drawn(5, 0, 'partitions')).toEqual([
      'customer_a: 515.49 |  |  |  | 515.49',
      'customer_b:  | 515.49 |  |  | 515.49',
      'customer_c:  |  | failed | 515.49 | 515.49',
    ]);
    expect(drawn(6, 1, 'config')).toEqual([
      'no keys: 515.49 customer_a | 515.49 customer_b | failed customer_c | 515.49 customer_c |  | 433.18 customer_a + 433.18 customer_b + 433.18 customer_c',
    ]);
  });

  it('a key that is new has a row from then on', () => {
    expect(drawn(7, 2, 'hybrid').map((row) => row.split(':')[0])).toEqual([
      'customer_a',
      'customer_b',
      'customer_c',
      'customer_d',
    ]);
  });

  it('the number is the one that metadata tells', () => {
    expect(numberNameOf(recordAt(0, 0))).toBeNull();
    expect(numberNameOf(recordAt(1, 1))).toBe('total_revenue');
  });

  it('how a world stands is told by keys, or by runs', () => {
    const standing = (position: number, world: number) =>
      standingInWords(recordAt(position, world), frames[position]?.worlds[world]?.runs ?? []);
    expect(standing(3, 0)).toEqual({
      done: '2 of 3 materialized',
      failed: '1 failed',
      stale: null,
    });
    expect(standing(3, 1)).toEqual({
      done: '2 materializations',
      failed: '1 failed run',
      stale: null,
    });
    expect([0, 1, 2].map((world) => namingInWords(recordAt(0, world), 'customer'))).toEqual([
      'the customer is a key',
      'the customer is a parameter',
      'the customer is a key, options are parameters',
    ]);
  });

  it('the key lines of code say how a piece is named', () => {
    const lines = keyLines(notebook, recordAt(0, 1).subject.assets[0]);
    expect(lines.map((line) => line.map(({ text }) => text).join(''))).toEqual([
      'const customer_orders = dg.asset(',
      '{ config: CustomerConfig },',
      'const { customer_id, limit } = context.config;',
    ]);
    expect(lines.flat().filter(({ isKey }) => isKey)).toHaveLength(2);
    expect(keyLines(notebook, undefined)).toEqual([]);
  });

  it.each([
    [
      { kind: 'run', piece: 'customer_a', option: '', value: '' },
      "dg.action('Run customer_a', { run: 'customer_a' });",
    ],
    [
      { kind: 'run', piece: 'a', option: 'limit', value: '500' },
      "dg.action('Run a with limit 500', { run: 'a', with: { limit: 500 } });",
    ],
    [{ kind: 'appears', piece: "d'or" }, "dg.action('d\\'or appears', { appears: 'd\\'or' });"],
    [{ kind: 'until' }, "dg.action('The next tick', { until: 'next tick' });"],
    [{ kind: 'redoFailed' }, "dg.action('What failed is redone', { redo: 'failed' });"],
    [{ kind: 'run', piece: '', option: '', value: '' }, null],
    [{ kind: 'run', piece: 'a', option: 'a b', value: '1' }, null],
    [{ kind: 'run', piece: 'a', option: 'limit', value: '' }, null],
  ] as const)('an action of one’s own is a line: %j', (action, line) => {
    expect(lineOfAction(action)).toBe(line);
  });
});
