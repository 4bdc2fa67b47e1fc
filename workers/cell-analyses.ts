import { exampleAnalyses } from 'virtual:example-analyses';
import type { CellAnalysis } from '../src/notebook/analysis.ts';

/**
 * What each of `texts` says as a cell, by text. What is in `known` is taken as it stands; the parser, most of the
 * code between a text and its first run, comes only for what is not. @throws if it cannot be loaded.
 */
export async function analysesOf(
  texts: readonly string[],
  known: readonly CellAnalysis[],
): Promise<ReadonlyMap<string, CellAnalysis>> {
  const knownOf = new Map(known.map((analysis) => [analysis.text, analysis]));
  const isKnown = texts.every((text) => knownOf.has(text));
  const { analyseCell } = isKnown ? {} : await loadParser();
  return new Map(
    texts.flatMap((text) => {
      const analysis = knownOf.get(text) ?? analyseCell?.(text);
      return analysis ? [[text, analysis] as const] : [];
    }),
  );
}

/** Loads what analyses cells; to be called early where it will be needed. */
export function loadParser(): Promise<typeof import('../src/notebook/analysis.ts')> {
  return import('../src/notebook/analysis.ts');
}

/** What the cells of a shipped notebook said when the site was built; empty if there is none of this name, or it does not come. */
export async function analysesOfExample(name: string): Promise<readonly CellAnalysis[]> {
  try {
    return (await exampleAnalyses[name]?.())?.analyses ?? [];
  } catch {
    // Its cells can be parsed as others are.
    return [];
  }
}
