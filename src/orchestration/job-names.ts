/** The job of runs whose assets were chosen without one. */
export const IMPLICIT_JOB = '__ASSET_JOB';

/** How the name of the job begins that Dagster makes for a schedule or a sensor over assets. */
export const ANONYMOUS_JOB = '__anonymous_asset_job_';

/** Whether the author declared the job of this name: no run is known by the name of another. */
export function isDeclaredJob(jobName: string): boolean {
  return jobName !== IMPLICIT_JOB && !jobName.startsWith(ANONYMOUS_JOB);
}
