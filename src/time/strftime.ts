import {
  type CivilDate,
  civilOfDay,
  DAY_MS,
  dayOfCivil,
  daysInMonth,
  HOUR_MS,
  MINUTE_MS,
  weekdayOfDay,
} from './calendar.ts';

/** What a text said: a wall time, and the offset if the text had one (`%z`). */
export interface ParsedTime {
  readonly wallTime: number;
  readonly offsetMs: number | null;
}

/** A strftime format, ready to write and read. */
export interface TimeFormat {
  /** Writes a wall time; `offsetMs` is what `%z` says. */
  format(wallTime: number, offsetMs: number): string;
  /** The format as a text of the day followed by one of the time of day in milliseconds; null if it is not so simple. */
  readonly split: {
    readonly day: (day: number) => string;
    readonly time: (timeMs: number) => string;
  } | null;
  /**
   * Reads a text as Python's `strptime` does: leading zeros may be missing, case does not
   * matter, white space stands for white space, nothing may be left over. What the format
   * leaves out is taken from 1900-01-01 00:00. Null if the text does not fit.
   */
  parse(text: string): ParsedTime | null;
  /**
   * Reads back what `format` wrote, much quicker than `parse`: the wall time, or NaN for every
   * other text. Null if the format is not so simple that all its texts are digits at fixed places.
   */
  readonly readWritten: ((text: string) => number) | null;
  /** How long the texts of a format with `readWritten` are, in UTF-16 units. */
  readonly writtenLength: number;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const TWO_DIGITS = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));

const pad = (value: number, width = 2): string =>
  (width === 2 ? TWO_DIGITS[value] : undefined) ?? String(value).padStart(width, '0');
const shortest = (name: string): string => name.slice(0, 3);
const halfDayHour = (timeMs: number): number => ((Math.floor(timeMs / HOUR_MS) + 11) % 12) + 1;

/** Codes that depend on the day alone. */
const DAY_CODES: Readonly<Record<string, (date: CivilDate, day: number) => string>> = {
  Y: ({ year }) => pad(year, 4),
  y: ({ year }) => pad(((year % 100) + 100) % 100),
  m: ({ month }) => pad(month),
  d: ({ day }) => pad(day),
  B: ({ month }) => MONTHS[month - 1] as string,
  b: ({ month }) => shortest(MONTHS[month - 1] as string),
  C: ({ year }) => pad(Math.floor(year / 100)),
  e: ({ day }) => String(day).padStart(2),
  j: ({ year }, day) => pad(day - dayOfCivil(year, 1, 1) + 1, 3),
  U: ({ year }, day) => pad(weekOfYear(year, day, 0)),
  W: ({ year }, day) => pad(weekOfYear(year, day, 1)),
  G: (_, day) => pad(isoWeek(day).year, 4),
  g: (_, day) => pad(isoWeek(day).year % 100),
  V: (_, day) => pad(isoWeek(day).week),
  u: (_, day) => String(isoWeekday(day)),
  w: (_, day) => String(weekdayOfDay(day)),
  A: (_, day) => WEEKDAYS[weekdayOfDay(day)] as string,
  a: (_, day) => shortest(WEEKDAYS[weekdayOfDay(day)] as string),
};

/** Codes that depend on the time of the day alone, in milliseconds. */
const TIME_CODES: Readonly<Record<string, (timeMs: number) => string>> = {
  H: (timeMs) => pad(Math.floor(timeMs / HOUR_MS)),
  I: (timeMs) => pad(halfDayHour(timeMs)),
  k: (timeMs) => String(Math.floor(timeMs / HOUR_MS)).padStart(2),
  l: (timeMs) => String(halfDayHour(timeMs)).padStart(2),
  M: (timeMs) => pad(Math.floor(timeMs / MINUTE_MS) % 60),
  S: (timeMs) => pad(Math.floor(timeMs / 1000) % 60),
  f: (timeMs) => pad(timeMs % 1000, 3) + '000',
  p: (timeMs) => (timeMs < 12 * HOUR_MS ? 'AM' : 'PM'),
  P: (timeMs) => (timeMs < 12 * HOUR_MS ? 'am' : 'pm'),
};

