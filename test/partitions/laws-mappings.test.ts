import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDynamicPartitionsDefinition } from '../../src/partitions/definition/dynamic.ts';
import { equalPartitionsDefinitions } from '../../src/partitions/definition/identity.ts';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { checkMapping } from '../../src/partitions/mapping/check-mapping.ts';
import { defaultMapping } from '../../src/partitions/mapping/default-mapping.ts';
import { mapToDownstream, mapToUpstream } from '../../src/partitions/mapping/map-partitions.ts';
import {
  mapPortableToDownstream,
  mapPortableToUpstream,
} from '../../src/partitions/mapping/map-portable.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';
import type { PartitionIndex } from '../../src/partitions/partition-index.ts';
import { keysOfPortable, portableSubset } from '../../src/partitions/subset/portable-subset.ts';
import { ordinalsOf, subsetOf } from '../../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import { errorKind } from './vectors.ts';
import {
  CADENCES,
  PLACES,
  windowsOf,
  type Cadence,
  type NaiveWindow,
  type Place,
} from './naive-windows.ts';

const CONTEXT = {
  effectiveAt: Date.parse('2024-01-08T00:00Z'),
  dynamicPartitions: new Map([['names', ['b', 'x', 'a']]]),
};

const letters = makeStaticPartitionsDefinition(['a', 'b', 'c', 'd']);
const others = makeStaticPartitionsDefinition(['d', 'b', 'e']);
const dates = makeStaticPartitionsDefinition(['2024-01-05', '2024-01-01', 'never']);
const names = makeDynamicPartitionsDefinition('names');
const daily = (start: string) =>
  makeTimeWindowPartitionsDefinition({ className: 'daily', start, timezone: 'UTC' });
const days = daily('2024-01-01');
const lateDays = daily('2024-01-04');

const DEFINITIONS: Readonly<Record<string, PartitionsDefinition>> = {
  letters,
  others,
  dates,
  names,
  days,
  lateDays,
  letterDays: makeMultiPartitionsDefinition({ letter: letters, day: days }),
  nameOthers: makeMultiPartitionsDefinition({ name: names, other: others }),
  twoDays: makeMultiPartitionsDefinition({ day: days, late: lateDays }),
};

/** An index over one of the definitions, made once: lists are compared by identity first. */
const INDEXES = new Map(
  Object.entries(DEFINITIONS).map(([name, definition]) => [
    name,
    indexPartitions(definition, CONTEXT),
  ]),
);
const indexOf = (name: string): PartitionIndex => INDEXES.get(name) as PartitionIndex;

/** Days back in time, of one and the same definition. */
const lag = (startOffset: number, endOffset: number): PartitionMapping => ({
  kind: 'timeWindow',
  startOffset,
  endOffset,
  allowNonexistentUpstreamPartitions: false,
});

/** Pairs of definitions, each with a mapping that fits them. */
const PAIRS: readonly (readonly [string, string, PartitionMapping])[] = [
  ...Object.keys(DEFINITIONS).flatMap((upstream) =>
    Object.keys(DEFINITIONS).flatMap((downstream) => {
      const some = indexOf(upstream)
        .keys()
        .filter((_, ordinal) => ordinal % 3 === 1);
      const mappings: PartitionMapping[] = [
        { kind: 'identity' },
        { kind: 'all' },
        { kind: 'last' },
        { kind: 'specific', keys: some },
      ];
      const [up, down] = [indexOf(upstream).definition, indexOf(downstream).definition];
      const usual = defaultMapping(up, down);
      if (usual.kind === 'multiToSingle') mappings.push(usual);
      return mappings.map((mapping) => [upstream, downstream, mapping] as const);
    }),
  ),
  [
    'letters',
    'others',
    {
      kind: 'static',
      downstreamByUpstream: [
        ['a', ['d']],
        ['b', ['d', 'b']],
        ['d', []],
      ],
    },
  ],
  ['days', 'days', lag(0, 0)],
  ['days', 'days', lag(-1, -1)],
  ['days', 'days', lag(-2, 0)],
  ['days', 'days', lag(-3, -2)],
  ['days', 'days', lag(0, 1)],
  ...[lag(-1, -1), lag(-2, 0), lag(0, 0)].flatMap((inner) => [
    ['letterDays', 'letterDays', pairs(['day', 'day', inner])] as const,
    ['letterDays', 'twoDays', pairs(['day', 'day', inner])] as const,
    [
      'letterDays',
      'letterDays',
      pairs(['day', 'day', inner], ['letter', 'letter', { kind: 'identity' }]),
    ] as const,
  ]),
  ['letterDays', 'nameOthers', pairs()],
  ['letterDays', 'nameOthers', pairs(['letter', 'other', { kind: 'identity' }])],
  ['letterDays', 'nameOthers', pairs(['letter', 'name', { kind: 'last' }])],
  ['nameOthers', 'letterDays', pairs(['other', 'letter', { kind: 'specific', keys: ['b', 'e'] }])],
];

