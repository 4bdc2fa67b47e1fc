import type { AnalysedCell, NotebookAnalysis } from './order.ts';
import type { CellId } from './notebook.ts';
import { positionAt } from './problem.ts';

/**
 * The cells of a notebook as the text of one function's body, in strict mode,
 * so that they share a scope as the declarations of one module do. The function
 * takes `dg`, `z`, `DateTime`, `Duration`, `Interval`, `files` and `assert`, and
 * `__cell(cellId)`, called before each cell, and `__name(name, value)`, called
 * with the value of each constant as soon as it has one; it returns the value.
 */
export interface Program {
  readonly text: string;
  /** In the order of the text. */
  readonly cellLines: readonly CellLines[];
}

/** Where a cell stands in a program. */
export interface CellLines {
  readonly cellId: CellId;
  /** Counted from 1. */
  readonly firstLine: number;
  readonly lineCount: number;
  /** Where it begins, as an offset in the program. */
  readonly from: number;
  /** The cell's own text. */
  readonly source: string;
  /** What was put between the letters of the cell, in order; `at` is an offset in its text. */
  readonly insertions: readonly { readonly at: number; readonly text: string }[];
}

/** A place in a cell; line and column are counted from 1. */
export interface CellPosition {
  readonly cellId: CellId;
  readonly line: number;
  readonly column: number;
  /** What the line says without the blanks around it, at most {@link MAX_LINE_TEXT} of it. */
  readonly lineText: string;
}

/** Characters of a line that are kept with a place in it. */
export const MAX_LINE_TEXT = 400;

/** The program of the cells that can run, without those in `exclude`. */
export function composeProgram(
  analysis: NotebookAnalysis,
  { exclude }: { readonly exclude: ReadonlySet<CellId> },
): Program {
  const cells = new Map(analysis.cells.map((cell) => [cell.cellId, cell]));
  const cellLines: CellLines[] = [];
  let text = '';
  let line = 1;
  for (const cellId of analysis.order) {
    const cell = cells.get(cellId);
    // Of a cell of types nothing is left to run.
    if (!cell || exclude.has(cellId) || /^[\s;]*$/.test(cell.analysis.javascript)) continue;
    const insertions = namingsIn(cell);
    // The semicolon ends the cell before, and the line keeps its last comment out.
    text += `;__cell(${JSON.stringify(cellId)});\n`;
    line += 1;
    const body = withInsertions(cell.analysis.javascript, insertions);
    const lineCount = linesOf(body);
    const source = cell.analysis.text;
    cellLines.push({ cellId, firstLine: line, lineCount, from: text.length, source, insertions });
    text += `${body}\n`;
    line += lineCount;
  }
  return { text, cellLines };
}

/**
 * The place in a cell of a place in the program, both counted from 1 as engines
 * count them in a stack; null if no cell stands there.
 */
export function locateInCell(program: Program, line: number, column: number): CellPosition | null {
  const cell = program.cellLines.find(
    ({ firstLine, lineCount }) => line >= firstLine && line < firstLine + lineCount,
  );
  if (!cell) return null;
  let offset = startOfLine(program.text, line) + column - 1 - cell.from;
  for (const { at, text } of cell.insertions) {
    // Within what was inserted, the place is the value that it wraps.
    if (at <= offset) offset = Math.max(at, offset - text.length);
  }
  const { cellId, source } = cell;
  const position = positionAt(source, Math.min(offset, source.length));
  const lineText = (source.split('\n')[position.line - 1] ?? '').trim().slice(0, MAX_LINE_TEXT);
  return { cellId, ...position, lineText };
}

/** Wraps each value so that its definition learns its name. Two brackets, as the value may hold commas. */
function namingsIn({ analysis }: AnalysedCell): CellLines['insertions'] {
  return analysis.declarations
    .flatMap(({ name, initializer }) =>
      initializer
        ? [
            { at: initializer.from, text: `__name(${JSON.stringify(name)},(` },
            { at: initializer.to, text: '))' },
          ]
        : [],
    )
    .sort((one, other) => one.at - other.at);
}

function withInsertions(javascript: string, insertions: CellLines['insertions']): string {
  let text = '';
  let at = 0;
  for (const insertion of insertions) {
    text += javascript.slice(at, insertion.at) + insertion.text;
    at = insertion.at;
  }
  return text + javascript.slice(at);
}

/** What a JavaScript engine takes for the end of a line, in the number of its lines. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

function linesOf(text: string): number {
  return 1 + [...text.matchAll(LINE_END)].length;
}

/** The offset at which a line begins, counted from 1. */
function startOfLine(text: string, line: number): number {
  let current = 1;
  for (const { 0: lineEnd, index } of text.matchAll(LINE_END)) {
    if (current === line) break;
    current += 1;
    if (current === line) return index + lineEnd.length;
  }
  return 0;
}
