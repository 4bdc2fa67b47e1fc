/*
 * Modules that the build makes; see vite.config.ts. Those of `sandboxScripts` hold the text
 * of a classic script each, to be run in a sandbox session's worker.
 */

/** What every session needs: the guest's side of the protocol and the cell language. */
declare module 'virtual:sandbox/core' {
  export const text: string;
}

/** Sets zod, for notebooks that name `z`. */
declare module 'virtual:sandbox/zod' {
  export const text: string;
}

/** Sets Luxon, for notebooks that name its classes or use time windows. */
declare module 'virtual:sandbox/luxon' {
  export const text: string;
}

/** Sets chai's `assert`, for notebooks with tests. */
declare module 'virtual:sandbox/chai' {
  export const text: string;
}

/** Sets what goals are asked with, for notebooks that declare some. */
declare module 'virtual:sandbox/goals' {
  export const text: string;
}

/** Sets what runs jobs in the sandbox, for notebooks that do so in tests. */
declare module 'virtual:sandbox/execution' {
  export const text: string;
}

/** Runs real Dagster: the guest's side of `src/real-dagster`. */
declare module 'virtual:sandbox/dagster' {
  export const text: string;
}

/** The cell language as a Dagster project has it, run by Node. */
declare module 'virtual:sandbox/exported' {
  export const text: string;
}

/** What the cells of the shipped notebooks say, each notebook's loaded by itself; see `exampleAnalyses` there. */
declare module 'virtual:example-analyses' {
  /** By the notebook's name. */
  export const exampleAnalyses: Readonly<
    Record<
      string,
      () => Promise<{ readonly analyses: readonly import('./notebook/analysis.ts').CellAnalysis[] }>
    >
  >;
}
