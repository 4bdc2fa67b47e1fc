import { isCalendarWord } from './calendar-words.ts';
import { STATUS_WORDS, type StatusWord } from './selection-tree.ts';

/** A word with a meaning, as what it means. */
export type MeantWord =
  | { readonly kind: 'all' }
  | { readonly kind: 'status'; readonly status: StatusWord; readonly asset: null }
  | { readonly kind: 'latest'; readonly count: number }
  | { readonly kind: 'calendar'; readonly words: string };

const LATEST = /^latest(?: (\d{1,9}))?$/;

/** What a text means as a word or words, in letters of any size; null if it is none (SEL-5, SEL-11). */
export function meaningOf(text: string): MeantWord | null {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (words === 'all') return { kind: 'all' };
  const status = STATUS_WORDS.find((one) => one === words);
  if (status !== undefined) return { kind: 'status', status, asset: null };
  const latest = LATEST.exec(words);
  if (latest !== null) return { kind: 'latest', count: Number(latest[1] ?? 1) };
  return isCalendarWord(words) ? { kind: 'calendar', words } : null;
}

/** Whether a key of this text must be written in quotes: it would mean something else. */
export function isWord(text: string): boolean {
  return meaningOf(text) !== null || /^not(?:\s|$)/i.test(text);
}
