import { civilOfDay, daysInMonth, weekdayOfDay } from './calendar.ts';

/** A cron expression, read. Plain data; a schedule of wall times, in no zone yet. */
export interface CronSchedule {
  /** As written. */
  readonly text: string;
  /** Minutes of a matching day at which it ticks, counted from midnight; ascending, not empty. */
  readonly minutesOfDay: readonly number[];
  /** By month number; index 0 is unused. */
  readonly months: readonly boolean[];
  /** By day of the month, index 0 unused; null if the field says nothing. */
  readonly monthDays: readonly boolean[] | null;
  /** Whether the day-of-month field names the last day. */
  readonly lastMonthDay: boolean;
  /** By weekday, Sunday first; null if the field says nothing. */
  readonly weekdays: readonly boolean[] | null;
  /** Such as the second Monday; `nth` 0 is the last. Null if there are none. They overrule the day of the month, and are none (empty) where they never meet it (CRON-1q). */
  readonly nthWeekdays: readonly { readonly weekday: number; readonly nth: number }[] | null;
  /** Whether every day matches. */
  readonly everyDay: boolean;
  /** Whether the hour field covers every hour (CRON-4). */
  readonly repeatsEveryHour: boolean;
  /** One tick on each of its days, which are all days, some weekdays, or one day of the month (CRON-8). */
  readonly commonCadence: boolean;
}

const ALIASES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

interface FieldGrammar {
  readonly low: number;
  readonly high: number;
  /** What names stand for, from `low` up. */
  readonly names: readonly string[];
}

const MINUTE: FieldGrammar = { low: 0, high: 59, names: [] };
const HOUR: FieldGrammar = { low: 0, high: 23, names: [] };
const MONTH_DAY: FieldGrammar = { low: 1, high: 31, names: [] };
const MONTH: FieldGrammar = {
  low: 1,
  high: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAY: FieldGrammar = {
  low: 0,
  high: 7,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

const schedules = new Map<string, CronSchedule | null>();

/** The schedule that `text` describes, or null if Dagster would not accept it (CRON-1). */
export function parseCron(text: string): CronSchedule | null {
  let schedule = schedules.get(text);
  if (schedule === undefined) {
    schedule = readCron(text);
    schedules.set(text, schedule);
  }
  return schedule;
}

/** Whether `day` (a day number) is one on which `schedule` ticks (CRON-2). */
export function matchesDay(schedule: CronSchedule, day: number): boolean {
  if (schedule.everyDay) return true;
  const date = civilOfDay(day);
  if (schedule.months[date.month] !== true) return false;
  const { monthDays, weekdays, nthWeekdays } = schedule;
  const length = daysInMonth(date.year, date.month);
  if (nthWeekdays !== null) {
    const weekday = weekdayOfDay(day);
    return nthWeekdays.some(
      (one) =>
        one.weekday === weekday &&
        (one.nth === 0 ? date.day + 7 > length : Math.ceil(date.day / 7) === one.nth),
    );
  }
  const byMonthDay =
    monthDays !== null &&
    (monthDays[date.day] === true || (schedule.lastMonthDay && date.day === length));
  const byWeekday = weekdays !== null && weekdays[weekdayOfDay(day)] === true;
  return monthDays === null && weekdays === null ? true : byMonthDay || byWeekday;
}

/**
 * The minutes from each tick to the next where Dagster can tell from the text of the minute
 * field that they are always the same: a plain hour, every minute, a step that parts the hour,
 * or a list that does; every other field is `*` (TW-38). Else null.
 */
export function fixedMinuteInterval({ text, minutesOfDay }: CronSchedule): number | null {
  const match = /^(\*|0|\*\/\d+|\d+(?:,\d+)+)( \*){4}$/.exec(text);
  if (match === null) return null;
  const interval = 60 / (minutesOfDay.length / 24);
  if (interval === 60 && match[1] !== '0') return null;
  const [first = 0] = minutesOfDay;
  return minutesOfDay.every((minute, at) => minute === first + at * interval) ? interval : null;
}

function readCron(text: string): CronSchedule | null {
  // An alias stands alone; the fields may have white space around them.
  const written = text.toLowerCase();
  const fields = (ALIASES[written] ?? written).trim().split(/\s+/);
  if (fields.length !== 5) return null;
  const [minuteText, hourText, monthDayText, monthText, weekdayText] = fields as [
    string,
    string,
    string,
    string,
    string,
  ];
  const minutes = readField(minuteText, MINUTE);
  const hours = readField(hourText, HOUR);
  const months = readField(monthText, MONTH);
  if (minutes === null || hours === null || months === null) return null;

  const monthDayItems = monthDayText.split(',');
  const lastMonthDay = monthDayItems.includes('l');
  const plainMonthDays = monthDayItems.filter((item) => item !== 'l').join(',');
  const monthDays =
    plainMonthDays === '' && lastMonthDay
      ? new Set<number>()
      : readField(plainMonthDays === '?' ? '*' : plainMonthDays, MONTH_DAY);
  if (monthDays === null) return null;

  const nthWeekdays = readNthWeekdays(weekdayText);
  if (nthWeekdays === undefined) return null;
  const weekdays =
    nthWeekdays === null ? readField(weekdayText === '?' ? '*' : weekdayText, WEEKDAY) : null;
  if (nthWeekdays === null && weekdays === null) return null;

  // The one impossible date that is refused; April 31 is not.
  const [onlyMonthDay] = monthDays;
  if (/^\d+$/.test(monthDayText) && (onlyMonthDay as number) > 29) {
    if (months.size === 1 && months.has(2)) return null;
  }

  // A star says nothing, whatever is listed beside it; nor does every day, if the other field has a star (CRON-2q).
  const anyMonthDay =
    monthDayText === '?' ||
    hasStar(monthDayText) ||
    (monthDays.size === 31 && weekdayText.includes('*'));
  const anyWeekday =
    weekdays !== null &&
    (weekdayText === '?' ||
      hasStar(weekdayText) ||
      (weekdays.size === 7 && monthDayText.includes('*')));
  const single = minutes.size === 1 && hours.size === 1 && months.size === 12;
  const oneMonthDay = monthDays.size === 1 && !lastMonthDay && (onlyMonthDay as number) <= 28;
  const schedule: CronSchedule = {
    text,
    minutesOfDay: [...hours]
      .flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute))
      .sort((a, b) => a - b),
    months: flags(months, 12),
    monthDays: anyMonthDay ? null : flags(monthDays, 31),
    lastMonthDay,
    weekdays: weekdays === null || anyWeekday ? null : flags(weekdays, 6),
    nthWeekdays,
    everyDay: anyMonthDay && anyWeekday && months.size === 12,
    // Hours listed beside a star change only this (CRON-4q).
    repeatsEveryHour: hours.size === 24 && (!hasStar(hourText) || /^[*,]+$/.test(hourText)),
    commonCadence: single && nthWeekdays === null && (anyMonthDay || (oneMonthDay && anyWeekday)),
  };
  // A day of the month is overruled, but Dagster finds no tick if it never meets such a weekday.
  return nthWeekdays === null || anyMonthDay || meetsMonthDay(schedule)
    ? schedule
    : { ...schedule, nthWeekdays: [] };
}

