import type { CellAnalysis } from './analysis.ts';
import {
  GLOBAL_NAMES,
  NAMES_OF_OURS,
  NAMES_OF_THE_PROGRAM,
  type LibraryName,
} from './names-in-scope.ts';
import { nearestName } from '../nearest-name.ts';
import type { Cell, CellId } from './notebook.ts';
import { problemAt, type Problem } from './problem.ts';
import type { Reference } from './scope.ts';

/** A code cell and what it says. */
export interface AnalysedCell {
  readonly cellId: CellId;
  /** Its place among all cells, text cells too, counted from 1; what people call it by. */
  readonly number: number;
  readonly analysis: CellAnalysis;
}

/** A cell that cannot run because of another. */
export interface HeldBackCell {
  readonly cellId: CellId;
  /** The name that it uses, and would not find. */
  readonly name: string;
  /** The cell at fault; between them there may be others that are held back. */
  readonly becauseOf: CellId;
}

/** What the code cells of a notebook are to each other. */
export interface NotebookAnalysis {
  /** In notebook order. */
  readonly cells: readonly AnalysedCell[];
  /** Of every cell, in notebook order and then in that of the text. */
  readonly problems: readonly (Problem & { readonly cellId: CellId })[];
  /** For each declared name the cell that declares it; the first one, if there are several. */
  readonly declaredBy: ReadonlyMap<string, CellId>;
  /** For each cell the cells whose names it uses, at once or some day. */
  readonly uses: ReadonlyMap<CellId, ReadonlySet<CellId>>;
  /** The cells that can run, in an order in which each finds what it needs at once. */
  readonly order: readonly CellId[];
  /** The cells without a fault of their own that cannot run, in notebook order. */
  readonly heldBack: readonly HeldBackCell[];
}

/**
 * Relates the code cells among `cells`. Cells run in notebook order except
 * where one needs a later one: what a cell uses at its top must have run before
 * it, which no cycle can satisfy; what its functions use should have, and does
 * unless that makes a cycle.
 *
 * @param analysisOf what a cell of this text says by itself.
 */
export function relateCells(
  cells: readonly Cell[],
  analysisOf: (text: string) => CellAnalysis,
): NotebookAnalysis {
  return relate(
    cells.flatMap(({ cellId, kind, text }, index): AnalysedCell[] =>
      kind === 'code' ? [{ cellId, number: index + 1, analysis: analysisOf(text) }] : [],
    ),
  );
}

/** The cells that use a name of the cell, directly or through others; not the cell itself. */
export function dependentsOf(analysis: NotebookAnalysis, cellId: CellId): ReadonlySet<CellId> {
  const found = new Set<CellId>();
  const pending = [cellId];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const [user, used] of analysis.uses) {
      if (!used.has(at) || user === cellId || found.has(user)) continue;
      found.add(user);
      pending.push(user);
    }
  }
  return found;
}

/** The libraries that the cells name, in any order; those that cannot run do not count. */
export function librariesOf(analysis: NotebookAnalysis): ReadonlySet<LibraryName> {
  const running = new Set(analysis.order);
  const names = analysis.cells
    .filter(({ cellId }) => running.has(cellId))
    .flatMap((cell) => cell.analysis.references.map(({ name }) => NAMES_OF_OURS.get(name)));
  return new Set(names.filter((library) => library !== undefined && library !== null));
}

