import { InvalidDefinitionError } from '../../errors.ts';
import type { DynamicPartitionsDefinition } from './partitions-definition.ts';

/**
 * Partitions that come and go while the notebook runs, kept under `name` (DYN-2).
 *
 * @throws {InvalidDefinitionError} if there is no name (DYN-1).
 */
export function makeDynamicPartitionsDefinition(name: string): DynamicPartitionsDefinition {
  if (typeof name !== 'string') {
    throw new InvalidDefinitionError(
      `The name of a DynamicPartitionsDefinition must be a text, not ${String(name)}.`,
      name === undefined || name === null ? 'DagsterInvalidDefinitionError' : 'ParameterCheckError',
    );
  }
  return { kind: 'dynamic', name };
}
