/*
 * Runs real Dagster on Pyodide, whose script stands before this one. Built as one classic script: nothing can be
 * loaded where it runs, so what Pyodide fetches is what the page handed over.
 */
import type { FromDagster, LoadingStep, ToDagster } from '../src/real-dagster/messages.ts';

interface Pyodide {
  readonly globals: { set(name: string, value: string): void };
  runPython(program: string): unknown;
  unpackArchive(bytes: Uint8Array, format: 'zip', options: { readonly extractDir: string }): void;
}

/** What Pyodide's script declares. */
interface PyodideScope {
  readonly loadPyodide: (options: Readonly<Record<string, unknown>>) => Promise<Pyodide>;
  readonly createPyodideModule: unknown;
  readonly pyodideLock: unknown;
}

declare const loadPyodide: PyodideScope['loadPyodide'];

/** No such host is: an address that is not handed over fails at once. */
const NOWHERE = 'https://pack.invalid/';

const IMPORT = `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/site")
import stand_ins
import logging
logging.disable()
import dagster
`;

addEventListener(
  'message',
  (event) => {
    const [port] = event.ports;
    if (!port) return;
    let pyodide: Pyodide | null = null;
    const tell = (message: FromDagster) => port.postMessage(message);
    port.onmessage = ({ data }: MessageEvent<ToDagster>) => {
      const act = async (): Promise<void> => {
        if (data.type === 'load') {
          pyodide = await load(data, (step) => tell({ type: 'step', step }));
          tell({ type: 'step', step: 'ready' });
        } else if (pyodide) {
          pyodide.globals.set('argument', data.argument);
          tell({ type: 'result', text: String(pyodide.runPython(data.program)) });
        }
      };
      act().catch((thrown: unknown) => tell({ type: 'failed', message: String(thrown) }));
    };
  },
  { once: true },
);

async function load(
  { wasm, python, site }: ToDagster & { readonly type: 'load' },
  onStep: (step: LoadingStep) => void,
): Promise<Pyodide> {
  onStep('starting');
  const files = new Map([
    [
      `${NOWHERE}pyodide.asm.wasm`,
      new Response(wasm, { headers: { 'content-type': 'application/wasm' } }),
    ],
    [`${NOWHERE}python_stdlib.zip`, new Response(python)],
  ]);
  const answer = (request: unknown): Promise<Response> => {
    const response = files.get(request instanceof Request ? request.url : String(request));
    return response
      ? Promise.resolve(response)
      : Promise.reject(new TypeError(`There is no network here: ${String(request)}`));
  };
  // Not the boundary, which the frame's policy is: Pyodide asks for its own files by address.
  Object.assign(globalThis, { fetch: answer });
  const { createPyodideModule, pyodideLock } = globalThis as typeof globalThis & PyodideScope;
  const pyodide = await loadPyodide({
    indexURL: NOWHERE,
    createPyodideModule,
    lockFileContents: pyodideLock,
  });
  onStep('unpacking');
  pyodide.unpackArchive(site, 'zip', { extractDir: '/site' });
  onStep('importing');
  pyodide.runPython(IMPORT);
  return pyodide;
}
