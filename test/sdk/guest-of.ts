import { assert } from 'chai';
import * as luxon from 'luxon';
import { z } from 'zod';
import type { CellId } from '../../src/notebook/notebook.ts';
import { analyseNotebook } from '../../src/notebook/analyse-notebook.ts';
import { composeProgram } from '../../src/notebook/program.ts';
import type {
  DynamicPartitionsChange,
  GuestAnswer,
  GuestLoadAnswer,
  GuestMessage,
  GuestRequest,
  GuestStepAnswer,
  GuestWorld,
  StepRequest,
} from '../../src/protocol/sandbox.ts';
import * as execution from '../../src/sdk/execution-library.ts';
import { checkGoals } from '../../src/sdk/goals-library.ts';
import { Guest, type ProgramFunction } from '../../src/sdk/guest.ts';
import type { LoadedLibraries } from '../../src/sdk/libraries.ts';
import * as schemas from '../../src/sdk/zod-schema.ts';

/** A guest that runs in the test itself, with what it said. */
export interface GuestInTest {
  readonly guest: Guest;
  /** Lines of the log as `LEVEL text`. */
  readonly lines: readonly string[];
  /** What it did to dynamic keys. */
  readonly changes: readonly DynamicPartitionsChange[];
  readonly files: Map<string, Uint8Array>;
  /** How often a file was asked for. */
  readonly reads: { count: number };
  readonly world: GuestWorld;
  load(): GuestLoadAnswer;
  execute(assetKey: string, step?: Partial<StepRequest>): Promise<GuestStepAnswer>;
}

/** A guest of the cells given, called c1, c2 …; the time is 2026-03-10T09:00Z. */
export function guestOf(
  cells: readonly string[],
  libraries: LoadedLibraries = {
    zod: { z, schemas },
    luxon,
    chai: { assert },
    execution,
    goals: { checkGoals },
  },
): GuestInTest {
  const analysis = analyseNotebook(
    cells.map((text, i) => ({ cellId: `c${i + 1}` as CellId, kind: 'code', text })),
  );
  const errors = analysis.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join(' '));
  const { text } = composeProgram(analysis, { exclude: new Set() });
  const names = ['dg', 'z', 'DateTime', 'Duration', 'Interval', 'files', 'assert'];
  const program = new Function(...names, '__cell', '__name', `'use strict';\n${text}`);
  const lines: string[] = [];
  const files = new Map<string, Uint8Array>();
  const reads = { count: 0 };
  const answer = (ask: GuestRequest): GuestAnswer => {
    if (ask.kind === 'readFile') reads.count += 1;
    if (ask.kind === 'writeFile') files.set(ask.path, ask.bytes);
    if (ask.kind === 'removeFile') files.delete(ask.path);
    return { status: 'ok', bytes: files.get(ask.path) ?? null };
  };
  const changes: DynamicPartitionsChange[] = [];
  const hear = (message: GuestMessage) => {
    if (message.kind === 'log') lines.push(`${message.level} ${message.text}`);
    if (message.kind === 'dynamicPartitions') changes.push(message.change);
    if (message.kind === 'latestMaterialization') {
      const nothing = { status: 'ok', bytes: null, materialization: null } as const;
      queueMicrotask(() => guest.settle(message.requestId, nothing));
    }
    if (message.kind === 'request') {
      queueMicrotask(() => guest.settle(message.requestId, answer(message.ask)));
    }
  };
  const guest = new Guest(program as ProgramFunction, {
    libraries,
    post: (messages) => messages.forEach(hear),
    timers: { elapsed: () => 0, later: () => undefined },
    world: { follow: () => undefined, reseed: () => undefined },
    house: { sweep: () => undefined },
  });
  const world = () => ({
    now: Date.UTC(2026, 2, 10, 9),
    seed: 'test',
    dynamicPartitions: [['images', ['b', 'a']]] as const,
    files: [...files.keys()],
  });
  return {
    guest,
    lines,
    changes,
    files,
    reads,
    get world() {
      return world();
    },
    load: () => guest.load(world()),
    execute: (assetKey, step = {}) =>
      guest.execute({
        stepId: 1,
        assetKey,
        runId: 'run1',
        runTags: {},
        partitionKeys: [],
        config: null,
        inputs: [],
        world: world(),
        ...step,
      }),
  };
}

/** What the cells declare. */
export function definitionsIn(...cells: string[]) {
  const answer = guestOf(cells).load();
  if (answer.status !== 'loaded') {
    throw new Error(answer.status === 'threw' ? answer.error.message : answer.status);
  }
  return answer.definitions;
}

/** The error with which loading the cells ends. */
export function errorIn(...cells: string[]) {
  const answer = guestOf(cells).load();
  if (answer.status !== 'threw') throw new Error(`It ended as ${answer.status}.`);
  return { cellId: answer.cellId, kind: answer.error.kind, message: answer.error.message };
}

/** What an expression of a cell's is, computed by an asset. */
export async function valueOf(expression: string, ...cells: string[]): Promise<unknown> {
  const answer = await guestOf([
    ...cells,
    `const probe_of_test = dg.asset({ name: 'probe' }, () => (${expression}));`,
  ]).execute('probe');
  if (answer.status === 'failure') throw new Error(answer.error.message);
  return answer.status === 'success' ? answer.value : answer.status;
}

/** What the body of an async function gives back, run in the sandbox over some cells. */
export async function seenIn(body: string, ...cells: string[]): Promise<unknown> {
  const answer = await guestOf([
    ...cells,
    `const probe_of_test = dg.asset({ name: 'probe' }, async () => { ${body} });`,
  ]).execute('probe');
  if (answer.status === 'failure') throw new Error(`${answer.error.kind}: ${answer.error.message}`);
  return answer.status === 'success' ? answer.value : answer.status;
}

/** What a body throws: class and message, then those of its causes; `nothing` if it does not throw. */
export function thrownIn(body: string, ...cells: string[]): Promise<unknown> {
  return seenIn(
    `try { ${body} } catch (thrown) { const all = []; for (let at = thrown; at; at = at.cause) all.push(at.kind ?? at.name, at.message); return all; } return 'nothing';`,
    ...cells,
  );
}
