import { beforeAll, describe, expect, it } from 'vitest';
import { ledgerOf } from '../../src/ledger/ledger.ts';
import type { LedgerAnswer } from '../../src/ledger/ledger-answer.ts';
import type { TwinRun } from '../../src/twin/twin-run.ts';
import type { WorldFrame } from '../../src/twin/twin-frame.ts';
import { example, twinOf } from '../twin/played-worlds.ts';

let twin: TwinRun;

beforeAll(async () => {
  twin = twinOf(example('twin'));
  await twin.playTo(6);
}, 60_000);

/** The world of config after so many actions. */
function configAt(position: number): WorldFrame {
  const world = twin.frames[position]?.worlds.find(({ view }) => view.name === 'config');
  if (!world) throw new Error(`Position ${position} was not played.`);
  return world;
}

function answer({ view }: WorldFrame, id: LedgerAnswer['id']): LedgerAnswer {
  const found = ledgerOf(view).find((one) => one.id === id);
  if (!found) throw new Error(`Nobody asked ${id}.`);
  return found;
}

describe('what a run tells that executes another again (LED)', () => {
  it('[LED-6] [LED-18] a failed run counts as mended by the one that executed it again', () => {
    expect(answer(configAt(3), 'failed')).toMatchObject({ verdict: 'by hand', runsToOpen: 1 });
    expect(answer(configAt(3), 'repair')).toMatchObject({ verdict: 'by hand', runsToOpen: 1 });
    const mended = configAt(4);
    const told = answer(mended, 'failed');
    expect(told).toMatchObject({
      verdict: 'recorded',
      sentence: 'None now; 1 failed run since mended',
    });
    const [failure, success] = mended.view.events.filter(({ eventId }) =>
      told.evidence.includes(eventId),
    );
    expect(failure?.type).toBe('STEP_FAILURE');
    expect(success?.type).toBe('RUN_SUCCESS');
    const [failed, again] = [failure, success].map((event) =>
      mended.runs.find(({ runId }) => runId === event?.runId),
    );
    // No config was opened for it, and each would have told the same.
    expect(again?.parentRunId).toBe(failed?.runId);
    expect(again?.runConfig).toEqual(failed?.runConfig);
    expect(answer(mended, 'repair').verdict).toBe('recorded');
  });

  it('[LED-9] [LED-18] nothing is to be redone once every run of older code was executed again', () => {
    const { view, runs } = configAt(6);
    expect(answer(configAt(6), 'redo')).toMatchObject({
      verdict: 'recorded',
      sentence: 'Nothing: 4 runs of older code, or failed, since executed again',
    });
    const again = new Map(runs.map((run) => [run.parentRunId, run]));
    for (const run of runs.slice(0, 4)) {
      const rest = again.get(run.runId);
      expect(rest?.runConfig).toEqual(run.runConfig);
      expect(rest?.status).toBe('SUCCESS');
    }
    // Without the tags that name them nobody could say so, and all must be opened.
    const { parentRuns: _parents, ...blind } = view;
    expect(ledgerOf(blind).find(({ id }) => id === 'redo')).toMatchObject({
      verdict: 'by hand',
      runsToOpen: runs.length,
    });
  });

  it('[LED-18] one that failed again mends nothing', () => {
    const { view, runs } = configAt(4);
    const retry = runs.at(-1)?.runId;
    const events = view.events.map((event) =>
      event.runId === retry && event.type === 'RUN_SUCCESS'
        ? { ...event, type: 'RUN_FAILURE' as const }
        : event,
    );
    const told = ledgerOf({ ...view, events }).find(({ id }) => id === 'failed');
    expect(told?.sentence).toMatch(/^2 runs failed: /);
  });
});
