import type { Definitions, ScheduleSpec, SensorSpec } from '../../definitions/definitions.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { cronInWords, everyInWords } from '../notebook/cards/cron-words.ts';
import type { InstigatorName } from './recent-ticks.svelte.ts';

/** A schedule or a sensor of the notebook. */
export type Instigated = {
  readonly name: string;
  /** When it ticks, in words. */
  readonly when: string;
  /** Null for one that names none. */
  readonly jobName: string | null;
  /** The cell that declares it. */
  readonly cellId: string;
} & (
  | { readonly kind: 'schedule'; readonly spec: ScheduleSpec }
  | { readonly kind: 'sensor'; readonly spec: SensorSpec }
);

/** A tick that the reader looks at, by when it is: it may have been, or be to come. */
export interface ChosenTick extends InstigatorName {
  readonly at: EpochMs;
}

/** Everything that ticks, schedules first, each in notebook order. */
export function instigatedOf({ schedules, sensors }: Definitions): readonly Instigated[] {
  return [
    ...schedules.map((spec): Instigated => ({
      kind: 'schedule',
      spec,
      name: spec.scheduleName,
      when: spec.cronSchedule.map(cronInWords).join(', '),
      jobName: spec.jobName,
      cellId: spec.cellId,
    })),
    ...sensors.map((spec): Instigated => ({
      kind: 'sensor',
      spec,
      name: spec.sensorName,
      when: `looks ${everyInWords(spec.minimumIntervalMs)}`,
      jobName: spec.jobName,
      cellId: spec.cellId,
    })),
  ];
}

/** The definition whose keys it asks for: that of its job, or of what it targets; null if there is none. */
export function definitionOf(
  { spec }: Instigated,
  { jobs, assets }: Definitions,
): PartitionsDefinition | null {
  const job = jobs.find(({ jobName }) => jobName === spec.jobName);
  if (job) return job.partitionsDef;
  const targets = new Set(spec.target?.assetKeys ?? []);
  return (
    assets.find(({ assetKey, partitionsDef }) => targets.has(assetKey) && partitionsDef)
      ?.partitionsDef ?? null
  );
}
