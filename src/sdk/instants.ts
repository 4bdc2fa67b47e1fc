import type { DateTime } from 'luxon';
import { InvalidDefinitionError } from '../errors.ts';
import { instantOfText, type WallTime } from '../partitions/definition/time-window.ts';
import type { EpochMs } from '../time/time-window.ts';
import { show, wrongArgument } from './arguments.ts';
import type { LibraryShelf } from './libraries.ts';

/*
 * Instants as cells write them: text in a definition's format, a Luxon DateTime, or a Date.
 */

/** Whether `value` is a DateTime of Luxon's, without loading Luxon: there is none if it is not loaded. */
function isDateTime(value: unknown, libraries: LibraryShelf): value is DateTime {
  return libraries.loaded.luxon?.DateTime.isDateTime(value) ?? false;
}

/** A DateTime as cells have it. */
export function dateTimeArgument(value: unknown, what: string, libraries: LibraryShelf): DateTime {
  if (isDateTime(value, libraries) && value.isValid) return value;
  throw wrongArgument(`${what} must be a valid DateTime, not ${show(value)}.`);
}

/** A start, an end or an exclusion: an object of a date stands for what its clock shows (TW-7). */
export function boundOf(
  value: unknown,
  what: string,
  libraries: LibraryShelf,
): string | WallTime | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (isDateTime(value, libraries)) {
    if (!value.isValid) throw wrongArgument(`${what} is not a valid DateTime.`, 'ValueError');
    return { wallTime: value.toMillis() + value.offset * 60_000 };
  }
  if (value instanceof Date && !Number.isNaN(value.getTime())) return { wallTime: value.getTime() };
  throw wrongArgument(`${what} must be text, a DateTime or a Date, not ${show(value)}.`);
}

/** An instant: text is read in the zone, as the format has it or as ISO 8601 (GEN-2). */
export function instantArgument(
  value: unknown,
  what: string,
  form: { readonly fmt: string; readonly timezone: string },
  libraries: LibraryShelf,
): EpochMs {
  if (isDateTime(value, libraries) && value.isValid) return value.toMillis();
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.getTime();
  if (typeof value !== 'string') {
    throw wrongArgument(`${what} must be text, a DateTime or a Date, not ${show(value)}.`);
  }
  const at = instantOfText(value, form.fmt, form.timezone);
  if (at !== null) return at;
  const parsed = libraries.luxon.DateTime.fromISO(value, { zone: form.timezone });
  if (parsed.isValid) return parsed.toMillis();
  throw new InvalidDefinitionError(
    `${what} is ${show(value)}, which is neither in the format ${form.fmt} nor ISO 8601.`,
    'ValueError',
  );
}
