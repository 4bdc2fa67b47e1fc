import { strayHeaderLines } from './header.ts';
import type { NotebookHeader } from './notebook.ts';

/** What a notebook says of itself and of the world in which it runs. */
export interface NotebookSettings {
  /** Null if the header gives none. */
  readonly title: string | null;
  /** Epoch milliseconds at which a paused virtual clock starts; null means real time. */
  readonly startsAt: number | null;
  /** IANA zone in which instants are shown. */
  readonly zone: string;
  /** Seeds `Math.random` and the ids of runs; a whole number, not negative. */
  readonly seed: number;
  /** _Extension_: whether an asset whose function was edited counts as changed code (`edits: stale`). */
  readonly countsEdits: boolean;
  /** Paths below the site's `examples/`, in the order of the file. */
  readonly files: readonly string[];
}

/** What the header says if an edited function makes stale what it made. */
export const EDITS_COUNT = 'stale';

/** Something in the header that cannot be used; its default stands in for it. */
export interface HeaderProblem {
  readonly code: 'bad_value' | 'repeated_key' | 'stray_line';
  /** Null for a line that has no key. */
  readonly key: string | null;
  readonly message: string;
}

/** The settings that `header` gives, with the default for what is absent or cannot be used. */
export function notebookSettings(header: NotebookHeader): NotebookSettings {
  return {
    title: notebookTitle(header),
    startsAt: instantOf(valueOf(header, 'now')) ?? null,
    zone: zoneOf(valueOf(header, 'zone')) ?? 'UTC',
    seed: seedOf(valueOf(header, 'seed')) ?? 1,
    countsEdits: valueOf(header, 'edits') === EDITS_COUNT,
    files: fileList(header).filter(isBelowExamples),
  };
}

/** The title that `header` gives; null if it gives none. Nothing else of it is looked at. */
export function notebookTitle(header: NotebookHeader): string | null {
  return valueOf(header, 'title') || null;
}

/** What is wrong with the header, in the order of its keys; empty if nothing is. */
export function headerProblems(header: NotebookHeader): readonly HeaderProblem[] {
  const problems: HeaderProblem[] = [];
  const bad = (key: string, message: string) => problems.push({ code: 'bad_value', key, message });
  const seen = new Set<string>();
  for (const [key, value] of header.entries) {
    if (seen.has(key)) {
      const message = `The header has ${key} twice. The first one counts.`;
      problems.push({ code: 'repeated_key', key, message });
      continue;
    }
    seen.add(key);
    if (value === '') continue;
    if (key === 'now' && instantOf(value) === undefined) {
      bad(key, `now is "${value}". Expected an instant with its offset, as 2026-03-10T09:00:00Z.`);
    }
    if (key === 'zone' && zoneOf(value) === undefined) {
      bad(key, `zone is "${value}". Expected an IANA time zone, as Europe/Berlin.`);
    }
    if (key === 'seed' && seedOf(value) === undefined) {
      bad(key, `seed is "${value}". Expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`);
    }
    if (key === 'edits' && value !== EDITS_COUNT) {
      bad(key, `edits is "${value}". Expected ${EDITS_COUNT}, or nothing.`);
    }
    if (key === 'files') {
      for (const path of fileList(header).filter((each) => !isBelowExamples(each))) {
        bad(key, `files names "${path}". Expected a path below examples/, as weather.csv.`);
      }
    }
  }
  for (const { line, text } of strayHeaderLines(header)) {
    const message = `Line ${line} of the header is "${text}". Expected "key: value".`;
    problems.push({ code: 'stray_line', key: null, message });
  }
  return problems;
}

/** The value of the first entry of that key; undefined if there is none or it is empty. */
function valueOf(header: NotebookHeader, key: string): string | undefined {
  return header.entries.find(([name]) => name === key)?.[1] || undefined;
}

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:Z|([+-])(\d\d):?(\d\d))$/;

function instantOf(value: string | undefined): number | undefined {
  const match = INSTANT.exec(value ?? '');
  if (!match) return undefined;
  const field = (index: number) => Number(match[index] ?? 0);
  const [year, month, day] = [field(1), field(2), field(3)];
  const [hour, minute, second] = [field(4), field(5), field(6)];
  const ms = Number((match[7] ?? '').padEnd(3, '0'));
  const offset = (match[8] === '-' ? -1 : 1) * (field(9) * 60 + field(10)) * 60_000;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, ms);
  // Date takes the 30th of February for the 2nd of March; such a text is no instant.
  const isWritten =
    local.getUTCMonth() === month - 1 &&
    local.getUTCDate() === day &&
    local.getUTCHours() === hour &&
    minute < 60 &&
    second < 60 &&
    field(9) < 24 &&
    field(10) < 60;
  return isWritten ? local.getTime() - offset : undefined;
}

function zoneOf(value: string | undefined): string | undefined {
  // Known without asking: the first question has the browser read its table of zones, which takes longer than
  // the rest of a notebook.
  if (value === undefined || value === 'UTC') return value;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value;
  } catch {
    // The only way to ask whether a zone is known; the answer is no.
    return undefined;
  }
}

function seedOf(value: string | undefined): number | undefined {
  const seed = /^\d{1,16}$/.test(value ?? '') ? Number(value) : NaN;
  return Number.isSafeInteger(seed) ? seed : undefined;
}

function fileList(header: NotebookHeader): readonly string[] {
  const paths = (valueOf(header, 'files') ?? '').split(',').map((path) => path.trim());
  return [...new Set(paths.filter((path) => path !== ''))];
}

/** Whether a path stays below the folder that it is resolved against, whatever resolves it. */
function isBelowExamples(path: string): boolean {
  return (
    /^[^\\:?#%\s]+$/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
