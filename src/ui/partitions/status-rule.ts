import type { ShownStatus } from './shown-status.ts';

/** The rule by which a key has its status, with its id in the list of rules. */
export interface StatusRule {
  readonly id: string;
  /** One sentence. */
  readonly sentence: string;
  /** Whether Dagster knows no such status. */
  readonly isExtension: boolean;
}

/**
 * Why a key with this status has it and no other.
 *
 * @param before whether it was materialized before what gave it its status.
 */
export function statusRule(status: ShownStatus, before: boolean): StatusRule {
  const rule = (id: string, sentence: string, isExtension = false): StatusRule => ({
    id,
    sentence,
    isExtension,
  });
  switch (status) {
    case 'materializing':
      return rule('PS-1', 'A key is materializing while the run that newly planned it goes on.');
    case 'queued':
      return rule('PS-6', 'A key is queued until the run that planned it starts.', true);
    case 'failed':
      return before
        ? rule('PS-3', 'A failure counts before an earlier materialization, until a newer one.')
        : rule('PS-1', 'A key failed if the run that newly planned it failed before it was there.');
    case 'not tried':
      return rule(
        'PS-6',
        'A key was not tried if its step never started in the run that failed.',
        true,
      );
    case 'materialized':
      return rule('PS-1', 'A key is materialized if it ever was, and no newer run of it failed.');
    case 'stale':
      return rule('STALE-2', 'A key is stale if its code, or what it read, is another now.');
    case 'missing':
      return rule('PS-1', 'A key is missing if nothing materialized it, and no run of it failed.');
    case 'not yet existing':
      return rule('PS-4', 'Only keys that exist now have a status.');
  }
}
