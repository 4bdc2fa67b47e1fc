import { createSandboxFrame, type SandboxFrame } from '../runtime/sandbox-frame.ts';
import type { FromDagster, LoadingStep, ToDagster } from './messages.ts';
import type { LoadedPack } from './pack.ts';

/** Dagster itself, imported and waiting. */
export interface RealDagster {
  /**
   * Runs Python, whose last expression is the text that it answers; `argument` is what it finds under that name.
   * One call at a time.
   */
  run(program: string, argument: string): Promise<string>;
  /** Ends the worker and removes its frame, and with them the memory that both took. */
  dispose(): void;
}

const WORKER_ID = 1;

/**
 * Starts Dagster in a worker of a frame of its own, which has no origin, no network and no storage.
 *
 * @param signal ends it; what was asked then is rejected.
 */
export async function startRealDagster(
  page: Document,
  pack: LoadedPack,
  onStep: (step: LoadingStep) => void,
  signal: AbortSignal,
): Promise<RealDagster> {
  const { text } = await import('virtual:sandbox/dagster');
  signal.throwIfAborted();
  const { port1: port, port2: workerPort } = new MessageChannel();
  let frame: SandboxFrame | null = null;
  let fail: (reason: Error) => void = () => {};
  const dispose = () => {
    port.close();
    frame?.dispose();
    fail(new DOMException('Real Dagster was ended.', 'AbortError'));
  };
  /** The next message of which `take` makes something; rejected if it tells of a failure or nothing more can come. */
  const next = <Taken>(take: (message: FromDagster) => Taken | null): Promise<Taken> =>
    new Promise((resolve, reject) => {
      fail = reject;
      port.onmessage = ({ data }: MessageEvent<FromDagster>) => {
        if (data.type === 'failed') return reject(new Error(data.message));
        const taken = take(data);
        if (taken !== null) resolve(taken);
      };
    });
  const tell = (message: ToDagster, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);

  frame = await createSandboxFrame(page, dispose, true);
  if (signal.aborted) dispose();
  signal.throwIfAborted();
  signal.addEventListener('abort', dispose, { once: true });
  frame.control.onmessage = ({
    data,
  }: MessageEvent<{ readonly t: string; readonly m?: string }>) => {
    if (data.t === 'err' || data.t === 'ctor') fail(new Error(data.m || 'The worker has ended.'));
  };
  const code = `${pack.pyodide}\n${text}`;
  frame.control.postMessage({ t: 'start', id: WORKER_ID, code, name: 'real Dagster' }, [
    workerPort,
  ]);
  const loaded = next((message) => {
    if (message.type !== 'step') return null;
    onStep(message.step);
    return message.step === 'ready' ? true : null;
  });
  const { wasm, python, site } = pack;
  tell({ type: 'load', wasm, python, site }, [wasm.buffer, python.buffer, site.buffer]);
  try {
    await loaded;
  } catch (thrown) {
    dispose();
    throw thrown;
  }
  return {
    run(program, argument) {
      const result = next((message) => (message.type === 'result' ? message.text : null));
      tell({ type: 'run', program, argument });
      return result;
    },
    dispose,
  };
}
