/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** An interval of time: `startAt` included, `endAt` not; never empty. */
export interface TimeWindow {
  readonly startAt: EpochMs;
  readonly endAt: EpochMs;
}