/** Codes that stand for others, where dates are read and where they are written. */
const READABLE_SHORTHANDS: Readonly<Record<string, string>> = {
  c: '%a %b %d %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

/** Codes that stand for others where dates are written; Python reads none of them. */
const SHORTHANDS: Readonly<Record<string, string>> = {
  ...READABLE_SHORTHANDS,
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  h: '%b',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  T: '%H:%M:%S',
  n: '\n',
  t: '\t',
};

/** What each code reads. */
const PATTERNS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d\\d',
  m: '1[0-2]|0[1-9]|[1-9]',
  d: '3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]',
  B: MONTHS.join('|'),
  b: MONTHS.map(shortest).join('|'),
  j: '36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  A: WEEKDAYS.join('|'),
  a: WEEKDAYS.map(shortest).join('|'),
  U: '5[0-3]|[0-4]\\d|\\d',
  W: '5[0-3]|[0-4]\\d|\\d',
  G: '\\d{4}',
  V: '5[0-3]|0[1-9]|[1-4]\\d|\\d',
  u: '[1-7]',
  w: '[0-6]',
  H: '2[0-3]|[01]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  S: '6[01]|[0-5]\\d|\\d',
  f: '\\d{1,6}',
  p: 'AM|PM',
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|Z',
};

const formats = new Map<string, TimeFormat>();

/** The format written `fmt`, made once. An unknown code stands for itself when written and fits nothing when read. */
export function timeFormat(fmt: string): TimeFormat {
  let format = formats.get(fmt);
  if (format === undefined) {
    format = { ...makeWriter(fmt), parse: makeReader(fmt), ...makeExactReader(fmt) };
    formats.set(fmt, format);
  }
  return format;
}

/** An offset as `%z` writes it: `-0500`. */
export function offsetText(offsetMs: number): string {
  const seconds = Math.abs(offsetMs) / 1000;
  const rest = seconds % 60;
  return (
    (offsetMs < 0 ? '-' : '+') +
    pad(Math.floor(seconds / 3600)) +
    pad(Math.floor(seconds / 60) % 60) +
    (rest === 0 ? '' : pad(rest))
  );
}

/** A run of text whose codes depend on the same. */
type Part =
  | { readonly of: 'day'; readonly write: (day: number) => string }
  | { readonly of: 'time'; readonly write: (timeMs: number) => string }
  | { readonly of: 'offset' };

/**
 * Neighbouring codes of one sort are one part, so that a long list of keys
 * computes its dates once a day and its times once for all days.
 */
function partsOf(fmt: string): readonly Part[] {
  const parts: Part[] = [];
  let of: 'day' | 'time' = 'day';
  let codes: string[] = [];
  const close = (): void => {
    if (codes.length > 0) parts.push(of === 'day' ? dayPart(codes) : timePart(codes));
    codes = [];
  };
  for (const piece of spelledOut(fmt, SHORTHANDS).match(/%-?.|[^%]+|%$/gsu) ?? []) {
    const code = codeIn(piece);
    if (code === 'z') {
      close();
      parts.push({ of: 'offset' });
      continue;
    }
    const wanted: 'day' | 'time' = code in DAY_CODES ? 'day' : code in TIME_CODES ? 'time' : of;
    if (wanted !== of) close();
    of = wanted;
    codes.push(code === '%' ? '%' : piece);
  }
  close();
  return parts;
}

function dayPart(codes: readonly string[]): Part {
  const place = codes.indexOf('%d');
  const isPlain = codes.every((code, at) => at === place || !DAILY_CODES.has(codeIn(code)));
  if (place >= 0 && isPlain) {
    return monthPart(writerOf(codes.slice(0, place)), writerOf(codes.slice(place + 1)));
  }
  const write = writerOf(codes);
  let latestDay = NaN;
  let latest = '';
  return {
    of: 'day',
    write: (day) => {
      if (day !== latestDay) latest = write(civilOfDay(day), day);
      latestDay = day;
      return latest;
    },
  };
}

/** Of the codes of a day, those that tell days of one month apart. */
const DAILY_CODES = new Set('dejAaUWGgVuw');

/** The letter of a code; empty for a text that stands for itself. */
const codeIn = (piece: string): string => /^%-?(.)$/su.exec(piece)?.[1] ?? '';

/** What writes a code or a text that stands for itself; after `%-` without what fills it up. */
function pieceWriter<Arguments extends unknown[]>(
  piece: string,
  codes: Readonly<Record<string, (...of: Arguments) => string>>,
): (...of: Arguments) => string {
  const write = codes[codeIn(piece)];
  if (write === undefined) return () => piece;
  if (!piece.startsWith('%-')) return write;
  return (...of) => write(...of).replace(/^[0 ]+(?=.)/, '');
}

