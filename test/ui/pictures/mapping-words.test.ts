import { describe, expect, it } from 'vitest';
import type {
  PartitionsDefinition,
  TimeWindowClass,
} from '../../../src/partitions/definition/partitions-definition.ts';
import { mappingWords } from '../../../src/ui/graph/mapping-words.ts';

const CRON = { hourly: '0 * * * *', daily: '0 0 * * *', weekly: '0 0 * * 0', monthly: '0 0 1 * *' };

function windows(className: Exclude<TimeWindowClass, 'timeWindow'>): PartitionsDefinition {
  return {
    kind: 'timeWindow',
    className,
    startAt: 0,
    endAt: null,
    timezone: 'UTC',
    fmt: '%Y-%m-%d-%H:%M',
    endOffset: 0,
    cronSchedule: CRON[className],
    exclusions: [],
  };
}

const letters: PartitionsDefinition = { kind: 'static', keys: ['a', 'b'] };

function offsets(startOffset: number, endOffset: number) {
  return {
    kind: 'timeWindow',
    startOffset,
    endOffset,
    allowNonexistentUpstreamPartitions: false,
  } as const;
}

describe('what a key reads, in words', () => {
  it('[INF-2] by default', () => {
    expect(mappingWords(null, letters, letters)).toBe('same key');
    expect(mappingWords(null, letters, null)).toBe('every key');
    expect(mappingWords(null, null, letters)).toBe('its value');
    expect(mappingWords(null, windows('daily'), windows('daily'))).toBe('same key');
    expect(mappingWords(null, windows('daily'), windows('monthly'))).toBe('its days');
    expect(mappingWords(null, windows('monthly'), windows('daily'))).toBe('its month');
    expect(mappingWords(null, windows('hourly'), windows('daily'))).toBe('its hours');
  });

  it('[MAP-TW-2] with offsets, in windows of the reader', () => {
    const days = windows('daily');
    expect(mappingWords(offsets(-1, -1), days, days)).toBe('the day before');
    expect(mappingWords(offsets(-1, 0), days, days)).toBe('the day before and itself');
    expect(mappingWords(offsets(-7, -1), days, days)).toBe('days −7 to −1');
  });

  it('as the author chose', () => {
    expect(mappingWords({ kind: 'last' }, letters, null)).toBe('the last key');
    expect(mappingWords({ kind: 'specific', keys: ['a'] }, letters, letters)).toBe('only a');
    expect(mappingWords({ kind: 'all' }, letters, letters)).toBe('every key');
  });
});
