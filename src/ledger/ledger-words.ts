import type { TimeWindowClass } from '../partitions/definition/partitions-definition.ts';
import { optionsOf } from './subject.ts';
import type { WorldRecord } from './world-record.ts';

/** The words in which all worlds are asked the same. */
export interface LedgerWords {
  /** One piece of the data: `customer`. */
  readonly one: string;
  readonly many: string;
  /** A piece to ask after, and another; null if no world names any. */
  readonly first: string | null;
  readonly second: string | null;
  /** A field of a config that may be left out. */
  readonly option: string;
}

const WINDOW_NOUNS: Readonly<Record<TimeWindowClass, string>> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  timeWindow: 'window',
};

/** The words that the definitions of some worlds suggest: of the first that suggests any. */
export function wordsOf(worlds: readonly WorldRecord[]): LedgerWords {
  const one = worlds.map(nounOf).find((noun) => noun !== null) ?? 'key';
  const samples = worlds.map(samplesOf).find(({ length }) => length > 0) ?? [];
  return {
    one,
    many: pluralOf(one),
    first: samples[0] ?? null,
    second: samples[1] ?? samples[0] ?? null,
    option: commonOption(worlds) ?? 'limit',
  };
}

function nounOf({ subject }: WorldRecord): string | null {
  switch (subject.kind) {
    case 'single':
      return null;
    case 'field':
      return stemOf(subject.field);
    case 'keys': {
      const { definition, definitionName } = subject;
      if (definition.kind === 'timeWindow') return WINDOW_NOUNS[definition.className];
      return definitionName === null ? null : stemOf(definitionName);
    }
  }
}

/** `customer` of `customer_partitions`, `customerPartitions`, `customers`, `customer_id`; null if nothing is left. */
function stemOf(name: string): string | null {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_');
  const kept = words.filter((word) => word !== '' && !NO_NOUN.has(word));
  const last = kept.at(-1);
  if (last === undefined) return null;
  return [...kept.slice(0, -1), singularOf(last)].join(' ');
}

const NO_NOUN: ReadonlySet<string> = new Set(
  'partition partitions def defs definition definitions key keys id ids name names all static dynamic'.split(
    ' ',
  ),
);

function singularOf(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, 'y');
  return /[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word;
}

function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return noun.replace(/y$/, 'ies');
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** The second and the third key of a short list; of windows the newest, as those are asked after. */
function samplesOf({ subject }: WorldRecord): readonly string[] {
  if (subject.kind !== 'keys' || subject.index.count === 0) return [];
  const { index } = subject;
  const last = index.count - 1;
  const places = subject.definition.kind === 'timeWindow' ? [last - 1, last] : [1, 2];
  return places.map((place) => index.keyAt(Math.min(Math.max(place, 0), last)));
}

/** The option that most worlds have; of as many, the first that is a number, as such is seldom twice the same. */
function commonOption(worlds: readonly WorldRecord[]): string | null {
  const options = worlds.flatMap(({ subject }) => optionsOf(subject.assets));
  const countOf = (name: string) => options.filter((one) => one.name === name).length;
  const most = Math.max(0, ...options.map(({ name }) => countOf(name)));
  const common = options.filter(({ name }) => countOf(name) === most);
  const number = common.find(({ schema }) => schema.kind === 'int' || schema.kind === 'float');
  return (number ?? common[0])?.name ?? null;
}
