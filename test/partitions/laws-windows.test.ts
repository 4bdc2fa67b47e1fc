import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeWindowPartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysInRange, pageOfKeys } from '../../src/partitions/keys-in-range.ts';
import {
  keyOfInstant,
  keysInWindow,
  nextKey,
  nextWindow,
  previousKey,
  previousWindow,
  windowOfKey,
} from '../../src/partitions/time-queries.ts';
import { zoneOf } from '../../src/time/zone.ts';
import {
  CADENCES,
  EXCLUDING,
  PLACES,
  windowsOf,
  type Cadence,
  type NaiveWindow,
  type Place,
} from './naive-windows.ts';

const DAY = 86_400_000;

const context = (effectiveAt: number) => ({ effectiveAt, dynamicPartitions: new Map() });

interface Drawn {
  readonly place: Place;
  readonly cadence: Cadence;
  readonly excluding: Cadence | null;
  /** One more window to leave out, by its place in the enumeration; null for none. */
  readonly excludedDate: number | null;
  /** Places in the enumeration. */
  readonly start: number;
  readonly end: number | null;
  readonly endOffset: number;
  /** From the first window on, in parts of the time that follows. */
  readonly now: number;
}

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    place: fc.constantFrom(...PLACES),
    cadence: fc.constantFrom(...CADENCES),
    excluding: fc.option(fc.constantFrom(...EXCLUDING)),
    excludedDate: fc.option(fc.nat({ max: 20 })),
    start: fc.nat({ max: 3 }),
    end: fc.option(fc.integer({ min: 6, max: 400 })),
    endOffset: fc.integer({ min: -3, max: 3 }),
    now: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .filter(({ place, cadence }) => !place.skipsDay || cadence.hours === null);

/** A definition as drawn, and what the enumeration says of it. */
interface Case {
  readonly definition: TimeWindowPartitionsDefinition;
  readonly now: number;
  /** All windows from the start of the month on that are not left out. */
  readonly allowed: readonly NaiveWindow[];
  readonly all: readonly NaiveWindow[];
  /** Those that exist at `now`. */
  readonly existing: readonly NaiveWindow[];
}

function caseOf(one: Drawn): Case {
  const { place, cadence, excluding } = one;
  const all = windowsOf(place, cadence);
  const wallAt = (at: number): number => at + zoneOf(place.zone).offsetAt(at);
  const instantsLeftOut = new Set(
    excluding === null ? [] : windowsOf(place, excluding).map(({ startAt }) => startAt),
  );
  const dated = one.excludedDate === null ? undefined : all[one.excludedDate % all.length];
  if (dated !== undefined) {
    // Of a repeated wall time a date means the first copy (TW-22q).
    instantsLeftOut.add(zoneOf(place.zone).resolve(wallAt(dated.startAt)).first);
  }
  const allowed = all.filter(({ startAt }) => !instantsLeftOut.has(startAt));
  const from = all[one.start % all.length] as NaiveWindow;
  const first = allowed.findIndex(({ startAt }) => startAt >= from.startAt);
  const firstWindow = allowed[first] as NaiveWindow;
  const until = one.end === null ? null : all[Math.min(one.end, all.length - 1)];
  const endAt = until === undefined || until === null ? null : until.endAt;
  const latest = (all.at(-1) as NaiveWindow).endAt - 15 * DAY;
  // From the first window on: before it, an offset lets windows in early (TW-21q).
  const now = Math.floor(firstWindow.startAt + one.now * Math.max(0, latest - firstWindow.startAt));
  const ended = allowed.filter((window) => window.endAt <= now).length;
  const existing = allowed
    .slice(first, Math.max(first, ended + one.endOffset))
    .filter((window) => endAt === null || window.endAt <= endAt);
  const definition = makeTimeWindowPartitionsDefinition({
    className: 'timeWindow',
    start: { wallTime: wallAt(from.startAt) },
    end: null,
    cronSchedule: cadence.cron,
    fmt: '%Y-%m-%d-%H:%M',
    timezone: place.zone,
    endOffset: one.endOffset,
    exclusions: [
      ...(excluding === null ? [] : [excluding.cron]),
      ...(dated === undefined ? [] : [{ wallTime: wallAt(dated.startAt) }]),
    ],
  });
  return {
    // Instants, as a wall time would leave open which copy is meant.
    definition: { ...definition, startAt: from.startAt, endAt },
    now,
    allowed,
    all,
    existing,
  };
}

const runs = (seed: number, numRuns = 250): fc.Parameters<[Drawn]> => ({ seed, numRuns });

