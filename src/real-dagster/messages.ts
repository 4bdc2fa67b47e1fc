/** What the page tells the worker in which real Dagster runs. */
export type ToDagster =
  | {
      readonly type: 'load';
      /** Pyodide's WebAssembly, Python's standard library, and Dagster with what it needs. */
      readonly wasm: Uint8Array<ArrayBuffer>;
      readonly python: Uint8Array<ArrayBuffer>;
      readonly site: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly type: 'run';
      /** Python whose last expression is a text. */
      readonly program: string;
      /** What the program finds as `argument`. */
      readonly argument: string;
    };

/** How far loading has come. */
export type LoadingStep = 'starting' | 'unpacking' | 'importing' | 'ready';

/** What the worker tells the page. */
export type FromDagster =
  | { readonly type: 'step'; readonly step: LoadingStep }
  | { readonly type: 'result'; readonly text: string }
  /** Loading, or the program, failed; with Python's or the browser's words. */
  | { readonly type: 'failed'; readonly message: string };
