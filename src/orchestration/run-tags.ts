/** Tags that runs bear (RUN-2). What begins with a dot is not shown to people, as in Dagster. */
export const RunTag = {
  partition: 'dagster/partition',
  /** Followed by the name of a dimension. */
  partitionDimension: 'dagster/partition/',
  partitionSet: 'dagster/partition_set',
  /** A run over a range bears these two, both ends included, and no `partition`. */
  rangeStart: 'dagster/asset_partition_range_start',
  rangeEnd: 'dagster/asset_partition_range_end',
  backfill: 'dagster/backfill',
  /** The schedule or the sensor that asked for it, the key that it asked by, and its tick (RR-9). */
  scheduleName: 'dagster/schedule_name',
  sensorName: 'dagster/sensor_name',
  runKey: 'dagster/run_key',
  tick: 'dagster/tick',
  /** When the schedule's tick was due, as ISO 8601 in UTC (SCH-12). */
  scheduledExecutionTime: '.dagster/scheduled_execution_time',
  /** The run that this one executes again, and the first of the line. */
  parentRun: 'dagster/parent_run_id',
  rootRun: 'dagster/root_run_id',
  /** Set if only what did not succeed is executed again. */
  isResumeRetry: 'dagster/is_resume_retry',
  /** Why a run failed; set when it has. */
  failureReason: 'dagster/failure_reason',
  /** How often a failed run is tried again by itself, how often it was, and how. */
  maxRetries: 'dagster/max_retries',
  retryNumber: 'dagster/retry_number',
  retryStrategy: 'dagster/retry_strategy',
  /** `false` if a run is not tried again whose steps failed, but only one that was interrupted. */
  retryOnFailure: 'dagster/retry_on_asset_or_op_failure',
  /** Whether another run tries again what failed, and which; set when a run has failed. */
  willRetry: 'dagster/will_retry',
  autoRetryRun: 'dagster/auto_retry_run_id',
  /** The backfill that this one repeats, and the first of the line. */
  parentBackfill: 'dagster/parent_backfill_id',
  rootBackfill: 'dagster/root_backfill_id',
} as const;
