import { bootScript, bootScriptHash } from './boot-script.ts';

/** The frame in which strangers' code runs, as the page holds it. */
export interface SandboxFrame {
  /** Starts and ends workers; the page hands it to the engine and does not use it. */
  readonly control: MessagePort;
  /** Removes the frame, and with it every worker in it. */
  dispose(): void;
}

/** Nothing may be loaded, and nothing runs but the boot script and workers made from text. */
const policyOf = (webAssembly: boolean) =>
  `default-src 'none'; script-src ${bootScriptHash}${webAssembly ? " 'wasm-unsafe-eval'" : ''}; worker-src blob:`;

/** A frame that has not said that it is ready by then will not. */
const READY_MS = 10_000;

/**
 * Makes a hidden frame of opaque origin and connects to its boot script.
 *
 * @param onHostile called if the frame loads something else: it is removed by then, and a new one should be made.
 * @param webAssembly whether its workers may compile WebAssembly; where cells run, they may not.
 * @returns rejected if the frame does not start.
 */
export function createSandboxFrame(
  page: Document,
  onHostile: () => void,
  webAssembly = false,
): Promise<SandboxFrame> {
  const nonce = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
    part.toString(16),
  ).join('');
  const frame = page.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Sandbox';
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.srcdoc =
    `<!doctype html><html data-nonce="${nonce}"><head>` +
    `<meta http-equiv="Content-Security-Policy" content="${policyOf(webAssembly)}">` +
    `<script>${bootScript}</script></head></html>`;
  return new Promise((resolve, reject) => {
    const view = page.defaultView ?? window;
    let loads = 0;
    const dispose = () => {
      clearTimeout(deadline);
      view.removeEventListener('message', onmessage);
      frame.remove();
    };
    const deadline = setTimeout(() => {
      dispose();
      reject(new Error('The sandbox did not start.'));
    }, READY_MS);
    const onmessage = (event: MessageEvent<unknown>) => {
      // The origin says nothing: every sandbox has the same. The window and the nonce do.
      if (event.source === null || event.source !== frame.contentWindow) return;
      if ((event.data as { readonly ready?: unknown } | null)?.ready !== nonce) return;
      clearTimeout(deadline);
      view.removeEventListener('message', onmessage);
      const { port1, port2 } = new MessageChannel();
      frame.contentWindow?.postMessage({ connect: nonce }, '*', [port2]);
      resolve({ control: port1, dispose });
    };
    frame.addEventListener('load', () => {
      loads += 1;
      // The boot script never navigates: whatever loaded now is not ours.
      if (loads === 1) return;
      dispose();
      onHostile();
    });
    view.addEventListener('message', onmessage);
    page.body.append(frame);
  });
}
