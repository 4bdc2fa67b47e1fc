import { NotebookFileError } from '../errors.ts';
import type { Notebook, NotebookHeader } from './notebook.ts';

/** The version of the file format that is read and written. */
const VERSION = '1';

const BYTE_ORDER_MARK = '\uFEFF';
const OPENING = /^\uFEFF?<!-- partita (\d+)(?=\s|-->)/;
const CLOSING = '-->';
const ENTRY = /^([ \t]*([A-Za-z][\w-]*)[ \t]*:[ \t]*)(.*?)([ \t]*)$/;
const LINE_END = /\r\n|\n|\r/;

/** A line of a header that is neither blank nor `key: value`; lines count from 1. */
export interface StrayHeaderLine {
  readonly line: number;
  readonly text: string;
}

/**
 * The header that the file `text` begins with; without entries if it has none.
 *
 * @throws {NotebookFileError} if it is of another version or does not end.
 */
export function readHeader(text: string): NotebookHeader {
  const opening = OPENING.exec(text);
  if (!opening) {
    return { entries: [], raw: text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '' };
  }
  if (opening[1] !== VERSION) {
    throw new NotebookFileError(
      'unknown_version',
      `This notebook is written in format ${opening[1]}. This version of Partita reads format ${VERSION}.`,
    );
  }
  const close = text.indexOf(CLOSING, opening[0].length);
  if (close < 0) {
    throw new NotebookFileError(
      'header_not_closed',
      `The header of this notebook does not end: the line "${CLOSING}" is missing.`,
    );
  }
  return headerOf(text.slice(0, close + CLOSING.length));
}

/** Whether `text`, at the beginning of a file, would be taken for a header. */
export function looksLikeHeader(text: string): boolean {
  return OPENING.test(text);
}

/** Whether the file has the comment, be it without entries. */
export function hasHeader(header: NotebookHeader): boolean {
  return looksLikeHeader(header.raw);
}

/** The lines of the header that say nothing, in order. */
export function strayHeaderLines(header: NotebookHeader): readonly StrayHeaderLine[] {
  return bodyLines(header.raw).flatMap((text, index) =>
    text.trim() === '' || ENTRY.test(text) ? [] : [{ line: index + 1, text: text.trim() }],
  );
}

/**
 * The header with `key` set to `value`, or without it if `value` is null. Only
 * the line of the first such key changes; a new key becomes the last line, and
 * a header is begun where there was none. A value has one line and cannot hold
 * `-->`, which would end the comment: it loses a dash.
 */
export function withHeaderEntry(
  header: NotebookHeader,
  key: string,
  value: string | null,
  lineEnd: Notebook['lineEnd'],
): NotebookHeader {
  const written = value?.replace(/\s*[\r\n]+\s*/g, ' ').trim();
  const clean = written?.replaceAll(/-+->/g, '->');
  if (!hasHeader(header)) {
    if (clean === undefined) return header;
    const entry = `${key}: ${clean}`;
    return headerOf(`${header.raw}<!-- partita ${VERSION}${lineEnd}${entry}${lineEnd}${CLOSING}`);
  }
  const opening = OPENING.exec(header.raw)?.[0] ?? '';
  const lines = header.raw.slice(opening.length, -CLOSING.length).split(/(?<=\n|\r(?!\n))/);
  const at = lines.findIndex((line) => ENTRY.exec(line.replace(LINE_END, ''))?.[2] === key);
  const old = lines[at];
  if (old !== undefined) {
    const end = LINE_END.exec(old)?.[0] ?? '';
    const parts = ENTRY.exec(old.slice(0, old.length - end.length));
    lines[at] =
      clean === undefined || !parts
        ? ''
        : `${(parts[1] ?? '').trimEnd()} ${clean}${parts[4] ?? ''}${end}`;
  } else if (clean !== undefined) {
    if (/^[ \t]*$/.test(lines.at(-1) ?? '')) lines.pop();
    if (!/[\r\n]$/.test(lines.at(-1) ?? '')) lines.push(lineEnd);
    lines.push(`${key}: ${clean}${lineEnd}`);
  }
  return headerOf(opening + lines.join('') + CLOSING);
}

function headerOf(raw: string): NotebookHeader {
  const entries = bodyLines(raw).flatMap((line) => {
    const match = ENTRY.exec(line);
    return match ? [[match[2] ?? '', match[3] ?? ''] as const] : [];
  });
  return { entries, raw };
}

/** The lines between the opening and the closing of the comment; the first is the rest of the opening's. */
function bodyLines(raw: string): readonly string[] {
  const opening = OPENING.exec(raw);
  if (!opening) return [];
  return raw.slice(opening[0].length, -CLOSING.length).split(LINE_END);
}
