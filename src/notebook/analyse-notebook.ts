import { analyseCell } from './analysis.ts';
import type { Cell } from './notebook.ts';
import { relateCells, type NotebookAnalysis } from './order.ts';

/** Analyses the code cells among `cells`, each for itself and what they are to each other. Never throws. */
export function analyseNotebook(cells: readonly Cell[]): NotebookAnalysis {
  return relateCells(cells, analyseCell);
}
