import type { PartitionIndex } from '../partitions/partition-index.ts';
import { clockChangesBetween } from '../partitions/reasons/clock-change.ts';

/** Of a definition's clock changes, the last so many are looked at. */
const CHANGES = 3;

/**
 * Ordinals of keys at which engines may differ: the ends, the windows around clock changes, and some spread
 * evenly. Ascending, each once; all of them if there are no more than `most`.
 */
export function sampleOrdinals(index: PartitionIndex, most: number): readonly number[] {
  const { count } = index;
  if (count <= most) return Array.from({ length: count }, (_, ordinal) => ordinal);
  const ordinals = new Set([0, 1, count - 2, count - 1]);
  for (const ordinal of besideClockChanges(index)) ordinals.add(ordinal);
  const spread = Math.max(2, most - ordinals.size);
  for (let step = 1; step <= spread; step += 1) {
    ordinals.add(Math.floor((count * step) / (spread + 1)));
  }
  return [...ordinals].filter((ordinal) => ordinal >= 0 && ordinal < count).sort((a, b) => a - b);
}

/** The windows before, at and after the last changes of the clocks; of two dimensions those of the first one with time. */
function besideClockChanges(index: PartitionIndex): readonly number[] {
  const { definition, dimensions } = index;
  if (dimensions) {
    const [rows, columns] = dimensions;
    if (!rows || !columns) return [];
    return rows.definition.kind === 'timeWindow'
      ? besideClockChanges(rows).map((row) => row * columns.count)
      : besideClockChanges(columns);
  }
  if (definition.kind !== 'timeWindow') return [];
  const first = index.windowAt(0);
  const last = index.windowAt(index.count - 1);
  if (!first || !last) return [];
  return clockChangesBetween(definition.timezone, first.startAt, last.endAt)
    .slice(-CHANGES)
    .flatMap(({ at }) => {
      const after = index.countStartingBefore(at) ?? 0;
      return [after - 2, after - 1, after, after + 1];
    });
}
