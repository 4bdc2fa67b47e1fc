/*
 * The sandbox without the rest of the application: the page stands for the engine. Tests
 * drive it by `sandboxPage`.
 */
import { analyseNotebook } from '../../../src/notebook/analyse-notebook.ts';
import { librariesOf } from '../../../src/notebook/order.ts';
import { composeProgram, locateInCell } from '../../../src/notebook/program.ts';
import type { CellId } from '../../../src/notebook/notebook.ts';
import type {
  GuestAnswer,
  GuestRequest,
  GuestWorld,
  LoadOutcome,
  StepOutcome,
  StepRequest,
  TestOutcome,
} from '../../../src/protocol/sandbox.ts';
import { SandboxCodeRunner } from '../../../src/runtime/code-runner.ts';
import { createSandboxFrame } from '../../../src/runtime/sandbox-frame.ts';
import { SandboxFrames } from '../../../src/runtime/sandbox-frames.ts';

const NOW = Date.UTC(2026, 2, 10, 9);

export interface SandboxPage {
  /** Each text is a cell, called c1, c2 …; replaces what was loaded before. */
  load(...cells: string[]): Promise<LoadOutcome>;
  execute(assetKey: string, step?: Partial<StepRequest>): Promise<StepOutcome>;
  runTest(testId: number): Promise<TestOutcome>;
  /** Starts a step, aborts it after so long, and tells how long the abort took to settle. */
  stop(assetKey: string, afterMs: number): Promise<{ outcome: StepOutcome; tookMs: number }>;
  readonly lines: string[];
  readonly files: Map<string, Uint8Array>;
  /** How often the page made a frame. */
  framesMade: number;
}

declare global {
  interface Window {
    sandboxPage: SandboxPage;
  }
}

const lines: string[] = [];
const files = new Map<string, Uint8Array>();
let runner: SandboxCodeRunner | null = null;
let lastStepId = 0;

const frames = new SandboxFrames(makeFrame);

function makeFrame(): void {
  window.sandboxPage.framesMade += 1;
  void createSandboxFrame(document, makeFrame).then(({ control }) => frames.connect(control));
}

function world(): GuestWorld {
  return { now: NOW, seed: 'test', dynamicPartitions: [], files: [...files.keys()] };
}

const services = {
  log: (_stepId: number, level: string, text: string) => {
    if (lines.length < 1000) lines.push(`${level} ${text.slice(0, 500)}`);
  },
  progress: (_stepId: number, done: number, total: number) => {
    lines.push(`${done} of ${total}`);
  },
  request: (ask: GuestRequest): Promise<GuestAnswer> => {
    if (ask.kind === 'writeFile') files.set(ask.path, ask.bytes);
    if (ask.kind === 'removeFile') files.delete(ask.path);
    return Promise.resolve({ status: 'ok', bytes: files.get(ask.path) ?? null });
  },
};

function execute(
  assetKey: string,
  step: Partial<StepRequest>,
  signal: AbortSignal,
): Promise<StepOutcome> {
  if (!runner) throw new Error('Nothing is loaded.');
  lastStepId += 1;
  const request = {
    stepId: lastStepId,
    assetKey,
    runId: 'run1',
    runTags: {},
    partitionKeys: [],
    config: null,
    inputs: [],
    world: world(),
    ...step,
  };
  return runner.execute(request, services, signal);
}

window.sandboxPage = {
  lines,
  files,
  framesMade: 0,
  load(...texts) {
    runner?.dispose();
    const analysis = analyseNotebook(
      texts.map((text, i) => ({ cellId: `c${i + 1}` as CellId, kind: 'code', text })),
    );
    const problems = analysis.problems.filter(({ severity }) => severity === 'error');
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '));
    const program = composeProgram(analysis, { exclude: new Set() });
    runner = new SandboxCodeRunner({
      frames,
      concurrency: 2,
      program: {
        text: program.text,
        libraries: [...librariesOf(analysis)],
        locate: (line, column) => locateInCell(program, line, column),
      },
    });
    return runner.load(world(), new AbortController().signal);
  },
  execute: (assetKey, step = {}) => execute(assetKey, step, new AbortController().signal),
  runTest: (testId) => {
    if (!runner) throw new Error('Nothing is loaded.');
    return runner.runTest(testId, world(), services, new AbortController().signal);
  },
  async stop(assetKey, afterMs) {
    const abort = new AbortController();
    const running = execute(assetKey, {}, abort.signal);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const from = performance.now();
    abort.abort();
    const outcome = await running;
    return { outcome, tookMs: performance.now() - from };
  },
};
frames.warm();
