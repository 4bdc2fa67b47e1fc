/*
 * A `Date` whose now is the notebook's and whose local zone is UTC, on every machine.
 */

/** The names of what reads and sets the parts of a date, as they end. */
const PARTS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];

/**
 * Replaces `Date` in the scope. Its prototype stays, so that dates which arrive from outside are
 * dates here too.
 *
 * @param now the notebook's clock.
 */
export function followDate(scope: typeof globalThis, now: () => number): void {
  const RealDate = scope.Date;
  const { prototype } = RealDate;
  const parse = (text: unknown) => parseInUtc(RealDate, String(text));
  function WorldDate(this: unknown, ...args: unknown[]): unknown {
    if (!new.target) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, [instantOf(args)], new.target);
  }
  /** What the arguments of the constructor stand for. */
  const instantOf = (args: readonly unknown[]): number => {
    if (args.length === 0) return now();
    if (args.length > 1) return RealDate.UTC(...(args as [number, number]));
    const [given] = args;
    if (isDate(given, prototype)) return prototype.getTime.call(given);
    const value = primitiveOf(given);
    return typeof value === 'string' ? parse(value) : Number(value);
  };
  WorldDate.prototype = prototype;
  for (const [name, value] of Object.entries({ now, parse, UTC: RealDate.UTC })) {
    define(WorldDate, name, value);
  }
  define(WorldDate, 'name', 'Date');
  define(WorldDate, 'length', 7);
  define(prototype, 'constructor', WorldDate);
  define(scope, 'Date', WorldDate);
  showInUtc(prototype);
}

/** Makes the local methods of all dates those of UTC. */
function showInUtc(prototype: Date): void {
  const methods = prototype as unknown as Record<string, (...args: number[]) => unknown>;
  for (const part of ['Day', ...PARTS]) define(prototype, `get${part}`, methods[`getUTC${part}`]);
  for (const part of PARTS) define(prototype, `set${part}`, methods[`setUTC${part}`]);
  const day = (date: Date) => {
    // `Tue, 10 Mar 2026 09:00:00 GMT`
    const [weekday = '', of, month, year, time] = date.toUTCString().split(' ');
    return { date: `${weekday.slice(0, 3)} ${month} ${of} ${year}`, time };
  };
  const zone = 'GMT+0000 (Coordinated Universal Time)';
  const shown = (text: (parts: ReturnType<typeof day>) => string) =>
    function (this: Date): string {
      return Number.isNaN(this.getTime()) ? 'Invalid Date' : text(day(this));
    };
  define(
    prototype,
    'toString',
    shown(({ date, time }) => `${date} ${time} ${zone}`),
  );
  define(
    prototype,
    'toDateString',
    shown(({ date }) => date),
  );
  define(
    prototype,
    'toTimeString',
    shown(({ time }) => `${time} ${zone}`),
  );
  define(prototype, 'getTimezoneOffset', function (this: Date) {
    return this.getTime() * 0;
  });
  define(prototype, 'getYear', function (this: Date) {
    return this.getUTCFullYear() - 1900;
  });
  define(prototype, 'setYear', function (this: Date, year: unknown) {
    const number = Math.trunc(Number(year));
    return this.setUTCFullYear(number >= 0 && number <= 99 ? 1900 + number : number);
  });
}

/** `2026-03-10T09:00`, which has no zone, unlike `2026-03-10`, which means UTC. */
const ISO_WITHOUT_ZONE = /^(?:\d{4}|[+-]\d{6})(?:-\d\d){0,2}T\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
const ISO_DAY = /^(?:\d{4}|[+-]\d{6})(?:-\d\d){0,2}$/;
/** A zone by name, or an offset after a time, in the forms that browsers read beside ISO. */
const NAMED_ZONE = /(?<![a-z])(?:z|utc?|gmt|[ecmp][sd]t)(?![a-z])/i;
const OFFSET = /:\d\d(?:\.\d+)?(?:\s*[ap]m)?\s*[+-]\d/i;

/** A text as an instant; one without a zone is in UTC. */
function parseInUtc(RealDate: DateConstructor, given: string): number {
  const text = given.trim();
  if (ISO_WITHOUT_ZONE.test(text)) return RealDate.parse(`${text}Z`);
  const plain = text.replace(/\([^)]*\)/g, '');
  if (ISO_DAY.test(text) || NAMED_ZONE.test(plain) || OFFSET.test(plain)) {
    return RealDate.parse(text);
  }
  return RealDate.parse(`${plain} UTC`);
}

function isDate(value: unknown, prototype: Date): value is Date {
  if (typeof value !== 'object' || value === null) return false;
  try {
    prototype.getTime.call(value as Date);
    return true;
  } catch {
    return false;
  }
}

/** As the language turns an object into what a date is made of. */
function primitiveOf(value: unknown): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  const object = value as { [Symbol.toPrimitive]?: (hint: string) => unknown };
  if (typeof object[Symbol.toPrimitive] === 'function') {
    return object[Symbol.toPrimitive]?.('default');
  }
  const own: unknown = value.valueOf();
  return typeof own === 'object' || typeof own === 'function' ? String(value) : own;
}

/** Sets a property as the language's own are: not listed, and open to change. */
export function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
