/*
 * Entry of the engine's worker: gives the engine the browser, and exposes it to the page.
 */
import * as Comlink from 'comlink';
import { locateInCell } from '../src/notebook/program.ts';
import type { EngineApi } from '../src/protocol/engine.ts';
import { SandboxCodeRunner } from '../src/runtime/code-runner.ts';
import { SandboxFrames } from '../src/runtime/sandbox-frames.ts';
import { loadSandboxText } from '../src/runtime/sandbox-texts.ts';
import { canElectLeader, lead, ONE_TAB_ONLY } from '../src/storage/leadership.ts';
import { openStorage } from '../src/storage/open-storage.ts';
import { RealClock } from '../src/time/clock.ts';
import { analysesOfExample, loadParser } from './cell-analyses.ts';
import { EngineHost } from './engine-host.ts';

/** Runs at once: one a core, as each keeps a worker busy. */
const concurrency = Math.min(8, Math.max(2, navigator.hardwareConcurrency));

let requestFrame = () => {};
const frames = new SandboxFrames(() => requestFrame());
const clock = new RealClock();

const host = new EngineHost({
  openStorage,
  lead,
  oneTabBanner: canElectLeader() ? null : ONE_TAB_ONLY,
  newRunner: (program, libraries) =>
    new SandboxCodeRunner({
      program: {
        text: program.text,
        libraries: [...libraries],
        locate: (line, column) => locateInCell(program, line, column),
      },
      frames,
      concurrency,
    }),
  concurrency,
  realNow: () => clock.now(),
  elapsedMs: () => performance.timeOrigin + performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  setRequestFrame: (ask) => {
    requestFrame = ask;
    frames.warm();
  },
  fetchAhead: async (example) => {
    // On its way beside the engine's own code. If it does not come, the first call says so.
    loadSandboxText('core').catch(() => undefined);
    if (example !== null) return analysesOfExample(example);
    loadParser().catch(() => undefined);
    return [];
  },
  connectFrame: (control) => frames.connect(control),
});

/** Results that are functions go to the page as proxies. */
const exposed = new Proxy(host, {
  get(target, name) {
    const member = Reflect.get(target, name, target) as unknown;
    if (typeof member !== 'function') return member;
    return async (...args: unknown[]) => {
      const result: unknown = await (member as (...all: unknown[]) => unknown).apply(target, args);
      return typeof result === 'function' ? Comlink.proxy(result as () => void) : result;
    };
  },
});

Comlink.expose(exposed satisfies EngineApi);
