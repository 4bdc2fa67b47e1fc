import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventDraft, EventType } from '../../src/orchestration/event.ts';
import { packEvents, unpackEvents } from '../../src/storage/event-row.ts';
import { draft } from '../orchestration/instance-store.contract.ts';

const someText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'a', '__proto__'));
const someEvent: fc.Arbitrary<EventDraft> = fc.record({
  runId: someText,
  type: fc.constantFrom<EventType>('LOG', 'RUN_CANCELED', 'ASSET_MATERIALIZATION_PLANNED'),
  level: fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'),
  at: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
  message: someText,
  stepKey: fc.option(someText),
  assetKey: fc.option(someText),
  partitionKey: fc.option(someText),
  metadata: fc.option(fc.dictionary(someText, fc.anything())),
  error: fc.constant(null),
  byAuthor: fc.boolean(),
});

describe('packed events (SE)', () => {
  it('[SE-1] what is packed is unpacked the same, whatever the texts', () => {
    fc.assert(
      fc.property(fc.array(someEvent), fc.nat(), (drafts, firstEventId) => {
        const row = { notebookId: 'one', firstEventId, ...packEvents(drafts) };
        const expected = drafts.map((event, at) => ({ ...event, eventId: firstEventId + at }));
        expect(unpackEvents(row)).toEqual(expected);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('[SE-2] what events share stands once', () => {
    const shared = { message: 'm'.repeat(1_000), partitionKey: 'k'.repeat(1_000) };
    const packed = packEvents(Array.from({ length: 20 }, () => draft(1, shared)));
    expect(packed.texts).toHaveLength(3);
    expect(packed).not.toHaveProperty('attached');
  });

  it('[SE-3] rows written by the first version are read for ever', () => {
    const packed = {
      count: 2,
      texts: ['run-1', 'hello', 'orders', 'a'],
      times: [5, 7],
      fields: [8, 6, 0, 0, 1, 3, 3, 4, 17, 4, 1, 0, 1, 0, 0, 0],
    };
    expect(unpackEvents({ notebookId: 'one', firstEventId: 9, ...packed })).toEqual([
      {
        ...draft(1, { type: 'LOG', level: 'INFO', byAuthor: true, at: 5, message: 'hello' }),
        ...{ eventId: 9, stepKey: 'orders', assetKey: 'orders', partitionKey: 'a' },
      },
      {
        ...draft(1, { type: 'RUN_CANCELED', level: 'CRITICAL', at: 7, message: 'hello' }),
        eventId: 10,
      },
    ]);
  });

  it('[SE-4] an event that has no code is refused, not stored as another', () => {
    const strange = draft(1, { type: 'STRANGE' as EventType });
    expect(() => packEvents([strange])).toThrow(/STRANGE/);
  });
});
