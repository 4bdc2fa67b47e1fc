import * as Comlink from 'comlink';
import type { EngineApi, StorageMode } from '../protocol/engine.ts';
import { createSandboxFrame } from '../runtime/sandbox-frame.ts';
import { engineWorker } from './engine-worker.ts';

/** The engine of this tab. Calls may be made at once: they wait until it has started. */
export interface EngineConnection {
  readonly engine: Comlink.Remote<EngineApi>;
  /** Where it keeps things, and what the reader should know about storage or tabs; null if nothing. */
  readonly started: Promise<{ readonly storage: StorageMode; readonly banner: string | null }>;
}

/**
 * Starts the engine worker of this tab and gives it a sandbox frame; a frame that went silent
 * is replaced when the engine asks.
 *
 * @param page where the frame is put.
 * @param basePath the site's path, part of the database's name.
 * @param ephemeral true to keep nothing.
 * @param onFrameFailure is called when no frame could be made: nothing can run then.
 */
export function connectEngine(
  page: Document,
  basePath: string,
  ephemeral: boolean,
  onFrameFailure: (thrown: unknown) => void,
): EngineConnection {
  const engine = Comlink.wrap<EngineApi>(engineWorker);
  let dispose: (() => void) | null = null;

  async function renewFrame(): Promise<void> {
    dispose?.();
    const frame = await createSandboxFrame(page, requestFrame);
    dispose = frame.dispose;
    await engine.connectFrame(Comlink.transfer(frame.control, [frame.control]));
  }

  // The engine asks for the first frame too; the text can be read before it stands.
  const requestFrame = Comlink.proxy(() => void renewFrame().catch(onFrameFailure));
  return { engine, started: engine.start({ basePath, ephemeral }, requestFrame) };
}
