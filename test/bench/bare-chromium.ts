import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { CHROMIUM_ARGUMENTS } from '../browser/chromium-arguments.ts';
import { findChromium } from '../browser/find-browser.ts';

/** What the browser says: an answer to a command, or an event, which nobody here waits for. */
interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (problem: Error) => void;
}

/**
 * A Chromium that is told nothing but what a measurement needs. The libraries that drive browsers attach
 * to every worker and frame, and each waits at its start until it is let go, which a reader's never do:
 * what is measured so is how fast the library answers.
 */
export class BareChromium {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #rest = '';

  private constructor(child: ChildProcess, input: Writable, output: Readable) {
    this.#child = child;
    this.#input = input;
    output.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    output.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium ended.'));
      this.#waiting.clear();
    });
  }

  /** Starts one on a profile that it keeps on disk. */
  static start(profile: string, extraArguments: readonly string[] = []): BareChromium {
    const child = spawn(
      findChromium(),
      [
        ...CHROMIUM_ARGUMENTS,
        '--headless=new',
        '--remote-debugging-pipe',
        '--no-default-browser-check',
        '--disable-default-apps',
        '--disable-field-trial-config',
        '--disable-extensions',
        '--disable-component-extensions-with-background-pages',
        '--disable-dev-shm-usage',
        '--disable-features=Translate,OptimizationHints,MediaRouter',
        '--password-store=basic',
        '--use-mock-keychain',
        '--hide-scrollbars',
        `--user-data-dir=${profile}`,
        ...extraArguments,
        'about:blank',
      ],
      // It reads commands from the fourth and writes what it says to the fifth.
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    return new BareChromium(child, child.stdio[3] as Writable, child.stdio[4] as Readable);
  }

  /** Opens an empty page of that size, in CSS px. */
  async openPage(width: number, height: number): Promise<BarePage> {
    const { targetId } = (await this.send('Target.createTarget', { url: 'about:blank' })) as {
      readonly targetId: string;
    };
    const { sessionId } = (await this.send('Target.attachToTarget', {
      targetId,
      flatten: true,
    })) as { readonly sessionId: string };
    const page = new BarePage((method, params) => this.send(method, params, sessionId));
    await page.send('Page.enable');
    const size = { width, height, deviceScaleFactor: 1, mobile: false };
    await page.send('Emulation.setDeviceMetricsOverride', size);
    return page;
  }

  /** @throws if the browser refuses, or has ended. */
  send(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Ends it and waits until it is gone. */
  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    // It may be gone before it can answer.
    this.send('Browser.close').catch(() => null);
    await gone;
  }

  #hear(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const { id, result, error } = JSON.parse(part) as Message;
      const waiting = this.#waiting.get(id ?? 0);
      if (id === undefined || !waiting) continue;
      this.#waiting.delete(id);
      if (error) waiting.reject(new Error(error.message));
      else waiting.resolve(result);
    }
  }
}

/** A page of a {@link BareChromium}. */
export class BarePage {
  readonly send: (method: string, params?: object) => Promise<unknown>;

  constructor(send: BarePage['send']) {
    this.send = send;
  }

  /** Has `run` called with `argument` in every document before its own scripts; sent as text. */
  async addInitScript<Argument>(run: (argument: Argument) => void, argument: Argument) {
    const source = `(${run.toString()})(${JSON.stringify(argument)})`;
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source });
  }

  async goto(url: string): Promise<void> {
    await this.send('Page.navigate', { url });
  }

  /** What `run` returns in the page. Self-contained: it is sent as text. @throws if it throws. */
  async evaluate<Result>(run: () => Result): Promise<Result> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression: `(${run.toString()})()`,
      returnByValue: true,
    })) as { readonly result: { readonly value: Result }; readonly exceptionDetails?: object };
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }
}