function pairs(
  ...dimensions: readonly (readonly [string, string, PartitionMapping])[]
): PartitionMapping {
  return {
    kind: 'multi',
    dimensions: dimensions.map(([upstream, downstream, mapping]) => ({
      upstream,
      downstream,
      mapping,
    })),
  };
}

/** Whether partition `d` of one side reads `u` of the other, by what the mapping means. */
function reads(
  mapping: PartitionMapping,
  [upstream, u]: readonly [PartitionIndex, number],
  [downstream, d]: readonly [PartitionIndex, number],
): boolean {
  switch (mapping.kind) {
    case 'all':
      return true;
    case 'last':
      return u === upstream.count - 1;
    case 'identity':
      return upstream.keyAt(u) === downstream.keyAt(d);
    case 'specific':
      return mapping.keys.includes(upstream.keyAt(u));
    case 'static':
      return mapping.downstreamByUpstream.some(
        ([from, to]) => from === upstream.keyAt(u) && to.includes(downstream.keyAt(d)),
      );
    case 'function':
      return mapping.upstreamByDownstream.some(
        ([to, from]) => to === downstream.keyAt(d) && from.includes(upstream.keyAt(u)),
      );
    case 'timeWindow': {
      // Both sides have the same days, from different ones on.
      const day = 86_400_000;
      const at = upstream.windowAt(u)?.startAt as number;
      const from = downstream.windowAt(d)?.startAt as number;
      return at >= from + mapping.startOffset * day && at <= from + mapping.endOffset * day;
    }
    case 'multiToSingle': {
      const upIsMulti = upstream.dimensions !== undefined;
      const [multi, single] = upIsMulti ? [upstream, downstream] : [downstream, upstream];
      const parts = partsOf(multi, upIsMulti ? u : d);
      const same = parts.filter(([part]) =>
        equalPartitionsDefinitions(part.definition, single.definition),
      );
      const [matched] =
        same.length > 0 ? same : parts.filter(([part]) => part.windowAt(0) !== null);
      if (matched === undefined) throw new Error('No dimension matches.');
      return matched[0].keyAt(matched[1]) === single.keyAt(upIsMulti ? d : u);
    }
    case 'multi':
      return mapping.dimensions.every((pair) =>
        reads(
          pair.mapping,
          partNamed(upstream, u, pair.upstream),
          partNamed(downstream, d, pair.downstream),
        ),
      );
  }
}

/** The part of a partition in each dimension. */
function partsOf(index: PartitionIndex, ordinal: number): readonly [PartitionIndex, number][] {
  const [rows, columns] = index.dimensions as readonly [PartitionIndex, PartitionIndex];
  return [
    [rows, Math.floor(ordinal / columns.count)],
    [columns, ordinal % columns.count],
  ];
}

function partNamed(
  index: PartitionIndex,
  ordinal: number,
  name: string,
): readonly [PartitionIndex, number] {
  const { definition } = index;
  if (definition.kind !== 'multi') throw new Error('Only a product has dimensions.');
  const position = definition.dimensions.findIndex((one) => one.name === name);
  return partsOf(index, ordinal)[position] as [PartitionIndex, number];
}

const allOf = ({ count }: PartitionIndex) => Array.from({ length: count }, (_, one) => one);

