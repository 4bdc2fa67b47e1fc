import { setTimeout } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

/** What the browser's own tracing says of the page's main thread; processor time, so that a busy machine does not count. */
export interface MainThreadTime {
  /** The longest task, ms. */
  readonly longestMs: number;
  /** All tasks while the pointer or its wheel moved, ms: what comes once both rest hurries no one. */
  readonly totalMs: number;
  /** What of it was script, ms. */
  readonly scriptMs: number;
  /** Frames that the main thread made meanwhile. */
  readonly frames: number;
  /** From the first of them to the last, ms of the wall clock; 0 without two. */
  readonly framesMs: number;
}

/** One event of a trace; times in µs. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly data?: { readonly frames?: readonly TracedFrame[]; readonly type?: string };
  };
}

interface TracedFrame {
  readonly frame: string;
  readonly parent?: string;
  readonly processId?: number;
}

const CATEGORIES = [
  '-*',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  'devtools.timeline.frame',
];

/** What is script; such events stand in one another, and the outermost counts. */
const SCRIPT = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FireIdleCallback',
  'FunctionCall',
  'RunMicrotasks',
  'TimerFire',
  'v8.compileModule',
  'v8.evaluateModule',
]);

/** What a moving pointer and a turning wheel dispatch. */
const MOTION = new Set(['pointermove', 'mousemove', 'wheel']);

/** What the main thread of `page` does during `act` and, after it, for `settleMs`. */
export async function traceMainThread(
  page: Page,
  settleMs: number,
  act: () => Promise<void>,
): Promise<MainThreadTime> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    events.push(...(value as unknown as readonly TraceEvent[]));
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: [] },
  });
  await act();
  await setTimeout(settleMs);
  await ended(session);
  await session.detach();
  return summary(events);
}

async function ended(session: CDPSession): Promise<void> {
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
}

function summary(events: readonly TraceEvent[]): MainThreadTime {
  const frames = events.flatMap(({ args }) => args.data?.frames ?? []);
  const pid = frames.find(({ parent }) => parent === undefined)?.processId;
  const thread = events.find(
    ({ name, args, pid: of }) =>
      name === 'thread_name' && args.name === 'CrRendererMain' && of === pid,
  );
  if (!thread) throw new Error('The trace names no main thread of the page.');
  const own = events.filter((event) => event.pid === thread.pid && event.tid === thread.tid);
  const tasks = own.filter(({ name, ph }) => name === 'RunTask' && ph === 'X');
  const moves = own
    .filter(({ name, args }) => name === 'EventDispatch' && MOTION.has(args.data?.type ?? ''))
    .map(({ ts }) => ts);
  const isMeanwhile = ({ ts }: TraceEvent) => ts <= Math.max(...moves);
  const begun = own
    .filter(({ name }) => name === 'BeginMainThreadFrame')
    .filter(isMeanwhile)
    .map(({ ts }) => ts);
  const script = own.filter(({ name, ph }) => SCRIPT.has(name) && ph === 'X');
  return {
    longestMs: Math.max(0, ...tasks.map(cpuMs)),
    totalMs: tasks.filter(isMeanwhile).reduce((sum, task) => sum + cpuMs(task), 0),
    scriptMs: outermost(script.filter(isMeanwhile)),
    frames: begun.length,
    framesMs: begun.length > 1 ? (Math.max(...begun) - Math.min(...begun)) / 1000 : 0,
  };
}

function cpuMs({ dur = 0, tdur = dur }: TraceEvent): number {
  return tdur / 1000;
}

function outermost(events: readonly TraceEvent[]): number {
  let sum = 0;
  let end = 0;
  for (const event of events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    if (event.ts < end) continue;
    sum += cpuMs(event);
    end = event.ts + (event.dur ?? 0);
  }
  return sum;
}
