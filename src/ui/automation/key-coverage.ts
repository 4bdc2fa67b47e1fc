import type { TickPreview } from '../../orchestration/automations.ts';
import { RunTag } from '../../orchestration/run-tags.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { EpochMs } from '../../time/time-window.ts';

/** What one tick of a schedule asks for. */
export interface CoveredTick {
  readonly at: EpochMs;
  /** In its order. */
  readonly keys: readonly PartitionKey[];
  /** Of its keys, those that it names twice, or that an earlier tick asked for. */
  readonly doubles: readonly PartitionKey[];
  /** Keys that opened since the tick before, and that no tick asks for. */
  readonly gaps: readonly PartitionKey[];
}

/** Which keys the ticks of a time ask for, and which they leave out. */
export interface KeyCoverage {
  readonly ticks: readonly CoveredTick[];
  readonly doubles: number;
  readonly gaps: number;
}

/** The keys that a launch is for, one of them or a range; empty if it has none. */
export function keysOfLaunch(
  { partitionKey, tags }: TickPreview['launches'][number],
  index: PartitionIndex,
): readonly PartitionKey[] {
  if (partitionKey !== null) return [partitionKey];
  const from = index.ordinalOf(tags[RunTag.rangeStart] ?? '');
  const to = index.ordinalOf(tags[RunTag.rangeEnd] ?? '');
  if (from < 0 || to < from) return [];
  return Array.from({ length: to - from + 1 }, (_, at) => index.keyAt(from + at));
}

/**
 * Which keys are asked for twice or never. Where keys come with time, a key is to be asked for once: those
 * that exist at the last tick, and did not at the start, are expected. Others are to be asked for again and
 * again; of those only what one tick names twice is double, and what none asks for is left out.
 *
 * @param ticks ascending.
 * @param index of the job's definition, as of the last tick; null if it has none.
 * @param existing how many keys existed at the start.
 */
export function keyCoverage(
  ticks: readonly { readonly at: EpochMs; readonly keys: readonly PartitionKey[] }[],
  index: PartitionIndex | null,
  existing: number,
): KeyCoverage {
  const comesWithTime = index?.definition.kind === 'timeWindow';
  const asked = new Set<PartitionKey>();
  const covered = ticks.map(({ at, keys }) => {
    const own = new Set<PartitionKey>();
    const doubles = new Set<PartitionKey>();
    for (const key of keys) {
      if (own.has(key) || (comesWithTime && asked.has(key))) doubles.add(key);
      own.add(key);
    }
    for (const key of own) asked.add(key);
    return { at, keys, doubles: [...doubles] };
  });
  const gaps = new Map<number, PartitionKey[]>();
  let gapCount = 0;
  if (index && ticks.length > 0) {
    for (let ordinal = comesWithTime ? existing : 0; ordinal < index.count; ordinal += 1) {
      const key = index.keyAt(ordinal);
      if (asked.has(key)) continue;
      const opensAt = comesWithTime ? (index.windowAt(ordinal)?.endAt ?? 0) : 0;
      const place = Math.max(
        0,
        ticks.findIndex(({ at }) => at >= opensAt),
      );
      const known = gaps.get(place);
      if (known) known.push(key);
      else gaps.set(place, [key]);
      gapCount += 1;
    }
  }
  return {
    ticks: covered.map((tick, place) => ({ ...tick, gaps: gaps.get(place) ?? [] })),
    doubles: covered.reduce((sum, { doubles }) => sum + doubles.length, 0),
    gaps: gapCount,
  };
}