describe('mappings, from key to key', () => {
  const cases = PAIRS.map(([upstream, downstream, mapping]) => ({
    title: `${downstream} on ${upstream}: ${mapping.kind}`,
    upstream: indexOf(upstream),
    downstream: indexOf(downstream),
    mapping,
  }));

  it('[MAP-ID-1, MAP-ID-2] [MAP-ALL-1, MAP-ALL-2] [MAP-LAST-1, MAP-LAST-2] [MAP-SPEC-1, MAP-SPEC-2] [MAP-ST-1] [MAP-MS-2, MAP-MS-3] [MAP-MM-2, MAP-MM-3] up and down are one relation, seen from both sides', () => {
    for (const { title, upstream, downstream, mapping } of cases) {
      const assets = { mapping, upstream, downstream };
      const ups = allOf(downstream).map((d) => [
        ...ordinalsOf(mapToUpstream({ ...assets, subset: [d, d + 1] }).subset),
      ]);
      const downs = allOf(upstream).map((u) => [
        ...ordinalsOf(mapToDownstream({ ...assets, subset: [u, u + 1] })),
      ]);
      const related = (u: number, d: number) => reads(mapping, [upstream, u], [downstream, d]);
      expect({ title, ups, downs }).toEqual({
        title,
        ups: allOf(downstream).map((d) => allOf(upstream).filter((u) => related(u, d))),
        downs: allOf(upstream).map((u) => allOf(downstream).filter((d) => related(u, d))),
      });
    }
  });

  it('[MAP-MM-3] [MAP-ID-2] some keys at once are mapped to what each of them is, on either route', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 }),
        ({ mapping, upstream, downstream }, drawn) => {
          const assets = { mapping, upstream, downstream };
          const subset = subsetOf(drawn.map((one) => one % downstream.count));
          const up = mapToUpstream({ ...assets, subset });
          const alone = [...ordinalsOf(subset)].map((d) =>
            mapToUpstream({ ...assets, subset: [d, d + 1] }),
          );
          expect(up.subset).toEqual(subsetOf(alone.flatMap((one) => [...ordinalsOf(one.subset)])));
          expect(new Set(up.requiredButNonexistent)).toEqual(
            new Set(alone.flatMap((one) => one.requiredButNonexistent)),
          );
          const portable = mapPortableToUpstream({
            ...assets,
            subset: portableSubset(downstream, keysOf(downstream, subset)),
          });
          expect(keysOfPortable(upstream, portable.subset)).toEqual(keysOf(upstream, up.subset));

          const given = subsetOf(drawn.map((one) => one % upstream.count));
          const down = mapToDownstream({ ...assets, subset: given });
          const reading = [...ordinalsOf(given)].flatMap((u) => [
            ...ordinalsOf(mapToDownstream({ ...assets, subset: [u, u + 1] })),
          ]);
          expect(down).toEqual(subsetOf(reading));
          const portableDown = mapPortableToDownstream({
            ...assets,
            subset: portableSubset(upstream, keysOf(upstream, given)),
          });
          expect(keysOfPortable(downstream, portableDown)).toEqual(keysOf(downstream, down));
        },
      ),
      { seed: 31, numRuns: 600 },
    );
  });

  it('[INF-2, INF-3] the default of any pair is found, and where its check passes it can be mapped', () => {
    for (const upstream of INDEXES.values()) {
      for (const downstream of INDEXES.values()) {
        const mapping = defaultMapping(upstream.definition, downstream.definition);
        const refused = errorKind(() =>
          checkMapping(mapping, upstream.definition, downstream.definition),
        );
        expect([null, 'DagsterInvalidDefinitionError']).toContain(refused);
        if (refused !== null) continue;
        const all = [0, downstream.count];
        const { subset } = mapToUpstream({ mapping, upstream, downstream, subset: all });
        expect(subset.at(-1) ?? 0).toBeLessThanOrEqual(upstream.count);
      }
    }
  });

  it('[INF-10] [MAP-ALL-1] an asset without partitions reads all, and all read it', () => {
    for (const index of INDEXES.values()) {
      const mapping = defaultMapping(index.definition, null);
      expect(mapping).toEqual({ kind: 'all' });
      const reading = { mapping, upstream: index, downstream: null };
      expect(mapToUpstream({ ...reading, subset: [0, 1] }).subset).toEqual([0, index.count]);
      expect(mapToDownstream({ ...reading, subset: [0, 1] })).toEqual([0, 1]);
      const read = { mapping, upstream: null, downstream: index };
      expect(mapToUpstream({ ...read, subset: [0, 1] }).subset).toEqual([0, 1]);
      expect(mapToDownstream({ ...read, subset: [0, 1] })).toEqual([0, index.count]);
    }
  });
});