/** A format with the codes in it that stand for others written out. */
function spelledOut(fmt: string, shorthands: Readonly<Record<string, string>>): string {
  return fmt.replace(/%(.)/gsu, (piece, code: string) => shorthands[code] ?? piece);
}

type DayWriter = (date: CivilDate, day: number) => string;

function writerOf(codes: readonly string[]): DayWriter {
  const writers = codes.map((code) => pieceWriter(code, DAY_CODES));
  return (date, day) => {
    let text = '';
    for (const write of writers) text += write(date, day);
    return text;
  };
}

/** A day between texts that are the same for all days of a month: dates are computed once a month. */
function monthPart(before: DayWriter, after: DayWriter): Part {
  let firstDay = 0;
  let endDay = 0;
  let start = '';
  let end = '';
  let latestDay = NaN;
  let latest = '';
  return {
    of: 'day',
    write: (day) => {
      if (day === latestDay) return latest;
      if (day < firstDay || day >= endDay) {
        const date = civilOfDay(day);
        firstDay = day - date.day + 1;
        endDay = firstDay + daysInMonth(date.year, date.month);
        start = before(date, day);
        end = after(date, day);
      }
      latest = start + (TWO_DIGITS[day - firstDay + 1] as string) + end;
      latestDay = day;
      return latest;
    },
  };
}

function timePart(codes: readonly string[]): Part {
  const writers = codes.map((code) => pieceWriter(code, TIME_CODES));
  const textsByMinute: string[] = [];
  return {
    of: 'time',
    write: (timeMs) => {
      // Windows start on whole minutes.
      const minute = timeMs / MINUTE_MS;
      let text = textsByMinute[minute];
      if (text === undefined) {
        text = writers.map((write) => write(timeMs)).join('');
        if (Number.isInteger(minute)) textsByMinute[minute] = text;
      }
      return text;
    },
  };
}

function makeWriter(fmt: string): Pick<TimeFormat, 'format' | 'split'> {
  const parts = partsOf(fmt);
  const [day, time] = parts;
  const split: TimeFormat['split'] =
    day?.of !== 'day' || parts.length > 2 || time?.of === 'offset' || time?.of === 'day'
      ? null
      : { day: day.write, time: time?.write ?? (() => '') };
  return {
    split,
    format: (wallTime, offsetMs) => {
      const wallDay = Math.floor(wallTime / DAY_MS);
      const timeMs = wallTime - wallDay * DAY_MS;
      if (split !== null) return split.day(wallDay) + split.time(timeMs);
      let text = '';
      for (const part of parts) {
        if (part.of === 'day') text += part.write(wallDay);
        else if (part.of === 'time') text += part.write(timeMs);
        else text += offsetText(offsetMs);
      }
      return text;
    },
  };
}

function makeReader(fmt: string): TimeFormat['parse'] {
  const codes: string[] = [];
  let known = true;
  const pattern = (spelledOut(fmt, READABLE_SHORTHANDS).match(/%.|\s+|[^%\s]+|%$/gsu) ?? [])
    .map((piece) => {
      if (/^\s/.test(piece)) return '\\s+';
      if (piece === '%%') return '%';
      if (!piece.startsWith('%')) return piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      const code = piece.slice(1);
      const read = PATTERNS[code];
      if (read === undefined || codes.includes(code)) known = false;
      codes.push(code);
      return `(${read})`;
    })
    .join('');
  if (!known || !areWeeksReadable(codes)) return () => null;
  const expression = new RegExp(`^${pattern}$`, 'i');
  return (text) => {
    const match = expression.exec(text);
    if (match === null) return null;
    const texts: ReadTexts = {};
    for (let index = 0; index < codes.length; index += 1) {
      texts[codes[index] as string] = match[index + 1];
    }
    return combine(texts);
  };
}

/** Codes that are always written with so many digits. */
const DIGITS: Readonly<Record<string, number>> = { Y: 4, m: 2, d: 2, H: 2, M: 2, S: 2 };

