import {
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
  /**
   * Reads a text as Python's `strptime` does: leading zeros may be missing, case does not
   * matter, white space stands for white space, nothing may be left over. What the format
   * leaves out is taken from 1900-01-01 00:00. Null if the text does not fit.
   */
  parse(text: string): ParsedTime | null;
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

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
const shortest = (name: string): string => name.slice(0, 3);

/** Codes that depend on the day alone. */
const DAY_CODES: Readonly<Record<string, (day: number) => string>> = {
  Y: (day) => pad(civilOfDay(day).year, 4),
  y: (day) => pad(((civilOfDay(day).year % 100) + 100) % 100),
  m: (day) => pad(civilOfDay(day).month),
  d: (day) => pad(civilOfDay(day).day),
  B: (day) => MONTHS[civilOfDay(day).month - 1] as string,
  b: (day) => shortest(MONTHS[civilOfDay(day).month - 1] as string),
  j: (day) => pad(day - dayOfCivil(civilOfDay(day).year, 1, 1) + 1, 3),
  A: (day) => WEEKDAYS[weekdayOfDay(day)] as string,
  a: (day) => shortest(WEEKDAYS[weekdayOfDay(day)] as string),
};

/** Codes that depend on the time of the day alone, in milliseconds. */
const TIME_CODES: Readonly<Record<string, (timeMs: number) => string>> = {
  H: (timeMs) => pad(Math.floor(timeMs / HOUR_MS)),
  I: (timeMs) => pad(((Math.floor(timeMs / HOUR_MS) + 11) % 12) + 1),
  M: (timeMs) => pad(Math.floor(timeMs / MINUTE_MS) % 60),
  S: (timeMs) => pad(Math.floor(timeMs / 1000) % 60),
  f: (timeMs) => pad(timeMs % 1000, 3) + '000',
  p: (timeMs) => (timeMs < 12 * HOUR_MS ? 'AM' : 'PM'),
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
    format = { format: makeWriter(fmt), parse: makeReader(fmt) };
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

type Part =
  | {
      readonly of: 'day' | 'time';
      readonly codes: readonly (string | ((value: number) => string))[];
    }
  | { readonly of: 'offset' };

/**
 * Neighbouring codes of one sort are one part, so that a long list of keys
 * computes its dates once a day and its times once for all days.
 */
function makeWriter(fmt: string): TimeFormat['format'] {
  const parts: Part[] = [];
  let of: 'day' | 'time' = 'day';
  let codes: (string | ((value: number) => string))[] = [];
  const close = (): void => {
    if (codes.length > 0) parts.push({ of, codes });
    codes = [];
  };
  for (const piece of fmt.match(/%.|[^%]+|%$/gsu) ?? []) {
    const code = piece.length > 1 && piece.startsWith('%') ? piece.slice(1) : '';
    if (code === 'z') {
      close();
      parts.push({ of: 'offset' });
      continue;
    }
    const write = DAY_CODES[code] ?? TIME_CODES[code];
    const wanted: 'day' | 'time' = code in DAY_CODES ? 'day' : code in TIME_CODES ? 'time' : of;
    if (wanted !== of) close();
    of = wanted;
    codes.push(write ?? (code === '%' ? '%' : piece));
  }
  close();

  const texts = parts.map((): string => '');
  const textsByTime = parts.map(() => new Map<number, string>());
  let latestDay = NaN;
  const write = (part: Part, value: number): string =>
    part.of === 'offset'
      ? ''
      : part.codes.map((code) => (typeof code === 'string' ? code : code(value))).join('');
  return (wallTime, offsetMs) => {
    const day = Math.floor(wallTime / DAY_MS);
    const timeMs = wallTime - day * DAY_MS;
    const sameDay = day === latestDay;
    latestDay = day;
    let text = '';
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] as Part;
      if (part.of === 'offset') text += offsetText(offsetMs);
      else if (part.of === 'day') {
        if (!sameDay) texts[index] = write(part, day);
        text += texts[index] as string;
      } else {
        const known = textsByTime[index] as Map<number, string>;
        let written = known.get(timeMs);
        if (written === undefined) {
          written = write(part, timeMs);
          // Windows start on whole minutes: the cache cannot grow beyond a day of them.
          if (timeMs % MINUTE_MS === 0) known.set(timeMs, written);
        }
        text += written;
      }
    }
    return text;
  };
}

function makeReader(fmt: string): TimeFormat['parse'] {
  const codes: string[] = [];
  let known = true;
  const pattern = (fmt.match(/%.|\s+|[^%\s]+|%$/gsu) ?? [])
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
  if (!known) return () => null;
  const expression = new RegExp(`^${pattern}$`, 'i');
  return (text) => {
    const match = expression.exec(text);
    if (match === null) return null;
    return combine(new Map(codes.map((code, index) => [code, match[index + 1] as string])));
  };
}

function combine(texts: ReadonlyMap<string, string>): ParsedTime | null {
  const numberOf = (code: string, otherwise: number): number => {
    const text = texts.get(code);
    return text === undefined ? otherwise : Number(text);
  };
  const nameIn = (names: readonly string[], code: string): number | null => {
    const text = texts.get(code)?.toLowerCase();
    return text === undefined
      ? null
      : names.findIndex((name) => name.toLowerCase().startsWith(text)) + 1;
  };
  const short = numberOf('y', 0);
  const year = texts.has('Y')
    ? numberOf('Y', 1900)
    : texts.has('y')
      ? short + (short > 68 ? 1900 : 2000)
      : 1900;
  const month = nameIn(MONTHS, 'B') ?? nameIn(MONTHS, 'b') ?? numberOf('m', 1);
  const dayOfMonth = numberOf('d', 1);
  const leapDays = daysInMonth(year, 2) === 29 ? 366 : 365;
  if (year < 1 || dayOfMonth > daysInMonth(year, month) || numberOf('j', 1) > leapDays) return null;
  const day =
    texts.has('j') && !texts.has('d')
      ? dayOfCivil(year, 1, numberOf('j', 1))
      : dayOfCivil(year, month, dayOfMonth);
  let hour = numberOf('H', 0);
  if (texts.has('I')) {
    hour = (numberOf('I', 12) % 12) + (texts.get('p')?.toUpperCase() === 'PM' ? 12 : 0);
  }
  const second = numberOf('S', 0);
  if (second > 59) return null;
  const fraction = Math.floor(Number((texts.get('f') ?? '').padEnd(6, '0')) / 1000);
  return {
    wallTime:
      day * DAY_MS + hour * HOUR_MS + numberOf('M', 0) * MINUTE_MS + second * 1000 + fraction,
    offsetMs: offsetOf(texts.get('z')),
  };
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
