import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  parseAddress,
  workbenchViews,
  type Address,
} from '../../src/app/address.ts';
import { graphAtFirst } from '../../src/app/graph-shown.ts';
import { mappingsAtFirst } from '../../src/app/mappings-shown.ts';
import { LAUNCHERS, RUN_FILTERS, runsAtFirst } from '../../src/app/runs-shown.ts';
import { partitionsAtFirst } from '../../src/app/partitions-shown.ts';
import { twinAtFirst } from '../../src/app/twin-shown.ts';

const plain = {
  view: null,
  runId: null,
  backfillId: null,
  jobName: null,
  launchpad: null,
  convert: null,
  focus: null,
  partitions: partitionsAtFirst,
  runs: runsAtFirst,
  mappings: mappingsAtFirst,
  graph: graphAtFirst,
  twin: twinAtFirst,
  embed: false,
  safe: false,
};

function parse(text: string): Address {
  const [search = '', hash] = text.split('#');
  return parseAddress(search, hash === undefined ? '' : `#${hash}`);
}

describe('addresses', () => {
  it('[APP-1] names an example, a notebook, a new one or a link', () => {
    expect(parse('?example=partitions')).toEqual({
      ...plain,
      target: { kind: 'example', name: 'partitions' },
    });
    expect(parse('?notebook=n1&view=runs&run=b41c9a&backfill=kqzwmtae')).toEqual({
      ...plain,
      target: { kind: 'notebook', notebookId: 'n1' },
      view: 'runs',
      runId: 'b41c9a',
      backfillId: 'kqzwmtae',
    });
    expect(parse('?new').target).toEqual({ kind: 'new' });
    expect(parse('#p=1abc').target).toEqual({ kind: 'link', payload: '1abc' });
    expect(parse('?src=https://example.com/a.md').target).toEqual({
      kind: 'source',
      url: 'https://example.com/a.md',
    });
    expect(parse('?example=config&embed&safe')).toMatchObject({ embed: true, safe: true });
  });

  it('[APP-1] reading what was written gives the same', () => {
    const target = fc.oneof(
      fc.constant({ kind: 'start' } as const),
      fc.constant({ kind: 'new' } as const),
      fc.record({ kind: fc.constant('example' as const), name: fc.string({ minLength: 1 }) }),
      fc.record({ kind: fc.constant('notebook' as const), notebookId: fc.uuid() }),
      fc.record({
        kind: fc.constant('link' as const),
        payload: fc.stringMatching(/^1[\w-]{0,20}$/),
      }),
    );
    const address = fc.record({
      target,
      view: fc.constantFrom(null, ...workbenchViews),
      runId: fc.oneof(fc.constant(null), fc.stringMatching(/^[0-9a-f]{8}$/)),
      backfillId: fc.oneof(fc.constant(null), fc.stringMatching(/^[a-z]{8}$/)),
      jobName: fc.option(fc.string({ minLength: 1 })),
      launchpad: fc.option(fc.string({ minLength: 1 })),
      convert: fc.option(
        fc.record({
          dialog: fc.constantFrom('convert' as const, 'advisor' as const),
          assetKey: fc.string({ minLength: 1 }),
          to: fc.constantFrom(null, 'partitions' as const, 'config' as const, 'hybrid' as const),
        }),
      ),
      focus: fc.option(
        fc.record({
          assetKey: fc.string({ minLength: 1 }),
          partitionKey: fc.option(fc.string()),
        }),
      ),
      runs: fc.record({
        status: fc.constantFrom(...RUN_FILTERS),
        subject: fc.string(),
        key: fc.string(),
        backfillId: fc.option(fc.string({ minLength: 1 })),
        by: fc.option(fc.constantFrom(...LAUNCHERS)),
        grouped: fc.boolean(),
      }),
      partitions: fc.record({
        statuses: fc.subarray(['failed', 'not tried', 'missing']),
        axis: fc.constantFrom('time' as const, 'keys' as const),
        range: fc.option(
          fc
            .tuple(fc.nat({ max: 4e12 }), fc.integer({ min: 1, max: 1e12 }))
            .map(([startAt, lasts]) => ({ startAt, endAt: startAt + lasts })),
        ),
        selected: fc.option(
          fc
            .record({
              assetKey: fc.string({ minLength: 1 }),
              text: fc.string(),
              picks: fc.boolean(),
            })
            .filter(({ text, picks }) => text !== '' || picks),
        ),
      }),
      mappings: fc.record({
        edge: fc.option(
          fc.record({
            upstream: fc.stringMatching(/^[a-z_/]+$/),
            downstream: fc.stringMatching(/^[a-z_/]+$/),
          }),
        ),
        looks: fc.constantFrom('up' as const, 'down' as const),
        span: fc.option(fc.integer({ min: 1, max: 1e6 })),
        trial: fc.option(fc.string()),
      }),
      graph: fc.record({
        automation: fc.boolean(),
        folded: fc.option(fc.array(fc.stringMatching(/^[a-z_/]+$/))),
        picked: fc.array(fc.stringMatching(/^[a-z_/]+$/)),
      }),
      twin: fc.record({ step: fc.nat(), cells: fc.boolean() }),
      embed: fc.boolean(),
      safe: fc.boolean(),
    });
    fc.assert(
      fc.property(address, (written) => {
        const text = formatAddress(written);
        const hash = text.indexOf('#');
        const read =
          hash < 0 ? parseAddress(text, '') : parseAddress(text.slice(0, hash), text.slice(hash));
        expect(read).toEqual(written);
      }),
      { seed: 7 },
    );
  });

  it('[APP-2] leaves alone what it does not know', () => {
    expect(parse('')).toEqual({ ...plain, target: { kind: 'start' } });
    expect(parse('?view=nothing&other=1')).toEqual({ ...plain, target: { kind: 'start' } });
    expect(parse('#heading').target).toEqual({ kind: 'start' });
  });
});
