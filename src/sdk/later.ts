import { PlaygroundError } from '../errors.ts';

/** Names of the language that a later release brings. Each throws as soon as it is used. */
export const LATER_NAMES = [
  'PartitionedConfig',
  'partitionedConfig',
  'hourlyPartitionedConfig',
  'dailyPartitionedConfig',
  'weeklyPartitionedConfig',
  'monthlyPartitionedConfig',
  'staticPartitionedConfig',
  'dynamicPartitionedConfig',
  'buildScheduleFromPartitionedJob',
  'buildScheduleContext',
  'buildSensorContext',
] as const;

class ComesLaterError extends PlaygroundError {
  readonly code = 'comes_later';
}

/** @param what begins a sentence. */
export function comesLater(what: string): ComesLaterError {
  return new ComesLaterError(`${what} comes with a later release of Partita.`);
}
