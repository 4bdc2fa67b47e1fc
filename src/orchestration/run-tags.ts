/** Tags that runs bear (RUN-2). What begins with a dot is not shown to people, as in Dagster. */
export const RunTag = {
  partition: 'dagster/partition',
  /** Followed by the name of a dimension. */
  partitionDimension: 'dagster/partition/',
  partitionSet: 'dagster/partition_set',
  backfill: 'dagster/backfill',
  /** The wave of a launch that a run belongs to, counted from 1. */
  wave: '.partita/wave',
  /** Set if the runs of a wave go one after another, because an asset reads itself. */
  oneByOne: '.partita/one_by_one',
} as const;

/** The wave that the tags name; 1 if they name none. */
export function waveOf(tags: Readonly<Record<string, string>>): number {
  return Number(tags[RunTag.wave] ?? 1);
}