function makeExactReader(fmt: string): Pick<TimeFormat, 'readWritten' | 'writtenLength'> {
  const places: Record<string, number> = {};
  const literals: { readonly place: number; readonly unit: number }[] = [];
  let length = 0;
  for (const piece of fmt.match(/%.|[^%]|%$/gsu) ?? []) {
    const digits = piece.length > 1 && piece.startsWith('%') ? DIGITS[piece.slice(1)] : undefined;
    if (digits === undefined) {
      if (piece.startsWith('%')) return { readWritten: null, writtenLength: 0 };
      for (let at = 0; at < piece.length; at += 1) {
        literals.push({ place: length + at, unit: piece.charCodeAt(at) });
      }
      length += piece.length;
    } else {
      const code = piece.slice(1);
      if (code in places) return { readWritten: null, writtenLength: 0 };
      places[code] = length;
      length += digits;
    }
  }
  const { Y = -1, m = -1, d = -1, H = -1, M = -1, S = -1 } = places;
  const literalPlaces = Int32Array.from(literals, ({ place }) => place);
  const literalUnits = Int32Array.from(literals, ({ unit }) => unit);
  let latestYear = 0;
  let latestMonth = 0;
  let latestMonthDay = 0;
  let latestMonthLength = 0;
  return {
    writtenLength: length,
    // Millions of keys are read here: it is written out, as calls would be half of the time.
    readWritten: (text) => {
      if (text.length !== length) return NaN;
      for (let at = 0; at < literalPlaces.length; at += 1) {
        if (text.charCodeAt(literalPlaces[at] as number) !== literalUnits[at]) return NaN;
      }
      let year = 1900;
      let month = 1;
      let day = 1;
      let hour = 0;
      let minute = 0;
      let second = 0;
      // Negative as soon as a sign is no digit.
      let valid = 0;
      if (Y >= 0) {
        const a = text.charCodeAt(Y) - 48;
        const b = text.charCodeAt(Y + 1) - 48;
        const c = text.charCodeAt(Y + 2) - 48;
        const e = text.charCodeAt(Y + 3) - 48;
        valid |= a | b | c | e | (9 - a) | (9 - b) | (9 - c) | (9 - e);
        year = a * 1000 + b * 100 + c * 10 + e;
      }
      if (m >= 0) {
        const tens = text.charCodeAt(m) - 48;
        const ones = text.charCodeAt(m + 1) - 48;
        valid |= tens | ones | (9 - tens) | (9 - ones);
        month = tens * 10 + ones;
      }
      if (d >= 0) {
        const tens = text.charCodeAt(d) - 48;
        const ones = text.charCodeAt(d + 1) - 48;
        valid |= tens | ones | (9 - tens) | (9 - ones);
        day = tens * 10 + ones;
      }
      if (H >= 0) {
        const tens = text.charCodeAt(H) - 48;
        const ones = text.charCodeAt(H + 1) - 48;
        valid |= tens | ones | (9 - tens) | (9 - ones);
        hour = tens * 10 + ones;
      }
      if (M >= 0) {
        const tens = text.charCodeAt(M) - 48;
        const ones = text.charCodeAt(M + 1) - 48;
        valid |= tens | ones | (9 - tens) | (9 - ones);
        minute = tens * 10 + ones;
      }
      if (S >= 0) {
        const tens = text.charCodeAt(S) - 48;
        const ones = text.charCodeAt(S + 1) - 48;
        valid |= tens | ones | (9 - tens) | (9 - ones);
        second = tens * 10 + ones;
      }
      if (valid < 0 || year < 1 || month < 1 || month > 12 || day < 1) return NaN;
      if (hour > 23 || minute > 59 || second > 59) return NaN;
      if (year !== latestYear || month !== latestMonth) {
        latestYear = year;
        latestMonth = month;
        latestMonthDay = dayOfCivil(year, month, 1);
        latestMonthLength = daysInMonth(year, month);
      }
      if (day > latestMonthLength) return NaN;
      return (
        (latestMonthDay + day - 1) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1000
      );
    },
  };
}

/** What was read, by code. */
type ReadTexts = Record<string, string | undefined>;

function combine(texts: ReadTexts): ParsedTime | null {
  const { H, I, M, S, p, f, z } = texts;
  const day = dayOf(texts);
  if (day === null || Number(S ?? 0) > 59) return null;
  const hour =
    I === undefined ? Number(H ?? 0) : (Number(I) % 12) + (p?.toUpperCase() === 'PM' ? 12 : 0);
  const fraction = f === undefined ? 0 : Math.floor(Number(f.padEnd(6, '0')) / 1000);
  return {
    wallTime:
      day * DAY_MS + hour * HOUR_MS + Number(M ?? 0) * MINUTE_MS + Number(S ?? 0) * 1000 + fraction,
    offsetMs: offsetOf(z),
  };
}

