import { NotebookFileError } from '../errors.ts';
import { cellFence, closesFence, fenceAfter, fenceFor, type Fence } from './fence.ts';
import { hasHeader, looksLikeHeader, readHeader } from './header.ts';
import type { Cell, CellId, Gap, Notebook } from './notebook.ts';

/** Alone on a line it ends the text cell before it, even inside a fence of that text. */
const SEPARATOR = '<!-- cell -->';
const SEPARATOR_LINE = /^<!-- cell -->[ \t]*$/;
const LINE_ENDS = /\r\n|\n|\r/g;

/**
 * The notebook that the file `text` holds. A file without a header is a
 * notebook too: plain Markdown.
 *
 * @param newCellId gives another id each time it is called.
 * @throws {NotebookFileError} if the text is binary, or its header is of another version or does not end.
 */
export function parseNotebook(text: string, newCellId: () => CellId): Notebook {
  const header = readHeader(text);
  if (!hasHeader(header) && text.slice(0, 4096).includes('\0')) {
    throw new NotebookFileError('not_text', 'This file is not text, so it is no notebook.');
  }
  const cells: Cell[] = [];
  let at = header.raw.length;
  let after: CellId | null = null;
  for (const { kind, from, to } of cellSpans(text, at)) {
    const raw = text.slice(from, to);
    const cellId = newCellId();
    const before: Gap = { raw: text.slice(at, from), after };
    const world = worldOf(kind, raw);
    cells.push({
      cellId,
      kind,
      text: textOf(kind, raw),
      ...(world !== null && { world }),
      source: { raw, before },
    });
    at = to;
    after = cellId;
  }
  const lineEnd = (text.match(LINE_ENDS)?.[0] ?? '\n') as Notebook['lineEnd'];
  return { header, cells, ending: { raw: text.slice(at), after }, lineEnd };
}

/**
 * The notebook as a file. What was read and has not changed is written as it
 * was read. Reading the file again gives the same cells, but for blank lines
 * around a text, and for lines of a text that would have opened or parted
 * cells: those are written with one more space.
 */
export function formatNotebook(notebook: Notebook): string {
  let file = notebook.header.raw;
  let previous: Cell | null = null;
  for (const cell of notebook.cells) {
    file += gapBetween(previous, cell, notebook);
    const written = formatCell(cell, cell === notebook.cells.at(-1), notebook);
    const isHeaderLike = cell.kind === 'text' && looksLikeHeader(file + written);
    file += isHeaderLike && !hasHeader(notebook.header) ? written.replace(' ', '  ') : written;
    previous = cell;
  }
  return file + gapBetween(previous, null, notebook);
}

interface CellSpan {
  readonly kind: Cell['kind'];
  readonly from: number;
  readonly to: number;
}

/** Where the cells stand in `text` from `start` on, in order. What they leave out is gaps. */
function cellSpans(text: string, start: number): readonly CellSpan[] {
  const spans: CellSpan[] = [];
  /** The lines of the text cell at hand, without blank ones around them. */
  let prose = null as { from: number; to: number } | null;
  let proseFence: Fence | null = null;
  let code: { from: number; fence: Fence } | null = null;

  for (const { from, to } of linesOf(text, start)) {
    const line = text.slice(from, to);
    if (code) {
      if (!closesFence(code.fence, line)) continue;
      spans.push({ kind: 'code', from: code.from, to });
      code = null;
    } else if (SEPARATOR_LINE.test(line)) {
      spans.push({ kind: 'text', ...(prose ?? { from, to: from }) });
      prose = null;
      proseFence = null;
    } else {
      const fence = proseFence ? null : cellFence(line);
      if (fence) {
        if (prose) spans.push({ kind: 'text', ...prose });
        prose = null;
        code = { from, fence };
      } else {
        proseFence = fenceAfter(proseFence, line);
        if (!isBlank(line)) prose = { from: prose?.from ?? from, to };
      }
    }
  }
  // A fence that is not closed runs to the end of the file, as in Markdown.
  if (code) spans.push({ kind: 'code', from: code.from, to: text.length });
  if (prose) spans.push({ kind: 'text', ...prose });
  return spans;
}

