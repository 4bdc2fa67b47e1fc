import type { AssetSpec, Definitions } from '../src/definitions/definitions.ts';
import { bodyHash } from '../src/notebook/body-hash.ts';
import type { Cell, CellId } from '../src/notebook/notebook.ts';
import type { CellAnalysis } from '../src/notebook/analysis.ts';
import {
  dependentsOf,
  librariesOf,
  relateCells,
  type NotebookAnalysis,
} from '../src/notebook/order.ts';
import type { LibraryName } from '../src/notebook/names-in-scope.ts';
import { composeProgram, type Program } from '../src/notebook/program.ts';
import { positionAt } from '../src/notebook/problem.ts';
import type { CodeRunner } from '../src/orchestration/ports.ts';
import type { CellProblem, CellSource, CodeLocation } from '../src/protocol/engine.ts';
import type { GuestWorld, LoadOutcome } from '../src/protocol/sandbox.ts';
import { analysesOf } from './cell-analyses.ts';

/** Makes a runner for one version of a notebook's code. */
export type NewRunner = (program: Program, libraries: ReadonlySet<LibraryName>) => CodeRunner;

/** What the evaluation of a notebook came to. */
export interface EvaluatedCode {
  readonly analysis: NotebookAnalysis;
  readonly definitions: Definitions;
  readonly problems: readonly CellProblem[];
  readonly heldBack: CodeLocation['heldBack'];
  /** Loaded; null if there is nothing to run. */
  readonly runner: CodeRunner | null;
}

const NOTHING_DECLARED: Definitions = {
  partitionsDefinitions: [],
  configs: [],
  assets: [],
  jobs: [],
  schedules: [],
  sensors: [],
  tests: [],
};

/**
 * Evaluates the cells. A cell that throws or does not end is left out with the cells that
 * use its names, and the rest is evaluated again; so one fault never hides the others.
 *
 * @param sources code cells, in notebook order.
 * @param known cells with the text of one of these are not parsed.
 * @param world may come while the cells are read.
 * @returns null if `signal` was aborted: then nothing is left running.
 */
export async function loadCode(
  sources: readonly CellSource[],
  known: Promise<readonly CellAnalysis[]>,
  newRunner: NewRunner,
  world: Promise<GuestWorld>,
  signal: AbortSignal,
): Promise<EvaluatedCode | null> {
  const analyses = await analysesOf(
    sources.map(({ text }) => text),
    await known,
  );
  const analysis = relateCells(cellsOf(sources), (text) => analyses.get(text)!);
  const problems: CellProblem[] = analysis.problems.map((problem) => ({ ...problem }));
  const heldBack = analysis.heldBack.map(
    ({ cellId, becauseOf }) =>
      ({ cellId, becauseOf }) as {
        cellId: string;
        becauseOf: string;
      },
  );
  const libraries = librariesOf(analysis);
  const exclude = new Set<CellId>();
  for (;;) {
    const program = composeProgram(analysis, { exclude });
    const rest = { analysis, problems, heldBack };
    if (program.cellLines.length === 0) {
      return { ...rest, definitions: NOTHING_DECLARED, runner: null };
    }
    const runner = newRunner(program, libraries);
    const outcome = signal.aborted ? null : await runner.load(await world, signal);
    if (signal.aborted || !outcome) {
      runner.dispose();
      return null;
    }
    if (outcome.status === 'loaded') {
      return { ...rest, definitions: withBodyHashes(outcome.definitions, analysis), runner };
    }
    runner.dispose();
    const fault = faultOf(outcome, program);
    problems.push(fault);
    const atFault = fault.cellId as CellId;
    if (outcome.status === 'crashed' || exclude.has(atFault)) {
      return { ...rest, definitions: NOTHING_DECLARED, runner: null };
    }
    exclude.add(atFault);
    for (const cellId of dependentsOf(analysis, atFault)) {
      if (exclude.has(cellId)) continue;
      exclude.add(cellId);
      if (!heldBack.some((held) => held.cellId === cellId)) {
        heldBack.push({ cellId, becauseOf: atFault });
      }
    }
  }
}

/** The definitions with the hash of each asset's function, as far as it stands with its name. */
function withBodyHashes(definitions: Definitions, analysis: NotebookAnalysis): Definitions {
  const hashes = new Map<string, string>();
  for (const { cellId, analysis: cell } of analysis.cells) {
    for (const { name, body } of cell.declarations) {
      if (!body) continue;
      hashes.set(`${cellId} ${name}`, bodyHash(cell.javascript.slice(body.from, body.to)));
    }
  }
  const assets = definitions.assets.map((asset): AssetSpec => {
    const hash = hashes.get(`${asset.cellId} ${asset.name}`);
    return hash === undefined ? asset : { ...asset, bodyHash: hash };
  });
  return { ...definitions, assets };
}

/** The position of a declared name in its cell; of the cell's first line if it has none. */
export function placeOf(
  analysis: NotebookAnalysis,
  cellId: string,
  name: string | null,
): Pick<CellProblem, 'line' | 'column' | 'span'> {
  const cell = analysis.cells.find((one) => one.cellId === cellId);
  const declaration = cell?.analysis.declarations.find((one) => one.name === name);
  if (!cell || !declaration) return { line: 1, column: 1, span: null };
  const { from, to } = declaration;
  return { ...positionAt(cell.analysis.text, from), span: { from, to } };
}

/** Text cells are not sent, but cells are counted with them. */
function cellsOf(sources: readonly CellSource[]): readonly Cell[] {
  const cells: Cell[] = [];
  for (const { cellId, text, number } of sources) {
    while (number !== undefined && cells.length < number - 1) {
      cells.push({ cellId: `text ${cells.length}` as CellId, kind: 'text', text: '' });
    }
    cells.push({ cellId: cellId as CellId, kind: 'code', text });
  }
  return cells;
}

function faultOf(
  outcome: Exclude<LoadOutcome, { readonly status: 'loaded' }>,
  program: Program,
): CellProblem {
  const first = program.cellLines[0]?.cellId ?? '';
  const whole = { line: 1, column: 1, span: null, severity: 'error' } as const;
  switch (outcome.status) {
    case 'threw': {
      const { error } = outcome;
      const cellId = outcome.cellId ?? error.frames[0]?.cellId ?? first;
      const frame = error.frames.find((one) => one.cellId === cellId);
      return {
        ...whole,
        ...(frame && { line: frame.line, column: frame.column }),
        cellId,
        code: error.code ?? 'cell_threw',
        message: `${error.kind ?? error.name}: ${error.message}`,
      };
    }
    case 'timed_out': {
      const message = `This cell did not finish within ${outcome.limitMs} ms. Definitions must load at once; put slow work into an asset.`;
      return { ...whole, cellId: outcome.cellId ?? first, code: 'cell_timed_out', message };
    }
    case 'crashed':
      return { ...whole, cellId: first, code: 'sandbox_failed', message: outcome.message };
  }
}