/** Dates fall on the same weekdays again after so many days. */
const DAYS_OF_CALENDAR = 28 * 365 + 7;

/** Whether a weekday that the schedule counts in the month is ever one of its days of the month. */
function meetsMonthDay(schedule: CronSchedule): boolean {
  const byMonthDay: CronSchedule = { ...schedule, weekdays: null, nthWeekdays: null };
  for (let day = 0; day < DAYS_OF_CALENDAR; day += 1) {
    if (matchesDay(schedule, day) && matchesDay(byMonthDay, day)) return true;
  }
  return false;
}

const flags = (values: ReadonlySet<number>, high: number): readonly boolean[] =>
  Array.from({ length: high + 1 }, (_, value) => values.has(value));

/** The values of a comma list, Sunday being 0, or null if it is not one. */
function readField(text: string, grammar: FieldGrammar): ReadonlySet<number> | null {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
    if (match === null) return null;
    const step = match[4] === undefined ? 1 : Number(match[4]);
    if (step === 0) return null;
    const isAlone = match[3] === undefined && match[4] === undefined;
    // Sunday counts once.
    const last = grammar === WEEKDAY ? 6 : grammar.high;
    let low = match[1] === '*' ? grammar.low : readValue(match[2] as string, grammar);
    let high =
      match[1] === '*'
        ? last
        : match[3] !== undefined
          ? readValue(match[3], grammar)
          : isAlone
            ? low
            : last;
    if (low === null || high === null) return null;
    if (low > last && high !== low) low = grammar.low;
    // From a value to itself is once around, counted from the lowest (CRON-3q).
    if (low === high && !isAlone) [low, high] = [grammar.low, last];
    for (let value = low; value <= (low > high ? last : high); value += step) values.add(value);
    if (low <= high) continue;
    // A range that wraps goes on from the beginning: one late, unless a step ends there (CRON-3q).
    const over = (step - ((last + 1 - low) % step)) % step;
    for (let value = grammar.low + over + (over > 0 ? 1 : 0); value <= high; value += step) {
      values.add(value);
    }
  }
  return grammar === WEEKDAY ? new Set([...values].map((weekday) => weekday % 7)) : values;
}

/** Whether a plain star is one of the items of a field. */
function hasStar(text: string): boolean {
  return text.split(',').includes('*');
}

function readValue(text: string, grammar: FieldGrammar): number | null {
  const named = grammar.names.indexOf(text);
  if (named >= 0) return named + grammar.low;
  if (!/^\d+$/.test(text)) return null;
  const value = Number(text);
  return value >= grammar.low && value <= grammar.high ? value : null;
}

/** `mon#2`, `L5`; null if the field has none, undefined if it is wrong or mixes both kinds. */
function readNthWeekdays(text: string): CronSchedule['nthWeekdays'] | undefined {
  if (!/[#l]/.test(text)) return null;
  const found: { weekday: number; nth: number }[] = [];
  for (const item of text.split(',')) {
    const match = /^(?:l(\d)|(\w+)#([1-5]))$/.exec(item);
    if (match === null) return undefined;
    const weekday = readValue((match[1] ?? match[2]) as string, WEEKDAY);
    if (weekday === null) return undefined;
    found.push({ weekday: weekday % 7, nth: Number(match[3] ?? 0) });
  }
  return found;
}
