/*
 * The engine with its sandbox and its storage, without the rest of the application: how long a run takes whose
 * session is not there yet, beside how long the browser takes to start a worker that does nothing.
 */
import { locateInCell, type Program } from '../../../src/notebook/program.ts';
import type { CodeRunner } from '../../../src/orchestration/ports.ts';
import { SandboxCodeRunner } from '../../../src/runtime/code-runner.ts';
import { createSandboxFrame } from '../../../src/runtime/sandbox-frame.ts';
import { SandboxFrames } from '../../../src/runtime/sandbox-frames.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { EngineHost } from '../../../workers/engine-host.ts';

/** The times of all rounds, in ms. */
export interface SessionFigures {
  /** Until a worker in the warm frame has said something. */
  readonly workers: readonly number[];
  /** From the launch of a run of two assets until its end stands in storage, in a session made for it. */
  readonly runs: readonly number[];
}

declare global {
  interface Window {
    measureSessions: (rounds: number) => Promise<SessionFigures>;
  }
}

const STARTS_AT = Date.UTC(2026, 2, 10, 9);

const frames = new SandboxFrames(() => void makeFrame());

async function makeFrame(): Promise<void> {
  const { control } = await createSandboxFrame(document, () => void makeFrame());
  frames.connect(control);
}

/** Loads in one session, and runs in another, which nobody has asked for before. */
function newRunner(program: Program): CodeRunner {
  const make = () =>
    new SandboxCodeRunner({
      frames,
      concurrency: 2,
      program: {
        text: program.text,
        libraries: [],
        locate: (line, column) => locateInCell(program, line, column),
      },
    });
  const loading = make();
  const running = make();
  return new Proxy<CodeRunner>(running, {
    get(target, name) {
      if (name === 'load') return loading.load.bind(loading);
      const member = Reflect.get(target, name, target) as unknown;
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** When history was last written, by `performance.now`. */
let writtenAt = 0;

const host = new EngineHost({
  openStorage: async (options) => {
    const opened = await openStorage(options);
    const instances = new Proxy(opened.instances, {
      get(target, name) {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== 'function') return member;
        if (name !== 'append') return member.bind(target) as unknown;
        return async (...batch: Parameters<typeof target.append>) => {
          const events = await target.append(...batch);
          writtenAt = performance.now();
          return events;
        };
      },
    });
    return { ...opened, instances };
  },
  lead: async (_notebookId, { onLead }) => onLead(),
  oneTabBanner: null,
  newRunner,
  concurrency: 2,
  realNow: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  setRequestFrame: () => {},
  fetchAhead: async () => [],
  connectFrame: () => {},
});

async function workerMs(): Promise<number> {
  const from = performance.now();
  const worker = await frames.start(
    new Blob(["onmessage = ({ ports }) => ports[1].postMessage('up');"]),
    'idle',
    () => {},
  );
  await new Promise((resolve) => {
    worker.messages.onmessage = resolve;
  });
  const ms = performance.now() - from;
  worker.kill();
  return ms;
}

async function runMs(round: number): Promise<number> {
  const notebookId = `n${round}`;
  const text = `
const customers = dg.StaticPartitionsDefinition(['customer_a']);
const orders = dg.asset({ partitionsDef: customers }, () => ({ orders: ${round} }));
const summary = dg.asset(
  { partitionsDef: customers, ins: { orders: dg.AssetIn(orders) } },
  (context, { orders }) => orders,
);`;
  const rest = { source: text, title: notebookId, example: null, transient: false };
  await host.createNotebook({ notebookId, ...rest });
  await host.evaluate(notebookId, [{ cellId: 'c1', text }], { startsAt: STARTS_AT, seed: 1 });
  let ended = () => {};
  const isGreen = new Promise<void>((resolve) => (ended = resolve));
  await host.watchState(notebookId, ({ runCounts }) => {
    if (runCounts.FAILURE > 0) throw new Error('The run failed.');
    if (runCounts.SUCCESS > 0) ended();
  });
  const request = {
    assetKeys: ['orders', 'summary'],
    partitionRanges: [['customer_a', 'customer_a'] as const],
    runConfig: {},
    tags: {},
    jobName: null,
  };
  // Whoever leads the notebook has answered: it is not the start of the daemon that is measured.
  await host.setConcurrency(notebookId, 2);
  const from = performance.now();
  await host.launch(notebookId, request);
  await isGreen;
  return writtenAt - from;
}

window.measureSessions = async (rounds) => {
  await host.start({ basePath: '/bench/', ephemeral: false }, () => {});
  const workers: number[] = [];
  const runs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    workers.push(await workerMs());
    runs.push(await runMs(round));
  }
  return { workers, runs };
};
frames.warm();
