import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartitionMapping } from '../../../src/partitions/mapping/partition-mapping.ts';
import { partitionMappingConstructors } from '../../../src/sdk/partition-mappings.ts';
import { mappingCode } from '../../../src/ui/mappings/mapping-code.ts';
import {
  formatPairs,
  formatTrial,
  parsePairs,
  parseTrial,
} from '../../../src/ui/mappings/mapping-trial.ts';

const key = fc.string({ minLength: 1, maxLength: 12 });
const offset = fc.integer({ min: -400, max: 400 });

const simple: fc.Arbitrary<PartitionMapping> = fc.oneof(
  fc.constantFrom(
    { kind: 'identity' as const },
    { kind: 'all' as const },
    { kind: 'last' as const },
  ),
  fc.record({ kind: fc.constant('specific' as const), keys: fc.uniqueArray(key) }),
  fc.record({
    kind: fc.constant('timeWindow' as const),
    startOffset: offset,
    endOffset: offset,
    allowNonexistentUpstreamPartitions: fc.boolean(),
  }),
);

const mapping: fc.Arbitrary<PartitionMapping> = fc.oneof(
  simple,
  fc.record({
    kind: fc.constant('static' as const),
    downstreamByUpstream: fc.uniqueArray(fc.tuple(key, fc.uniqueArray(key)), {
      selector: ([upstream]) => upstream,
    }),
  }),
  fc.record({
    kind: fc.constant('multiToSingle' as const),
    partitionDimensionName: fc.option(fc.stringMatching(/^[a-z]+$/)),
  }),
  fc.record({
    kind: fc.constant('multi' as const),
    dimensions: fc.uniqueArray(
      fc.record({
        upstream: fc.stringMatching(/^[a-z]+$/),
        downstream: fc.stringMatching(/^[a-z]+$/),
        mapping: simple,
      }),
      { selector: ({ upstream }) => upstream, maxLength: 2 },
    ),
  }),
);

/** What a cell would hold after the code. */
function evaluated(code: string): PartitionMapping {
  const cell = new Function('dg', `return ${code};`) as (dg: unknown) => {
    mapping: PartitionMapping;
  };
  return cell(partitionMappingConstructors).mapping;
}

describe('a mapping as text', () => {
  it('[MAP-0] its code makes the same mapping in a cell', () => {
    fc.assert(
      fc.property(mapping, (written) => {
        // The order of an object's keys is not the author's where they look like numbers.
        fc.pre(!/"\d+"/.test(JSON.stringify(written)));
        fc.pre(!JSON.stringify(written).includes('__proto__'));
        expect(evaluated(mappingCode(written))).toEqual(written);
      }),
      { seed: 11 },
    );
  });

  it('what an address holds of it is read again', () => {
    fc.assert(
      fc.property(mapping, (written) => {
        expect(parseTrial(formatTrial(written))).toEqual(written);
      }),
      { seed: 12 },
    );
  });

  it('what is no mapping is none', () => {
    for (const text of ['', '{', 'null', '{"kind":"other"}', '{"kind":"timeWindow"}', '[]']) {
      expect(parseTrial(text), text).toBeNull();
    }
    expect(parseTrial('{"kind":"static","downstreamByUpstream":[["a","b"]]}')).toBeNull();
  });

  it('options that say nothing are left out', () => {
    const offsets = { startOffset: -1, endOffset: 0, allowNonexistentUpstreamPartitions: false };
    expect(mappingCode({ kind: 'timeWindow', ...offsets })).toBe(
      'dg.TimeWindowPartitionMapping({ startOffset: -1 })',
    );
    expect(mappingCode({ kind: 'timeWindow', ...offsets, startOffset: 0 })).toBe(
      'dg.TimeWindowPartitionMapping()',
    );
  });

  it('pairs are lines that people write', () => {
    const pairs = [
      ['a', ['x', 'y']],
      ['b', []],
      ['10:00', ['z']],
    ] as const;
    expect(parsePairs(formatPairs(pairs))).toEqual(pairs);
    expect(parsePairs('a\n\n b:  c ,d\n')).toEqual([
      ['a', []],
      ['b', ['c', 'd']],
    ]);
  });
});
