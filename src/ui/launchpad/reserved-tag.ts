import { InvalidDefinitionError } from '../../errors.ts';
import { withoutReservedTags } from '../../orchestration/partition-tags.ts';

/** Whether a tag of this name is Dagster's own, so that nobody sets it by hand (PC-4). */
export function isReservedTag(name: string): boolean {
  try {
    withoutReservedTags({ [name]: '' });
    return false;
  } catch (fault) {
    if (fault instanceof InvalidDefinitionError) return true;
    throw fault;
  }
}
