/** As much of a run's id as tells it from others, for reading. */
export function shortRunId(runId: string): string {
  return runId.slice(0, 6);
}