/** The lines of `text` from `start` on, without their line ends. */
function* linesOf(text: string, start = 0): Generator<{ from: number; to: number }> {
  let from = start;
  for (const { 0: lineEnd, index } of text.slice(start).matchAll(LINE_ENDS)) {
    yield { from, to: start + index };
    from = start + index + lineEnd.length;
  }
  yield { from, to: text.length };
}

/** What a cell says, from the lines that it was read from. */
function textOf(kind: Cell['kind'], raw: string): string {
  const text = raw.replace(LINE_ENDS, '\n');
  if (kind === 'text') return text;
  const lines = text.split('\n').slice(1);
  if (isClosed(raw) || lines.at(-1) === '') lines.pop();
  return lines.join('\n');
}

/** The world that a cell is marked with; null if none. */
function worldOf(kind: Cell['kind'], raw: string): string | null {
  return kind === 'code' ? (cellFence(raw.split(LINE_ENDS, 1)[0] ?? '')?.world ?? null) : null;
}

/** Whether the fence of a code cell, as it was read, is closed. */
function isClosed(raw: string): boolean {
  const lines = raw.split(LINE_ENDS);
  const fence = cellFence(lines[0] ?? '');
  return fence !== null && lines.length > 1 && closesFence(fence, lines.at(-1) ?? '');
}

function formatCell(cell: Cell, isLast: boolean, { lineEnd }: Notebook): string {
  const { kind, text, world, source } = cell;
  const isAsRead =
    source !== undefined &&
    textOf(kind, source.raw) === text &&
    worldOf(kind, source.raw) === (world ?? null);
  if (kind === 'code') {
    if (isAsRead && (isLast || isClosed(source.raw))) return source.raw;
    const fence = fenceFor(text);
    const lines = text === '' ? [] : text.split('\n');
    const mark = world === undefined ? '' : ` world=${world}`;
    return [`${fence}ts${mark}`, ...lines, fence].join(lineEnd);
  }
  if (isBlank(text)) return '';
  const written = isAsRead ? source.raw : text.split('\n').join(lineEnd);
  return harmless(written);
}

/** `text` with one more space in each line that would open or part cells. */
function harmless(text: string): string {
  let fence: Fence | null = null;
  let written = '';
  let at = 0;
  for (const { from, to } of linesOf(text)) {
    let line = text.slice(from, to);
    if (SEPARATOR_LINE.test(line)) line = line.replace('<!-- ', '<!--  ');
    else if (!fence && cellFence(line)) line = line.replace('ts', ' ts');
    fence = fenceAfter(fence, line);
    written += text.slice(at, from) + line;
    at = to;
  }
  return written;
}

/** What stands between two cells; `previous` is null after the header, `next` is null at the end. */
function gapBetween(previous: Cell | null, next: Cell | null, notebook: Notebook): string {
  const { header, ending, lineEnd } = notebook;
  const isSeparated = previous?.kind === 'text' && needsSeparator(previous.text, next);
  const read = next ? next.source?.before : ending;
  if (read && read.after === (previous?.cellId ?? null)) {
    // The separator after an empty text stands where a text would now be.
    const isFree = !read.raw.startsWith(SEPARATOR) || isBlank(previous?.text ?? '');
    if (isFree && (!isSeparated || read.raw.includes(SEPARATOR))) return read.raw;
  }
  if (!previous) return next && hasHeader(header) ? lineEnd + lineEnd : '';
  const blankLine = next ? lineEnd + lineEnd : lineEnd;
  if (!isSeparated) return blankLine;
  return (isBlank(previous.text) ? '' : lineEnd + lineEnd) + SEPARATOR + blankLine;
}

function needsSeparator(text: string, next: Cell | null): boolean {
  if (isBlank(text) || next?.kind === 'text') return true;
  if (!next) return false;
  let fence: Fence | null = null;
  for (const line of text.split('\n')) fence = fenceAfter(fence, line);
  return fence !== null;
}

function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}
