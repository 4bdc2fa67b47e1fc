import { timeFormat } from '../../src/time/strftime.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import {
  contextOf,
  definitionOf,
  iso,
  type WrittenDefinition,
  type WrittenMapping,
} from '../partitions/vectors.ts';
import type { VectorCase } from '../vectors/vector-adapter.ts';

/** A question in the form of the vectors, without an answer. */
export type Unanswered = VectorCase & { readonly now: string };

/** Chance that is the same for a seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)] as Item;
  }

  upTo(most: number): number {
    return Math.floor(this.next() * (most + 1));
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  some<Item>(items: readonly Item[], most: number): readonly Item[] {
    return Array.from({ length: this.upTo(most) }, () => items).flatMap((all) =>
      all.length > 0 ? [this.of(all)] : [],
    );
  }
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Zones, each with a day on which its clocks change. */
const ZONES: readonly (readonly [zone: string, change: string])[] = [
  ['UTC', '2024-03-01'],
  ['America/New_York', '2024-03-10'],
  ['America/New_York', '2024-11-03'],
  ['Europe/Berlin', '2023-03-26'],
  ['Europe/Berlin', '2023-10-29'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/St_Johns', '2010-11-07'],
  ['Australia/Lord_Howe', '2023-10-01'],
  ['Asia/Tehran', '2021-03-22'],
  ['Africa/Cairo', '2023-04-28'],
  ['Asia/Beirut', '2022-03-27'],
  ['America/Havana', '2024-11-03'],
  ['Asia/Kolkata', '2024-05-05'],
  ['Pacific/Apia', '2016-04-03'],
  ['Africa/Casablanca', '2024-03-10'],
  ['America/Santiago', '2023-09-03'],
];
const DAY_FORMATS = ['%Y-%m-%d', '%m-%d-%Y', '%Y%m%d', '%d.%m.%Y', '%Y-%j', '%b %d, %Y'];
const TIME_FORMATS = ['%Y-%m-%dT%H:%M', '%Y-%m-%d-%H:%M', '%Y%m%d%H%M', '%Y-%m-%d %H:%M:%S'];
const CRONS: readonly (readonly [cron: string, stepMs: number])[] = [
  ['*/30 * * * *', HOUR / 2],
  ['0 */2 * * *', 2 * HOUR],
  ['30 2 * * *', DAY],
  ['0 9,17 * * *', DAY / 2],
  ['0 0 * * 1-5', DAY],
  ['0 22 * * 5', 7 * DAY],
  ['0 0 1,15 * *', 15 * DAY],
  ['0 0 L * *', 30 * DAY],
  ['0 0 1 */3 *', 90 * DAY],
];
const EXCLUSIONS = ['0 0 * * 6,0', '0 0 1 * *', '30 2 * * 1', '0 0-5 * * *', '0 12 * * *'];
const STEPS = { hourly: HOUR, daily: DAY, weekly: 7 * DAY, monthly: 30 * DAY } as const;
const TEXTS = ['a', 'b', 'c', 'Green', '9', '10', 'x y', 'ä', 'eu-west'];

/** A definition, and about which time it is. */
interface Made {
  readonly definition: WrittenDefinition;
  readonly now: number;
}

/** A random question about a definition, a subset or a mapping; null if it cannot be put. */
export function randomCase(chance: Chance, id: string): Unanswered | null {
  const kind = chance.of(['keys', 'subset', 'mapping', 'mapping'] as const);
  try {
    if (kind === 'keys') return keysCase(chance, id);
    return kind === 'subset' ? subsetCase(chance, id) : mappingCase(chance, id);
  } catch {
    // No definition, or none whose keys could be named: refusing is compared by other questions.
    return null;
  }
}

function keysCase(chance: Chance, id: string): Unanswered {
  const { definition, now } = timeDefinition(chance, timeZone(chance));
  const asked = { id, definition, now: iso(now) };
  const keys = keysOfDefinition(definition, asked);
  const some = [...chance.some(keys, 3), ...keys.slice(0, 1), ...keys.slice(-1), '2024-02-30', ''];
  const key = (one: string) => ({ key: one });
  return {
    ...asked,
    windows: some.map(key),
    nextKey: some.map(key),
    has: [...some, `${keys[0] ?? 'x'} `].map(key),
    ranges: [0, 1].map(() => ({ start: chance.of(some), end: chance.of(some) })),
  };
}

function subsetCase(chance: Chance, id: string): Unanswered {
  const { definition, now } = anyDefinition(chance);
  const asked = { id, definition, now: iso(now), ...dynamicKeys(chance, [definition]) };
  const keys = keysOfDefinition(definition, asked);
  const op = chance.of(['make', 'union', 'intersect', 'difference', 'addKeys', 'complement']);
  return {
    ...asked,
    op,
    a: chosen(chance, keys),
    ...(op === 'addKeys' ? { keys: chance.some(keys, 6) } : { b: chosen(chance, keys) }),
  };
}

function mappingCase(chance: Chance, id: string): Unanswered {
  const zone = timeZone(chance);
  const first = chance.happens(0.6) ? timeDefinition(chance, zone) : anyDefinition(chance);
  const second = chance.happens(0.6)
    ? timeDefinition(chance, zone)
    : chance.happens(0.3)
      ? first
      : anyDefinition(chance, first);
  const [upstream, downstream] = [first.definition, second.definition];
  const dynamic = dynamicKeys(chance, [upstream, downstream]);
  const asked = { id, now: iso(Math.max(first.now, second.now)), ...dynamic };
  const direction = chance.of(['up', 'down'] as const);
  const source = direction === 'up' ? downstream : upstream;
  return {
    ...asked,
    upstream,
    downstream,
    mapping: chance.happens(0.4) ? null : mappingFor(chance, upstream, downstream, asked),
    direction,
    input: chosen(chance, keysOfDefinition(source, asked)),
  };
}

function mappingFor(
  chance: Chance,
  upstream: WrittenDefinition,
  downstream: WrittenDefinition,
  asked: { readonly now: string },
): WrittenMapping {
  const keys = (definition: WrittenDefinition) => keysOfDefinition(definition, asked).slice(0, 8);
  if (isTime(upstream) && isTime(downstream) && chance.happens(0.8)) {
    return {
      kind: 'timeWindow',
      startOffset: chance.upTo(4) - 3,
      endOffset: chance.upTo(3) - 2,
      allowNonexistentUpstreamPartitions: chance.happens(0.3),
    };
  }
  if (upstream.kind === 'multi' && downstream.kind === 'multi' && chance.happens(0.5)) {
    const theirs = Object.keys(downstream.dimensions);
    const pairs = Object.entries(upstream.dimensions).map(([name, one], at) => {
      const dimension = theirs[at] ?? name;
      const other = downstream.dimensions[dimension];
      const mapping: WrittenMapping =
        other && isTime(one) && isTime(other)
          ? { kind: 'timeWindow', startOffset: -chance.upTo(2), endOffset: 0 }
          : { kind: chance.of(['all', 'identity', 'last'] as const) };
      return [name, { dimension, mapping }] as const;
    });
    return { kind: 'multi', dimensions: Object.fromEntries(pairs) };
  }
  if (upstream.kind === 'multi' || downstream.kind === 'multi') {
    if (chance.happens(0.6)) return { kind: 'multiToSingle' };
  }
  if (upstream.kind === 'static' && downstream.kind === 'static' && chance.happens(0.5)) {
    const pairs = upstream.keys.map((key) => [key, chance.some(keys(downstream), 3)] as const);
    return { kind: 'static', downstreamByUpstream: Object.fromEntries(pairs) };
  }
  if (chance.happens(0.2)) return { kind: 'specific', keys: chance.some(keys(upstream), 3) };
  return { kind: chance.of(['all', 'identity', 'last'] as const) };
}

function anyDefinition(chance: Chance, near?: Made): Made {
  const zone = timeZone(chance);
  const time = near && isTime(near.definition) ? near : timeDefinition(chance, zone, 8);
  const kind = chance.of(['static', 'dynamic', 'time', 'multi', 'multi'] as const);
  const { now } = near ?? time;
  const texts = (): WrittenDefinition => ({
    kind: 'static',
    keys: TEXTS.filter((_, at) => at === 0 || chance.happens(0.4)),
  });
  if (kind === 'time') return time;
  if (kind === 'dynamic') return { definition: { kind: 'dynamic', name: 'things' }, now };
  if (kind === 'static') return { definition: texts(), now };
  const other: WrittenDefinition = chance.happens(0.3)
    ? { kind: 'dynamic', name: 'things' }
    : texts();
  const names = chance.of([
    ['date', 'color'],
    ['x', 'a'],
    ['B', 'b'],
  ] as const);
  const dimensions = { [names[0]]: time.definition, [names[1]]: other };
  return { definition: { kind: 'multi', dimensions }, now };
}

function timeDefinition(
  chance: Chance,
  [timezone, change]: readonly [string, string],
  mostKeys = 60,
): Made {
  const kind = chance.of(['hourly', 'daily', 'daily', 'weekly', 'monthly', 'timeWindow'] as const);
  const [cron, stepMs] = kind === 'timeWindow' ? chance.of(CRONS) : [undefined, STEPS[kind]];
  const startAt = Date.parse(`${change}T00:00Z`) - chance.upTo(5) * DAY;
  const count = chance.upTo(mostKeys) + 1;
  const now =
    startAt + Math.round(stepMs * count * chance.of([0.5, 1, 1, 1.2])) + chance.upTo(26) * HOUR;
  const inDay = stepMs < DAY || kind === 'timeWindow';
  const byDefault = kind === 'hourly' ? '%Y-%m-%d-%H:%M' : '%Y-%m-%d';
  const fmt =
    kind === 'timeWindow' || chance.happens(0.2)
      ? chance.of(inDay ? TIME_FORMATS : DAY_FORMATS)
      : byDefault;
  const text = (at: number) => timeFormat(fmt).format(at, 0);
  const hasHours = kind === 'weekly' || kind === 'monthly' || kind === 'daily';
  return {
    now,
    definition: {
      kind,
      start: text(startAt),
      ...(timezone !== 'UTC' && { timezone }),
      ...(cron !== undefined && { cron }),
      ...((kind === 'timeWindow' || fmt !== byDefault) && { fmt }),
      ...(chance.happens(0.25) && { endOffset: chance.upTo(4) - 2 }),
      ...(kind !== 'timeWindow' &&
        chance.happens(0.2) && { minuteOffset: chance.of([15, 30, 45]) }),
      ...(hasHours && chance.happens(0.25) && { hourOffset: chance.of([1, 2, 3, 23]) }),
      ...(kind === 'weekly' && chance.happens(0.4) && { dayOffset: chance.upTo(6) }),
      ...(kind === 'monthly' && chance.happens(0.4) && { dayOffset: chance.of([2, 15, 28, 31]) }),
      ...(chance.happens(0.15) && {
        end: text(startAt + Math.round(stepMs * count * chance.of([0.3, 0.8])) + DAY),
      }),
      ...(chance.happens(0.15) && { exclusions: [chance.of(EXCLUSIONS)] }),
    },
  };
}

function timeZone(chance: Chance): readonly [string, string] {
  return chance.of(ZONES);
}

function isTime({ kind }: WrittenDefinition): boolean {
  return kind !== 'static' && kind !== 'dynamic' && kind !== 'multi';
}

function dynamicKeys(chance: Chance, definitions: readonly WrittenDefinition[]) {
  if (!JSON.stringify(definitions).includes('"dynamic"')) return {};
  return { dynamic: { things: TEXTS.filter(() => chance.happens(0.5)) } };
}

function keysOfDefinition(
  definition: WrittenDefinition,
  asked: { readonly now: string },
): readonly string[] {
  const index = indexPartitions(definitionOf(definition), contextOf(asked));
  if (index.count > 3000) throw new RangeError('Too many keys.');
  return index.keys();
}

/** Neighbours, or some anywhere; in any order. */
function chosen(chance: Chance, keys: readonly string[]): readonly string[] | 'all' {
  if (chance.happens(0.05)) return 'all';
  if (chance.happens(0.5)) return chance.some(keys, 8);
  const from = chance.upTo(Math.max(0, keys.length - 1));
  return keys.slice(from, from + chance.upTo(6));
}