describe('windows of time, by enumeration', () => {
  it.each(PLACES)(
    '[CRON-4, CRON-5, CRON-8] [DST-1, DST-10] in $zone each schedule ticks as an enumeration of wall times does',
    (place) => {
      for (const cadence of CADENCES) {
        if (place.skipsDay && cadence.hours !== null) continue;
        const windows = windowsOf(place, cadence);
        const [first, last] = [windows[0] as NaiveWindow, windows.at(-1) as NaiveWindow];
        const definition = {
          ...makeTimeWindowPartitionsDefinition({
            className: 'timeWindow',
            start: { wallTime: 0 },
            cronSchedule: cadence.cron,
            fmt: '%Y-%m-%d-%H:%M',
            timezone: place.zone,
          }),
          startAt: first.startAt,
        };
        const index = indexPartitions(definition, context(last.endAt));
        const listed = index
          .keys()
          .map((key, ordinal) => ({ ...(index.windowAt(ordinal) as NaiveWindow), key }));
        expect({ cron: cadence.cron, listed }).toEqual({
          cron: cadence.cron,
          listed: windows.map(({ startAt, endAt, key }) => ({ startAt, endAt, key })),
        });
      }
    },
  );

  it('[TW-16, TW-17, TW-18, TW-19, TW-20] [TW-24] those exist that have ended, moved by the offset and capped by the end', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const { definition, now, existing } = caseOf(one);
        const index = indexPartitions(definition, context(now));
        expect(index.keys()).toEqual(existing.map(({ key }) => key));
        expect(index.count).toBe(existing.length);
      }),
      runs(11, 400),
    );
  });

  it('[TW-23] windows tile the line: each begins where the one before ends, but for those left out', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const { definition, now, all } = caseOf(one);
        const index = indexPartitions(definition, context(now));
        const windows = index.keys().map((_, ordinal) => index.windowAt(ordinal) as NaiveWindow);
        const starts = new Set(windows.map(({ startAt }) => startAt));
        const [first, last] = [windows[0], windows.at(-1)];
        if (first === undefined || last === undefined) return;
        const leftOut = all.filter(
          ({ startAt }) =>
            startAt > first.startAt && startAt < last.startAt && !starts.has(startAt),
        );
        const line = [...windows, ...leftOut].sort((a, b) => a.startAt - b.startAt);
        expect(line.slice(1).map(({ startAt }) => startAt)).toEqual(
          line.slice(0, -1).map(({ endAt }) => endAt),
        );
      }),
      runs(12),
    );
  });

  it('[TW-11, TW-14] [TW-28] [TW-35] from key to window to key, and from instant to key', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const { definition, now, existing } = caseOf(one);
        const index = indexPartitions(definition, context(now));
        // A key in a repeated hour is read as the first copy, which may tick no more.
        const readable = one.excludedDate === null;
        const answered = existing.map(({ key, startAt, endAt }, ordinal) => ({
          ordinal: index.ordinalOf(key),
          key: index.keyAt(ordinal),
          window: index.windowAt(ordinal),
          read: readable ? windowOfKey(definition, key) : { startAt, endAt },
          keysOfInstants: [
            keyOfInstant(definition, startAt),
            keyOfInstant(definition, endAt - 1),
            keyOfInstant(definition, endAt, true),
          ],
          before: [index.countStartingBefore(startAt), index.countStartingBefore(startAt + 1)],
        }));
        expect(answered).toEqual(
          existing.map(({ key, startAt, endAt }, ordinal) => ({
            ordinal,
            key,
            window: { startAt, endAt },
            read: { startAt, endAt },
            keysOfInstants: [key, key, key],
            before: [ordinal, ordinal + 1],
          })),
        );
      }),
      runs(13),
    );
  });

  it('[TW-30, TW-31, TW-32] next and previous are the neighbours', () => {
    fc.assert(
      fc.property(drawn, fc.nat(), (one, at) => {
        const { definition, now, allowed, existing } = caseOf(one);
        const seen = context(now);
        const place = 1 + (at % (allowed.length - 2));
        const { startAt, endAt } = allowed[place] as NaiveWindow;
        const span = (window: NaiveWindow | undefined) => ({
          startAt: window?.startAt,
          endAt: window?.endAt,
        });
        expect(nextWindow(definition, startAt, null)).toEqual({ startAt, endAt });
        expect(nextWindow(definition, startAt + 1, null)).toEqual(span(allowed[place + 1]));
        expect(previousWindow(definition, endAt, null)).toEqual({ startAt, endAt });
        expect(previousWindow(definition, endAt - 1, null)).toEqual(span(allowed[place - 1]));
        if (existing.length === 0 || one.excludedDate !== null) return;
        const own = at % existing.length;
        const { key } = existing[own] as NaiveWindow;
        expect(nextKey(definition, key, seen)).toBe(existing[own + 1]?.key ?? null);
        expect(previousKey(definition, key, seen)).toBe(existing[own - 1]?.key ?? null);
      }),
      { seed: 14, numRuns: 250 },
    );
  });

  it('[TW-33, TW-34] [GEN-5] ranges, stretches of time and pages are slices of the list of keys', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 90 }),
        (one, a, b, limit) => {
          const { definition, now, existing } = caseOf(one);
          if (existing.length === 0 || one.excludedDate !== null) return;
          const index = indexPartitions(definition, context(now));
          const keys = existing.map(({ key }) => key);
          const [from, to] = [a % keys.length, b % keys.length];
          const slice = keys.slice(from, to + 1);
          const range = { start: keys[from] as string, end: keys[to] as string };
          expect(keysInRange(index, range)).toEqual(slice);
          const window = {
            startAt: (existing[from] as NaiveWindow).startAt,
            endAt: (existing[to] as NaiveWindow).endAt,
          };
          expect(keysInWindow(definition, window)).toEqual(slice);
          for (const ascending of [true, false]) {
            const paged: string[] = [];
            let page = pageOfKeys(index, limit, ascending);
            paged.push(...page.keys);
            while (page.hasMore) {
              page = pageOfKeys(index, limit, ascending, page.cursor);
              paged.push(...page.keys);
            }
            expect(paged).toEqual(ascending ? keys : keys.toReversed());
          }
        },
      ),
      { seed: 15, numRuns: 150 },
    );
  });
});
