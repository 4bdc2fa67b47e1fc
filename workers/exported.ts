/*
 * The cell language as a Dagster project has it: run by Node, which has no sandbox and needs none,
 * since the code is its owner's. Built as one classic script, which leaves `partitaRuntime` behind.
 */
import { assert } from 'chai';
import * as luxon from 'luxon';
import { z } from 'zod';
import { fromTaggedJson, toTaggedJson } from '../src/export/tagged-json.ts';
import type { GuestMessage } from '../src/protocol/sandbox.ts';
import * as execution from '../src/sdk/execution-library.ts';
import { Guest, type ProgramFunction } from '../src/sdk/guest.ts';
import { followWorld } from '../src/sdk/prelude.ts';
import * as schemas from '../src/sdk/zod-schema.ts';

// The same answers on every machine.
luxon.Settings.defaultZone = 'utc';
luxon.Settings.defaultLocale = 'en-US';

/** What the program around it uses. */
interface ExportedRuntime {
  readonly guestOf: (
    program: ProgramFunction,
    hear: (message: GuestMessage) => void,
  ) => Pick<
    Guest,
    | 'load'
    | 'execute'
    | 'evaluateSchedule'
    | 'evaluateSensor'
    | 'evaluatePartitionedConfig'
    | 'settle'
    | 'say'
  >;
  readonly toTaggedJson: typeof toTaggedJson;
  readonly fromTaggedJson: typeof fromTaggedJson;
}

(globalThis as { partitaRuntime?: ExportedRuntime }).partitaRuntime = {
  guestOf: (program, hear) => {
    (Error as { stackTraceLimit?: number }).stackTraceLimit = 50;
    const elapsed = performance.now.bind(performance);
    const world = followWorld(globalThis);
    return new Guest(program, {
      libraries: { zod: { z, schemas }, luxon, chai: { assert }, execution },
      post: (messages) => messages.forEach(hear),
      timers: { elapsed, later: (callback) => queueMicrotask(callback) },
      world,
      house: { sweep: () => undefined },
    });
  },
  toTaggedJson,
  fromTaggedJson,
};