/** The day that the texts name: by its place in the year, else in a week, else by its month; null if there is none. */
function dayOf({ Y, y, m, B, b, d, j, U, W, G, V, u, w, A, a }: ReadTexts): number | null {
  const short = Number(y ?? 0);
  const year =
    Y !== undefined ? Number(Y) : y === undefined ? 1900 : short + (short > 68 ? 1900 : 2000);
  if (year < 1) return null;
  // Sunday is 0.
  const name = A ?? a;
  const weekday =
    w !== undefined ? Number(w) : u !== undefined ? Number(u) % 7 : name ? weekdayOf(name) : null;
  let day: number;
  if (j !== undefined) day = dayOfCivil(year, 1, 1) + Number(j) - 1;
  else if (weekday !== null && W !== undefined) day = dayInWeek(year, Number(W), weekday, 1);
  else if (weekday !== null && U !== undefined) day = dayInWeek(year, Number(U), weekday, 0);
  else if (weekday !== null && G !== undefined && V !== undefined) {
    day = firstIsoWeek(Number(G)) + (Number(V) - 1) * 7 + ((weekday + 6) % 7);
  } else {
    const month = (B ?? b) ? monthOf((B ?? b) as string) : Number(m ?? 1);
    if (Number(d ?? 1) > daysInMonth(year, month)) return null;
    day = dayOfCivil(year, month, Number(d ?? 1));
  }
  return day >= dayOfCivil(1, 1, 1) && day < dayOfCivil(10_000, 1, 1) ? day : null;
}

/** Whether Python reads what a format says of ISO weeks: year, week and weekday together, and no day of the year. */
function areWeeksReadable(codes: readonly string[]): boolean {
  if (!codes.includes('G') && !codes.includes('V')) return true;
  const hasWeekday = ['A', 'a', 'w', 'u'].some((code) => codes.includes(code));
  return codes.includes('G') && codes.includes('V') && hasWeekday && !codes.includes('j');
}

/** The week of the year from 0, in which weeks begin with a weekday, Sunday being 0. */
function weekOfYear(year: number, day: number, weekStart: number): number {
  const sinceWeekStart = (weekdayOfDay(day) - weekStart + 7) % 7;
  return Math.floor((day - dayOfCivil(year, 1, 1) + 7 - sinceWeekStart) / 7);
}

/** The day of a week that `weekOfYear` numbers; in week 0 that may be one of the year before, or of week 1. */
function dayInWeek(year: number, week: number, weekday: number, weekStart: number): number {
  const newYear = dayOfCivil(year, 1, 1);
  const sinceWeekStart = (weekdayOfDay(newYear) - weekStart + 7) % 7;
  const weekZero = newYear - sinceWeekStart;
  // A year that begins with a week has no week 0, and its number then means the first as well.
  const weeks = sinceWeekStart === 0 && week > 0 ? week - 1 : week;
  return weekZero + weeks * 7 + ((weekday - weekStart + 7) % 7);
}

/** Monday is 1, Sunday 7. */
const isoWeekday = (day: number): number => weekdayOfDay(day) || 7;

/** The Monday of the week with the year's first Thursday. */
function firstIsoWeek(year: number): number {
  const january4 = dayOfCivil(year, 1, 4);
  return january4 - isoWeekday(january4) + 1;
}

function isoWeek(day: number): { readonly year: number; readonly week: number } {
  const thursday = day - isoWeekday(day) + 4;
  const { year } = civilOfDay(thursday);
  return { year, week: Math.floor((thursday - dayOfCivil(year, 1, 1)) / 7) + 1 };
}

function weekdayOf(name: string): number {
  const start = name.toLowerCase();
  return WEEKDAYS.findIndex((weekday) => weekday.toLowerCase().startsWith(start));
}

function monthOf(name: string): number {
  const start = name.toLowerCase();
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(start)) + 1;
}

function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text.toUpperCase() === 'Z') return 0;
  const digits = text.slice(1).replaceAll(':', '');
  const seconds =
    Number(digits.slice(0, 2)) * 3600 +
    Number(digits.slice(2, 4)) * 60 +
    Number(digits.slice(4) || 0);
  return (text.startsWith('-') ? -seconds : seconds) * 1000;
}
