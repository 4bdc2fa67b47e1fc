import { describe, expect, it } from 'vitest';
import type { PartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import type { PartitionMapping } from '../../../src/partitions/mapping/partition-mapping.ts';
import {
  explainNonexistent,
  type Remedy,
} from '../../../src/partitions/reasons/nonexistent-reason.ts';
import {
  nonexistentSentence,
  remedySentence,
} from '../../../src/partitions/reasons/reason-sentences.ts';
import { dynamic, grid, listed, mapped, offsets, seenAt, windows } from './written.ts';

const CONTEXT = seenAt('2024-12-20T12:00:00Z', { raw: ['a'], clean: ['a', 'b'] });

function explain(
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
  key: string,
  mapping: PartitionMapping | null = null,
) {
  const assets = mapped(upstream, downstream, mapping, CONTEXT);
  const ordinal = assets.downstream?.ordinalOf(key) ?? -1;
  return explainNonexistent({ ...assets, ordinal }, CONTEXT);
}

describe('what a key needs that does not exist', () => {
  it('[MAP-0] today’s hours need today’s day', () => {
    const answer = explain(windows('daily'), windows('hourly'), '2024-12-20-05:00');
    expect(answer && nonexistentSentence(answer)).toBe(
      '2024-12-20 does not exist yet: it opens Sat 21 Dec 2024, 00:00 UTC, when its window ends.',
    );
    expect(answer?.remedies.map((remedy) => remedySentence(remedy, 'days'))).toEqual([
      'Wait until Sat 21 Dec 2024, 00:00 UTC.',
      'Give the definition of days endOffset: 1, so that its keys exist before their windows end.',
      'Map with startOffset: -24, endOffset: -24, to read what is there already.',
      'Map with allowNonexistentUpstreamPartitions: true, to read only what exists.',
    ]);
  });

  const later = windows('daily', { start: '2024-02-01' });
  const ended = windows('daily', { end: '2024-06-01' });
  const REMEDIES: Record<Remedy['kind'], readonly [ReturnType<typeof explain>, string]> = {
    wait: [
      explain(windows('daily'), windows('daily', { endOffset: 1 }), '2024-12-20'),
      'Wait until Sat 21 Dec 2024, 00:00 UTC.',
    ],
    endOffset: [
      explain(windows('daily'), windows('daily', { endOffset: 3 }), '2024-12-22'),
      'Give the definition of up endOffset: 3, so that its keys exist before their windows end.',
    ],
    start: [
      explain(later, windows('daily'), '2024-01-05'),
      'Let the definition of up start at 2024-01-05.',
    ],
    end: [
      explain(ended, windows('daily'), '2024-06-01'),
      'Let the definition of up end after 2024-06-01.',
    ],
    offsets: [
      explain(windows('daily'), windows('daily', { endOffset: 1 }), '2024-12-20'),
      'Map with startOffset: -1, endOffset: -1, to read what is there already.',
    ],
    allowNonexistent: [
      explain(later, windows('daily'), '2024-01-05'),
      'Map with allowNonexistentUpstreamPartitions: true, to read only what exists.',
    ],
    listKeys: [explain(listed('a'), listed('a', 'b'), 'b'), 'List b in the definition of up.'],
    addKeys: [explain(dynamic('raw'), dynamic('clean'), 'b'), 'Add b to the dynamic keys of raw.'],
  };
  it.each(Object.entries(REMEDIES))('[WHY-4] %s mends it', (kind, [answer, sentence]) => {
    const remedy = answer?.remedies.find((one) => one.kind === kind);
    expect(remedy && remedySentence(remedy, 'up')).toBe(sentence);
  });

  it('[MAP-TW-4q] what sticks out at both ends is told apart', () => {
    const middle = windows('daily', { start: '2024-01-10', end: '2024-01-15' });
    const answer = explain(middle, windows('monthly'), '2024-01-01');
    expect(answer?.missing.map(({ first, last, count }) => [first, last, count])).toEqual([
      ['2024-01-01', '2024-01-09', 9],
      ['2024-01-15', '2024-01-31', 17],
    ]);
    expect(answer?.alsoExisting).toBe(5);
    expect(answer && nonexistentSentence(answer)).toBe(
      '9 keys are needed that lie before the first key, 2024-01-10: 2024-01-01 to 2024-01-09. 17 keys are needed that lie after the last key, 2024-01-14: 2024-01-15 to 2024-01-31. The time that is read begins before the first key and ends after the last, so Dagster counts 5 existing keys among them.',
    );
  });

  it('[MAP-TW-4] of several keys the last one tells when all of them exist', () => {
    const answer = explain(windows('hourly'), windows('daily', { endOffset: 1 }), '2024-12-20');
    expect(answer && nonexistentSentence(answer)).toBe(
      '12 keys are needed that do not exist yet, 2024-12-20-12:00 to 2024-12-20-23:00: the last opens Sat 21 Dec 2024, 00:00 UTC, when its window ends.',
    );
  });

  it('[MAP-MM-4] in two dimensions it is the part that is missing', () => {
    const days = windows('daily');
    const wide = windows('daily', { endOffset: 1 });
    const answer = explain(
      grid({ day: days, color: listed('red') }),
      grid({ day: wide, color: listed('red') }),
      'red|2024-12-20',
      {
        kind: 'multi',
        dimensions: [{ upstream: 'day', downstream: 'day', mapping: offsets(0, 0) }],
      },
    );
    expect(answer?.missing).toMatchObject([
      { last: '2024-12-20', answer: { reason: { kind: 'notYet' } } },
    ]);
    expect(answer?.remedies.map(({ kind }) => kind)).toEqual([
      'wait',
      'endOffset',
      'allowNonexistent',
    ]);
  });

  it('is null where nothing is missing', () => {
    expect(explain(listed('a'), listed('a'), 'a')).toBeNull();
  });
});