function relate(cells: readonly AnalysedCell[]): NotebookAnalysis {
  const declaredBy = new Map<string, CellId>();
  for (const { cellId, analysis } of cells) {
    for (const { name } of analysis.declarations) {
      if (!declaredBy.has(name) && !isOurs(name)) declaredBy.set(name, cellId);
    }
  }
  const functions = new Set(
    cells.flatMap(({ analysis }) =>
      analysis.declarations.flatMap(({ name, kind }) => (kind === 'function' ? [name] : [])),
    ),
  );
  const links = cells.flatMap((cell) => linksOf(cell, declaredBy, functions));
  const linksFrom = groupedBy(links, ({ from }) => from);
  const bindingFrom = groupedBy(
    links.filter(({ isBinding }) => isBinding),
    ({ from }) => from,
  );
  const uses = new Map(cells.map(({ cellId }) => [cellId, new Set<CellId>()]));
  for (const { from, to } of links) uses.get(from)?.add(to);

  const problems = cells.flatMap((cell) =>
    [
      ...cell.analysis.problems,
      ...declarationProblems(cell, cells, declaredBy),
      ...cycleProblems(cell, cells, bindingFrom),
      ...unknownNames(cell, declaredBy),
    ]
      .sort((one, other) => one.span.from - other.span.from)
      .map((problem) => ({ ...problem, cellId: cell.cellId })),
  );
  const atFault = problems.filter(({ severity }) => severity === 'error');
  const causes = heldBackBy(new Set(atFault.map(({ cellId }) => cellId)), cells, links);
  const order = evaluationOrder(
    cells.filter(({ cellId }) => !causes.has(cellId)).map(({ cellId }) => cellId),
    linksFrom,
  );
  const heldBack = cells.flatMap(({ cellId }) => causes.get(cellId) ?? []);
  return { cells, problems, declaredBy, uses, order, heldBack };
}

/** One cell uses a name that another declares. */
interface Link {
  readonly from: CellId;
  readonly to: CellId;
  readonly reference: Reference;
  /**
   * Whether `to` must have run before: the name is used at the top of `from`,
   * and is no function declaration, which exists before every cell.
   */
  readonly isBinding: boolean;
}

function linksOf(
  { cellId, analysis }: AnalysedCell,
  declaredBy: ReadonlyMap<string, CellId>,
  functions: ReadonlySet<string>,
): readonly Link[] {
  return analysis.references.flatMap((reference) => {
    const to = declaredBy.get(reference.name);
    if (to === undefined || to === cellId) return [];
    const isBinding = !reference.isDeferred && !functions.has(reference.name);
    return [{ from: cellId, to, reference, isBinding }];
  });
}

function isOurs(name: string): boolean {
  return NAMES_OF_OURS.has(name) || NAMES_OF_THE_PROGRAM.has(name);
}

function declarationProblems(
  { cellId, analysis }: AnalysedCell,
  cells: readonly AnalysedCell[],
  declaredBy: ReadonlyMap<string, CellId>,
): readonly Problem[] {
  return analysis.declarations.flatMap(({ name, from, to }) => {
    const problem = (code: string, message: string) => [
      problemAt(analysis.text, from, to, 'error', code, message),
    ];
    if (isOurs(name)) {
      return problem('reserved_name', `${name} is in scope in every cell. Choose another name.`);
    }
    const first = declaredBy.get(name);
    if (first === undefined || first === cellId) return [];
    const message = `${name} is already declared in cell ${numberOf(first, cells)}.`;
    return problem('declared_twice', message);
  });
}

/** Links by the cell that they start from. */
type LinksFrom = ReadonlyMap<CellId, readonly Link[]>;

/** What is said at each name at the top of a cell that leads back to the cell. */
function cycleProblems(
  { cellId, analysis }: AnalysedCell,
  cells: readonly AnalysedCell[],
  bindingFrom: LinksFrom,
): readonly Problem[] {
  return (bindingFrom.get(cellId) ?? []).flatMap((link) => {
    const back = shortestPath(link.to, cellId, bindingFrom);
    if (!back) return [];
    const chain = [link, ...back].map(
      ({ from, to, reference }) =>
        `cell ${numberOf(from, cells)} needs ${reference.name} of cell ${numberOf(to, cells)}`,
    );
    const { from, to } = link.reference;
    const message = `These cells wait for each other: ${chain.join(', ')}.`;
    return [problemAt(analysis.text, from, to, 'error', 'cycle', message)];
  });
}

