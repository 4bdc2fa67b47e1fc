import { describe, expect, it } from 'vitest';
import { DynamicPartitions } from '../../src/orchestration/dynamic-partitions.ts';

const NOW = Date.UTC(2026, 2, 10);

/** Makes a change and takes its event. */
function make(
  partitions: DynamicPartitions,
  action: 'add' | 'delete',
  partitionKeys: readonly string[],
) {
  const made = partitions.change({ action, partitionsDefName: 'images', partitionKeys }, NOW);
  if (made) partitions.apply(made.event);
  return made;
}

describe('the keys of dynamic definitions', () => {
  it('[DYN-1] stand in the order in which they were added; one that comes back stands last', () => {
    const partitions = new DynamicPartitions();
    make(partitions, 'add', ['b', 'a']);
    make(partitions, 'add', ['c', 'a']);
    expect(partitions.keys.get('images')).toEqual(['b', 'a', 'c']);
    make(partitions, 'delete', ['b']);
    make(partitions, 'add', ['b']);
    expect(partitions.keys.get('images')).toEqual(['a', 'c', 'b']);
  });

  it('[RR-10] a known key added and an unknown one deleted change nothing', () => {
    const partitions = new DynamicPartitions();
    expect(make(partitions, 'delete', ['a'])).toBeNull();
    const first = make(partitions, 'add', ['a', 'a']);
    expect(first?.event).toMatchObject({
      type: 'DYNAMIC_PARTITIONS_ADDED',
      message: 'Added "a" to "images".',
    });
    expect(make(partitions, 'add', ['a'])).toBeNull();
    const keys = partitions.keys;
    expect(partitions.apply(first!.event)).toBe(false);
    expect(partitions.keys).toBe(keys);
  });

  it('[RR-8] several changes are made one after another, and kept once for each definition', () => {
    const partitions = new DynamicPartitions();
    make(partitions, 'add', ['a']);
    const { events, records } = partitions.changes(
      [
        { action: 'add', partitionsDefName: 'images', partitionKeys: ['b', 'a'] },
        { action: 'add', partitionsDefName: 'images', partitionKeys: ['b'] },
        { action: 'delete', partitionsDefName: 'images', partitionKeys: ['a', 'z'] },
        { action: 'add', partitionsDefName: 'others', partitionKeys: ['o'] },
      ],
      NOW,
    );
    expect(partitions.keys.get('images')).toEqual(['a']);
    expect(events.map(({ message }) => message)).toEqual([
      'Added "b" to "images".',
      'Deleted "a" from "images".',
      'Added "o" to "others".',
    ]);
    expect(records).toEqual([
      { kind: 'dynamicPartitions', recordId: 'images', value: ['b'] },
      { kind: 'dynamicPartitions', recordId: 'others', value: ['o'] },
    ]);
  });

  it('are found again from their records, whichever of their events follow', () => {
    const partitions = new DynamicPartitions();
    const made = [
      make(partitions, 'add', ['a', 'b']),
      make(partitions, 'delete', ['a']),
      make(partitions, 'add', ['c', 'a']),
    ];
    const record = made.at(-1)!.record;
    expect(record).toEqual({
      kind: 'dynamicPartitions',
      recordId: 'images',
      value: ['b', 'c', 'a'],
    });
    for (let from = 0; from <= made.length; from += 1) {
      const again = new DynamicPartitions();
      again.restore([record]);
      for (const one of made.slice(from)) again.apply(one!.event);
      expect(again.keys.get('images')).toEqual(['b', 'c', 'a']);
    }
  });
});
