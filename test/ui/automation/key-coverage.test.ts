import { describe, expect, it } from 'vitest';
import { makeStaticPartitionsDefinition } from '../../../src/partitions/definition/static.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { keyCoverage } from '../../../src/ui/automation/key-coverage.ts';
import { days } from '../../orchestration/sample-assets.ts';

const DAY = 86_400_000;
const at = (text: string) => Date.parse(`${text}T01:00Z`);
const indexAt = (effectiveAt: number) =>
  indexPartitions(days(), { effectiveAt, dynamicPartitions: new Map() });

/** Ticks at one in the morning, from the first day on, that ask for these keys. */
function coverage(first: string, asked: readonly (readonly string[])[]) {
  const ticks = asked.map((keys, day) => ({ at: at(first) + day * DAY, keys }));
  const end = indexAt(ticks.at(-1)?.at ?? 0);
  return keyCoverage(ticks, end, indexAt(at(first) - DAY).count);
}

describe('the keys that ticks ask for', () => {
  it('have neither gap nor double where each day is asked for once', () => {
    const plain = coverage('2024-01-06', [['2024-01-05'], ['2024-01-06'], ['2024-01-07']]);
    expect(plain).toMatchObject({ gaps: 0, doubles: 0 });
  });

  it('a day that no tick asks for stands before the first tick that could have', () => {
    const { ticks, gaps } = coverage('2024-01-06', [['2024-01-05'], [], ['2024-01-07']]);
    expect(gaps).toBe(1);
    expect(ticks.map((tick) => tick.gaps)).toEqual([[], ['2024-01-06'], []]);
  });

  it('a day that a later tick asks for is no gap, and one that is asked for twice is marked there', () => {
    const { ticks, gaps, doubles } = coverage('2024-01-06', [
      ['2024-01-05'],
      [],
      ['2024-01-06', '2024-01-07', '2024-01-05'],
    ]);
    expect([gaps, doubles]).toEqual([0, 1]);
    expect(ticks[2]?.doubles).toEqual(['2024-01-05']);
  });

  it('keys that are always there may be asked for by every tick, but not twice by one', () => {
    const index = indexPartitions(makeStaticPartitionsDefinition(['a', 'b', 'c']), {
      effectiveAt: 0,
      dynamicPartitions: new Map(),
    });
    const tick = (day: number, keys: readonly string[]) => ({ at: day * DAY, keys });
    expect(keyCoverage([tick(0, ['a', 'b']), tick(1, ['a', 'b', 'b'])], index, 3)).toMatchObject({
      doubles: 1,
      gaps: 1,
      ticks: [{ gaps: ['c'], doubles: [] }, { doubles: ['b'] }],
    });
  });
});