function unknownNames(
  { analysis }: AnalysedCell,
  declaredBy: ReadonlyMap<string, CellId>,
): readonly Problem[] {
  return analysis.references.flatMap(({ name, from, to, locals }) => {
    if (declaredBy.has(name) || isOurs(name) || GLOBAL_NAMES.has(name)) return [];
    const candidates = [...locals, ...declaredBy.keys(), ...NAMES_OF_OURS.keys(), ...GLOBAL_NAMES];
    const own = analysis.declarations.map((declaration) => declaration.name);
    const nearest = nearestName(name, [...candidates, ...own]);
    const message = `${name} is not declared.${nearest ? ` Did you mean ${nearest}?` : ''}`;
    return [problemAt(analysis.text, from, to, 'warning', 'unknown_name', message)];
  });
}

/** The links from one cell to another by the fewest steps; null if there is no way. */
function shortestPath(from: CellId, to: CellId, linksFrom: LinksFrom): readonly Link[] | null {
  const cameBy = new Map<CellId, Link | null>([[from, null]]);
  // A map visits what is added while it is walked through: this is breadth first.
  for (const at of cameBy.keys()) {
    for (const link of linksFrom.get(at) ?? []) {
      if (!cameBy.has(link.to)) cameBy.set(link.to, link);
    }
  }
  if (!cameBy.has(to)) return null;
  const path: Link[] = [];
  for (let link = cameBy.get(to); link; link = cameBy.get(link.from)) path.unshift(link);
  return path;
}

/** Every cell that cannot run: those at fault with null, the others with the reason. */
function heldBackBy(
  atFault: ReadonlySet<CellId>,
  cells: readonly AnalysedCell[],
  links: readonly Link[],
): ReadonlyMap<CellId, HeldBackCell | null> {
  const linksTo = groupedBy(links, ({ to }) => to);
  const causes = new Map<CellId, HeldBackCell | null>();
  for (const { cellId } of cells) if (atFault.has(cellId)) causes.set(cellId, null);
  for (const [at, cause] of causes) {
    for (const { from, reference } of linksTo.get(at) ?? []) {
      if (causes.has(from)) continue;
      const becauseOf = cause?.becauseOf ?? at;
      causes.set(from, { cellId: from, name: reference.name, becauseOf });
    }
  }
  return causes;
}

/** `cellIds` in their own order, but each after those that it links to, where that is possible. */
function evaluationOrder(cellIds: readonly CellId[], linksFrom: LinksFrom): readonly CellId[] {
  const waiting = new Set(cellIds);
  const after = new Map(
    cellIds.map((cellId) => [
      cellId,
      (linksFrom.get(cellId) ?? [])
        .filter(({ to, from, isBinding }) => isBinding || !shortestPath(to, from, linksFrom))
        .map(({ to }) => to),
    ]),
  );
  const isFirst = (cellId: CellId) => !after.get(cellId)?.some((other) => waiting.has(other));
  const order: CellId[] = [];
  while (waiting.size > 0) {
    const next = [...waiting].find(isFirst);
    // Cells that wait for each other at their tops are at fault and not among these.
    if (next === undefined) throw new Error('a cycle of cells was not found out');
    waiting.delete(next);
    order.push(next);
  }
  return order;
}

function groupedBy(
  links: readonly Link[],
  cellOf: (link: Link) => CellId,
): ReadonlyMap<CellId, readonly Link[]> {
  const groups = new Map<CellId, Link[]>();
  for (const link of links) {
    const group = groups.get(cellOf(link));
    if (group) group.push(link);
    else groups.set(cellOf(link), [link]);
  }
  return groups;
}

function numberOf(cellId: CellId, cells: readonly AnalysedCell[]): number {
  return cells.find((cell) => cell.cellId === cellId)?.number ?? 0;
}
