import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunQueue } from '../../src/orchestration/run-queue.ts';
import type { Run } from '../../src/orchestration/run.ts';

/** A run as far as a queue looks at it. */
const run = (runNumber: number, backfillId: string | null): Run =>
  ({ runNumber, runId: String(runNumber), backfillId }) as Run;

const aBackfill = fc.constantFrom<string | null>(null, 'a', 'b');
const aStep = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), of: fc.array(aBackfill, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('take' as const),
    full: fc.array(aBackfill, { maxLength: 2 }),
    odd: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('remove' as const), of: aBackfill }),
);

describe('runs that wait', () => {
  it('[Q-1] are taken oldest first of all that may start, and taken out oldest first', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 40 }), (steps) => {
        const queue = new RunQueue();
        let model: Run[] = [];
        let last = 0;
        for (const step of steps) {
          if (step.kind === 'add') {
            const runs = step.of.map((backfillId) => run(++last, backfillId));
            queue.add(runs);
            model.push(...runs);
          } else if (step.kind === 'take') {
            const canStart = ({ runNumber }: Run) => !step.odd || runNumber % 2 === 1;
            const hasRoom = (backfillId: string | null) => !step.full.includes(backfillId);
            const taken = queue.take(canStart, hasRoom);
            const expected = model.find((one) => canStart(one) && hasRoom(one.backfillId)) ?? null;
            expect(taken).toBe(expected);
            model = model.filter((one) => one !== expected);
          } else {
            const concerns = ({ backfillId }: Run) => backfillId === step.of;
            expect(queue.remove(concerns)).toEqual(model.filter(concerns));
            model = model.filter((one) => !concerns(one));
          }
          expect(queue.length).toBe(model.length);
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('[Q-1] of a backfill that is full are passed over without looking at each', () => {
    const queue = new RunQueue();
    queue.add(Array.from({ length: 50_000 }, (_, at) => run(at + 1, 'a')));
    queue.add([run(50_001, null)]);
    let looks = 0;
    const taken = queue.take(
      () => ++looks > 0,
      (backfillId) => backfillId === null,
    );
    expect([taken?.runNumber, looks]).toEqual([50_001, 1]);
  });
});