interface DrawnTime {
  readonly place: Place;
  readonly upstream: Cadence;
  readonly downstream: Cadence;
  readonly startOffset: number;
  /** Windows between the two offsets, so that no set shrinks as it grows (MAP-TW-10q). */
  readonly length: number;
}

const drawnTime: fc.Arbitrary<DrawnTime> = fc
  .record({
    place: fc.constantFrom(...PLACES.filter(({ skipsDay }) => skipsDay !== true)),
    upstream: fc.constantFrom(...CADENCES),
    downstream: fc.constantFrom(...CADENCES),
    startOffset: fc.integer({ min: -2, max: 1 }),
    length: fc.nat({ max: 2 }),
  })
  // A plain hour is moved by hours of 60 minutes, and is 30 or 90 long once a year there.
  .filter(({ place, downstream }) => !place.zone.includes('Howe') || downstream.hours !== null);

/** Both sides of a drawn pair as far as they exist, by the enumeration and by their indexes. */
function sidesOf({ place, upstream, downstream }: DrawnTime) {
  const all = { up: windowsOf(place, upstream), down: windowsOf(place, downstream) };
  const now = Math.min(...[all.up, all.down].map((one) => (one.at(-1) as NaiveWindow).endAt));
  const side = (windows: readonly NaiveWindow[], { cron }: Cadence) => {
    const definition = {
      ...makeTimeWindowPartitionsDefinition({
        className: 'timeWindow',
        start: { wallTime: 0 },
        cronSchedule: cron,
        fmt: '%Y-%m-%d-%H:%M',
        timezone: place.zone,
      }),
      startAt: (windows[0] as NaiveWindow).startAt,
    };
    return {
      existing: windows.filter(({ endAt }) => endAt <= now),
      index: indexPartitions(definition, { effectiveAt: now, dynamicPartitions: new Map() }),
    };
  };
  return { up: side(all.up, upstream), down: side(all.down, downstream) };
}

/** Places of windows to look at, in the lists of a drawn pair. */
const somePlaces = fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 4 });

const overlaps = (a: NaiveWindow, from: number, to: number) => a.startAt < to && a.endAt > from;

/** The window whose place is `count` windows on; undefined beyond those that exist. */
const moved = (windows: readonly NaiveWindow[], place: number, count: number) =>
  place + count < 0 ? undefined : windows[place + count];

