import { define } from './world-date.ts';

/*
 * Texts for people are made as on every machine: in English as of the United States and in UTC,
 * unless a cell says otherwise. A locale that the browser does not know falls back to that too.
 */

const LOCALE = 'en-US';

/** The classes of `Intl` whose first two arguments are locales and options. */
const INTL_CLASSES = [
  'Collator',
  'DateTimeFormat',
  'DisplayNames',
  'DurationFormat',
  'ListFormat',
  'NumberFormat',
  'PluralRules',
  'RelativeTimeFormat',
  'Segmenter',
];

/** Classes of Temporal whose texts have a locale; of these only an instant takes a zone. */
const TEMPORAL_CLASSES = [
  'Duration',
  'Instant',
  'PlainDate',
  'PlainDateTime',
  'PlainMonthDay',
  'PlainTime',
  'PlainYearMonth',
  'ZonedDateTime',
];

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Makes the defaults of everything in the scope that has a locale or a zone the same everywhere. */
export function followLocale(scope: typeof globalThis): void {
  const { Intl, Date, Number, BigInt, String } = scope;
  for (const name of INTL_CLASSES) {
    const options = name === 'DateTimeFormat' ? inUtc : asGiven;
    replaceClass(Intl, name, ([locales, given]) => [localesOf(locales), options(given)]);
  }
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
    replaceMethod(Date.prototype, name, ([locales, options]) => [
      localesOf(locales),
      inUtc(options),
    ]);
  }
  for (const prototype of [Number.prototype, BigInt.prototype]) {
    replaceMethod(prototype, 'toLocaleString', ([locales, options]) => [
      localesOf(locales),
      options,
    ]);
  }
  for (const name of ['toLocaleLowerCase', 'toLocaleUpperCase']) {
    replaceMethod(String.prototype, name, ([locales]) => [localesOf(locales)]);
  }
  replaceMethod(String.prototype, 'localeCompare', ([other, locales, options]) => [
    other,
    localesOf(locales),
    options,
  ]);
  const temporal = (scope as { readonly Temporal?: Readonly<Record<string, unknown>> }).Temporal;
  for (const name of temporal ? TEMPORAL_CLASSES : []) {
    const { prototype } = temporal?.[name] as { readonly prototype: object };
    const options = name === 'Instant' ? inUtc : asGiven;
    replaceMethod(prototype, 'toLocaleString', ([locales, given]) => [
      localesOf(locales),
      options(given),
    ]);
  }
}

function asGiven(options: unknown): unknown {
  return options;
}

/** The options with UTC as zone unless they name one. */
function inUtc(options: unknown): unknown {
  if (options === undefined) return { timeZone: 'UTC' };
  if (options === null || (options as { readonly timeZone?: unknown }).timeZone !== undefined) {
    return options;
  }
  return Object.create(Object(options) as object, { timeZone: { value: 'UTC', enumerable: true } });
}

/** The locales asked for, then ours, so that the machine's own is never chosen. */
function localesOf(locales: unknown): unknown {
  if (locales === undefined) return LOCALE;
  if (typeof locales === 'string') return [locales, LOCALE];
  return Array.isArray(locales) ? [...(locales as unknown[]), LOCALE] : locales;
}

function replaceMethod(
  target: object,
  name: string,
  change: (args: readonly unknown[]) => unknown[],
): void {
  const real = (target as Readonly<Record<string, Method | undefined>>)[name];
  if (!real) return;
  define(target, name, function (this: unknown, ...args: unknown[]) {
    return real.apply(this, change(args));
  });
}

function replaceClass(
  target: object,
  name: string,
  change: (args: readonly unknown[]) => unknown[],
): void {
  const Real = (target as Readonly<Record<string, (new () => object) | undefined>>)[name];
  if (!Real) return;
  function Made(this: unknown, ...args: unknown[]): unknown {
    const changed = change(args);
    return new.target
      ? Reflect.construct(Real as new () => object, changed, new.target)
      : (Real as unknown as Method).apply(this, changed);
  }
  // Its prototype and static methods are the real ones.
  const { name: _name, length: _length, ...members } = Object.getOwnPropertyDescriptors(Real);
  Object.defineProperties(Made, {
    ...members,
    prototype: { ...members.prototype, value: Real.prototype as object },
  });
  define(Made, 'name', name);
  define(Real.prototype as object, 'constructor', Made);
  define(target, name, Made);
}
