import type { AssetSpec } from '../../definitions/definitions.ts';
import type { Notebook } from '../../notebook/notebook.ts';

/** A part of a line of code; what says how a piece is named stands out. */
export interface CodePart {
  readonly text: string;
  readonly isKey: boolean;
}

const NAMING =
  /(?:context\.)?partitionKey\b|context\.config(?:\.\w+)?|partitionsDef: \w+|config: \w+/g;
const MOST_LINES = 3;

/** The lines of an asset's cell that say how a run's piece is named, without what they are indented by. */
export function keyLines(notebook: Notebook, asset: AssetSpec | undefined): CodePart[][] {
  const cell = notebook.cells.find(({ cellId }) => cellId === asset?.cellId);
  if (!cell || !asset) return [];
  const lines = cell.text.split('\n');
  const from = lines.findIndex((line) => new RegExp(`\\b${asset.name ?? ''}\\b`).test(line));
  const naming = lines
    .slice(Math.max(0, from + 1))
    .map((line) => line.trim())
    .filter((line) => line.search(NAMING) >= 0);
  const first = lines[from]?.trim();
  return [...(first === undefined ? [] : [first]), ...new Set(naming)]
    .slice(0, MOST_LINES)
    .map(partsOf);
}

function partsOf(line: string): CodePart[] {
  const parts: CodePart[] = [];
  let at = 0;
  for (const { 0: text, index } of line.matchAll(NAMING)) {
    if (index > at) parts.push({ text: line.slice(at, index), isKey: false });
    parts.push({ text, isKey: true });
    at = index + text.length;
  }
  if (at < line.length) parts.push({ text: line.slice(at), isKey: false });
  return parts;
}