describe('mappings of time', () => {
  it('[MAP-TW-2, MAP-TW-4, MAP-TW-6] a window reads those that overlap it as it is moved, and is read by none else', () => {
    fc.assert(
      fc.property(drawnTime, somePlaces, (drawn, places) => {
        const { up, down } = sidesOf(drawn);
        const { startOffset, length } = drawn;
        const endOffset = startOffset + length;
        const assets = {
          mapping: lag(startOffset, endOffset),
          upstream: up.index,
          downstream: down.index,
        };
        const [first, last] = [up.existing[0], up.existing.at(-1)] as [NaiveWindow, NaiveWindow];
        /** Where a window begins and ends as it is moved; null if that is not whole within both sides, so that something may be clamped or clipped. */
        const movedWindow = (d: number) => {
          const from = moved(down.existing, d, startOffset)?.startAt;
          const to = moved(down.existing, d, endOffset)?.endAt;
          if (from === undefined || to === undefined) return null;
          return from >= first.startAt && to <= last.endAt ? { from, to } : null;
        };
        const upOf = (d: number) => [
          ...ordinalsOf(mapToUpstream({ ...assets, subset: [d, d + 1] }).subset),
        ];
        const downOf = (u: number) => [
          ...ordinalsOf(mapToDownstream({ ...assets, subset: [u, u + 1] })),
        ];
        for (const one of places) {
          const d = one % down.existing.length;
          const window = movedWindow(d);
          if (window === null) continue;
          const expected = up.existing.flatMap((each, u) =>
            overlaps(each, window.from, window.to) ? [u] : [],
          );
          expect(upOf(d)).toEqual(expected);
          expect(expected.every((u) => downOf(u).includes(d))).toBe(true);
        }
        for (const one of places) {
          const u = one % up.existing.length;
          const within = downOf(u).filter((d) => movedWindow(d) !== null);
          expect(within.every((d) => upOf(d).includes(u))).toBe(true);
        }
      }),
      { seed: 32, numRuns: 200 },
    );
  });

  it('[MAP-TW-8] many windows at once read what each of them reads, on either route', () => {
    fc.assert(
      fc.property(drawnTime, fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), (drawn, at) => {
        const { up, down } = sidesOf(drawn);
        const { startOffset, length } = drawn;
        const assets = {
          mapping: lag(startOffset, startOffset + length),
          upstream: up.index,
          downstream: down.index,
        };
        // Away from the ends, where an offset is clamped.
        const inner = Math.min(3, Math.floor((down.index.count - 1) / 2));
        const subset = subsetOf(at.map((one) => inner + (one % (down.index.count - 2 * inner))));
        const { subset: found } = mapToUpstream({ ...assets, subset });
        const alone = [...ordinalsOf(subset)].flatMap((d) => [
          ...ordinalsOf(mapToUpstream({ ...assets, subset: [d, d + 1] }).subset),
        ]);
        expect(found).toEqual(subsetOf(alone));
        const portable = mapPortableToUpstream({
          ...assets,
          subset: portableSubset(down.index, keysOf(down.index, subset)),
        });
        expect(keysOfPortable(up.index, portable.subset)).toEqual(keysOf(up.index, found));
      }),
      { seed: 33, numRuns: 120 },
    );
  });

  it('[MAP-TW-3, MAP-TW-5] what does not exist is never found, and without an offset it is told', () => {
    fc.assert(
      fc.property(drawnTime, somePlaces, fc.boolean(), (drawn, places, allowed) => {
        const { up, down } = sidesOf(drawn);
        // The upstream side begins somewhere within.
        const start = up.existing[(places[0] as number) % up.existing.length] as NaiveWindow;
        const definition = { ...up.index.definition, startAt: start.startAt };
        if (definition.kind !== 'timeWindow') return;
        const effectiveAt = (up.existing.at(-1) as NaiveWindow).endAt;
        const upstream = indexPartitions(definition, {
          effectiveAt,
          dynamicPartitions: new Map(),
        });
        const mapping = { ...lag(0, 0), allowNonexistentUpstreamPartitions: allowed };
        const around = down.existing.findIndex(({ endAt }) => endAt > start.startAt);
        const chosen = [around, around + 1, ...places.map((one) => one % down.existing.length)];
        chosen.forEach((d) => {
          const window = down.existing[d];
          // Of what lies before the month nothing is enumerated.
          const enumeratedFrom = (up.existing[0] as NaiveWindow).startAt;
          if (window === undefined || window.startAt < enumeratedFrom) return;
          // What ends before anything begins is told as it is (MAP-TW-7); so is what sticks out at both ends (MAP-TW-4q).
          if (window.endAt <= start.startAt) return;
          if (window.startAt < start.startAt && window.endAt > effectiveAt) return;
          const wanted = up.existing.filter((one) => overlaps(one, window.startAt, window.endAt));
          const found = mapToUpstream({
            mapping,
            upstream,
            downstream: down.index,
            subset: [d, d + 1],
          });
          expect(keysOf(upstream, found.subset)).toEqual(
            wanted.filter(({ startAt }) => startAt >= start.startAt).map(({ key }) => key),
          );
          const missing = wanted.filter(({ startAt }) => startAt < start.startAt);
          if (window.endAt > effectiveAt) return;
          expect(found.requiredButNonexistent).toEqual(
            allowed ? [] : missing.map(({ key }) => key),
          );
        });
      }),
      { seed: 34, numRuns: 200 },
    );
  });
});
