import type { PartitionKey } from '../partitions/context.ts';
import type { MultiPartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { primaryPosition } from '../partitions/multi-keys.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { flattenSubsets } from '../partitions/subset/flatten-subsets.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { complement, ordinalsOf, subsetOf, subtract } from '../partitions/subset/subset-algebra.ts';
import { keysOf, rowsOf } from '../partitions/subset/subset-keys.ts';
import type { OverlappingStatuses } from './partition-status.ts';

/** What an interface is given of the statuses of an asset, in Dagster's three shapes (PS-7). */
export type StatusShape = TimeStatuses | MultiStatuses | KeyStatuses;

/** Windows of time: ranges in order, without the missing keys; both ends included. */
export interface TimeStatuses {
  readonly shape: 'time';
  readonly ranges: readonly {
    readonly start: PartitionKey;
    readonly end: PartitionKey;
    readonly status: 'MATERIALIZING' | 'FAILED' | 'MATERIALIZED';
  }[];
}

/** Two dimensions: runs of the primary one whose keys all stand alike, without those where nothing happened. */
export interface MultiStatuses {
  readonly shape: 'multi';
  readonly primaryDimension: string;
  readonly ranges: readonly {
    readonly primaryStart: PartitionKey;
    readonly primaryEnd: PartitionKey;
    readonly secondary: TimeStatuses | KeyStatuses;
  }[];
}

/** Other keys, by name. */
export interface KeyStatuses {
  readonly shape: 'keys';
  /** Neither failed nor in progress since. These three are sorted by text. */
  readonly materialized: readonly PartitionKey[];
  readonly failed: readonly PartitionKey[];
  readonly materializing: readonly PartitionKey[];
  /** Never materialized, whatever else, in definition order. */
  readonly unmaterialized: readonly PartitionKey[];
}

/** The statuses of the keys of `index` as an interface is given them. */
export function statusShapeOf(index: PartitionIndex, statuses: OverlappingStatuses): StatusShape {
  const { definition } = index;
  return definition.kind === 'multi'
    ? multiStatuses(definition, index, statuses)
    : plainStatuses(index, statuses);
}

function plainStatuses(
  index: PartitionIndex,
  { materialized, failed, inProgress }: OverlappingStatuses,
): TimeStatuses | KeyStatuses {
  if (index.definition.kind === 'timeWindow') {
    const layers = ['MATERIALIZING', 'FAILED', 'MATERIALIZED'] as const;
    const ranges = flattenSubsets([inProgress, failed, materialized]).map((span) => ({
      start: index.keyAt(span.start),
      end: index.keyAt(span.end - 1),
      status: layers[span.layer] ?? 'MATERIALIZED',
    }));
    return { shape: 'time', ranges };
  }
  const sorted = (subset: PartitionsSubset) => [...keysOf(index, subset)].sort();
  return {
    shape: 'keys',
    materialized: sorted(subtract(subtract(materialized, failed), inProgress)),
    failed: sorted(failed),
    materializing: sorted(inProgress),
    unmaterialized: keysOf(index, complement(materialized, index.count)),
  };
}

function multiStatuses(
  definition: MultiPartitionsDefinition,
  index: PartitionIndex,
  statuses: OverlappingStatuses,
): MultiStatuses {
  const { dimensions = [] } = index;
  const primary = primaryPosition(definition);
  const [rows, columns] = [dimensions[primary], dimensions[1 - primary]];
  const primaryDimension = definition.dimensions[primary]?.name ?? '';
  const shape = { shape: 'multi', primaryDimension } as const;
  if (!rows || !columns) return { ...shape, ranges: [] };
  const along = (subset: PartitionsSubset) =>
    rowsOf(primary === 0 ? subset : transposed(subset, columns.count, rows.count), columns.count);
  const materialized = along(statuses.materialized);
  const failed = along(statuses.failed);
  const inProgress = along(statuses.inProgress);
  const used = [...new Set([materialized, failed, inProgress].flatMap((one) => [...one.keys()]))];
  const ranges: { first: number; last: number; text: string; at: OverlappingStatuses }[] = [];
  for (const row of used.sort((a, b) => a - b)) {
    const at = {
      materialized: materialized.get(row) ?? [],
      failed: failed.get(row) ?? [],
      inProgress: inProgress.get(row) ?? [],
    };
    const text = JSON.stringify(at);
    const before = ranges.at(-1);
    if (before && before.last === row - 1 && before.text === text) before.last = row;
    else ranges.push({ first: row, last: row, text, at });
  }
  return {
    ...shape,
    ranges: ranges.map(({ first, last, at }) => ({
      primaryStart: rows.keyAt(first),
      primaryEnd: rows.keyAt(last),
      secondary: plainStatuses(columns, at),
    })),
  };
}

/** A subset of a product with the two dimensions exchanged; `rows` and `columns` count those of the given one. */
function transposed(subset: PartitionsSubset, rows: number, columns: number): PartitionsSubset {
  const ordinals = Array.from(
    ordinalsOf(subset),
    (ordinal) => (ordinal % columns) * rows + Math.floor(ordinal / columns),
  );
  return subsetOf(ordinals);
}
