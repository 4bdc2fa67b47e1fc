const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** The words of the calendar that are whole as they stand; others count: `last 7 days`. */
export const CALENDAR_WORDS: readonly string[] = [
  'today',
  'yesterday',
  'this week',
  'last week',
  'this month',
  'last month',
  'this year',
  'last year',
  'last 7 days',
  'last 30 days',
  'last 90 days',
  'weekends',
  'weekdays',
  ...[...WEEKDAYS.slice(1), ...WEEKDAYS.slice(0, 1)].map((day) => `${day}s`),
  ...MONTHS,
];

/** So many units until now: the number, and the unit. */
export const COUNTED = /^last (\d{1,6}) (hour|day|week|month|year)s?$/;
const STRETCH = /^(this|last) (week|month|year)$/;

/** Whether these words, in small letters with single spaces, mean a part of the calendar. */
export function isCalendarWord(words: string): boolean {
  return (
    words === 'today' ||
    words === 'yesterday' ||
    COUNTED.test(words) ||
    STRETCH.test(words) ||
    weekdaysOf(words) !== null ||
    monthOf(words) > 0
  );
}

/** Days of a week that begins on Sunday, as spans; null if the words mean none. */
export function weekdaysOf(words: string): readonly (readonly [number, number])[] | null {
  if (/^weekends?$/.test(words)) {
    return [
      [0, 1],
      [6, 7],
    ];
  }
  if (/^weekdays?$/.test(words)) return [[1, 6]];
  const day = named(WEEKDAYS, words.replace(/s$/, ''));
  return day < 0 ? null : [[day, day + 1]];
}

/** The month called so, from 1; 0 if there is none. */
export function monthOf(words: string): number {
  return (words === 'sept' ? 8 : named(MONTHS, words)) + 1;
}

/** The place of a name, written whole or as its first three letters; -1 if it is none. */
function named(names: readonly string[], word: string): number {
  return names.findIndex((name) => name === word || name.slice(0, 3) === word);
}
