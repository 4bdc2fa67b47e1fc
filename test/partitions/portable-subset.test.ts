import { describe, expect, it } from 'vitest';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysInRange } from '../../src/partitions/keys-in-range.ts';
import { mapPortableToUpstream } from '../../src/partitions/mapping/map-portable.ts';
import {
  addKeys,
  equalPortable,
  keysOfPortable,
  portableSubset,
  subtractPortable,
} from '../../src/partitions/subset/portable-subset.ts';
import type { TimeWindowPartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { nextKey } from '../../src/partitions/time-queries.ts';
import { contextOf, definitionOf, errorKind, type WrittenDefinition } from './vectors.ts';

const indexOf = (written: WrittenDefinition, now = '2024-01-15T00:00:00Z') =>
  indexPartitions(definitionOf(written), contextOf({ now }));

const weekdays = indexOf({ kind: 'daily', start: '2024-01-01', exclusions: ['0 0 * * 6,0'] });
const letters = indexOf({ kind: 'static', keys: ['a', 'b', 'c'] });

describe('a subset that stands without an index', () => {
  it('[SUB-2] joins over excluded windows only forwards', () => {
    const friday = portableSubset(weekdays, ['2024-01-05']);
    const monday = portableSubset(weekdays, ['2024-01-08']);
    const forwards = addKeys(weekdays, friday, ['2024-01-08']);
    const backwards = addKeys(weekdays, monday, ['2024-01-05']);
    expect(keysOfPortable(weekdays, forwards)).toEqual(keysOfPortable(weekdays, backwards));
    expect(forwards.kind === 'windows' && forwards.windows.length).toBe(1);
    expect(backwards.kind === 'windows' && backwards.windows.length).toBe(2);
    expect(equalPortable(forwards, backwards)).toBe(false);
  });

  it('[SUB-5] keeps unknown texts and drops unknown times', () => {
    expect(keysOfPortable(letters, portableSubset(letters, ['z', 'b']))).toEqual(['b', 'z']);
    expect(keysOfPortable(weekdays, portableSubset(weekdays, ['2030-01-01']))).toEqual([]);
    expect(errorKind(() => portableSubset(weekdays, ['b']))).toBe('ValueError');
  });

  it('[SUB-1] everything less something is told by its parts', () => {
    const left = subtractPortable(letters, { kind: 'all' }, portableSubset(letters, ['b']));
    expect(keysOfPortable(letters, left)).toEqual(['a', 'c']);
  });

  it('[MAP-ID-2] a text that is unknown downstream can be known upstream', () => {
    const downstream = indexOf({ kind: 'static', keys: ['a'] });
    const { subset, requiredButNonexistent } = mapPortableToUpstream({
      mapping: { kind: 'identity' },
      upstream: letters,
      downstream,
      subset: portableSubset(downstream, ['c', 'z']),
    });
    expect(keysOfPortable(letters, subset)).toEqual(['c']);
    expect(keysOfPortable(letters, requiredButNonexistent)).toEqual(['z']);
  });
});

describe('questions about keys that cannot be', () => {
  it('[TW-32] where nothing exists, the key is not looked at', () => {
    const { definition } = weekdays;
    const context = contextOf({ now: '2023-01-01T00:00:00Z' });
    expect(nextKey(definition as TimeWindowPartitionsDefinition, 'bogus', context)).toBeNull();
  });

  it('[TW-33] a start that is out of bounds is told before an end that cannot be read', () => {
    const range = { start: '2023-01-01', end: 'bogus' };
    const daily = indexOf({ kind: 'daily', start: '2024-01-01' });
    expect(errorKind(() => keysInRange(daily, range))).toBe('CheckError');
  });
});
