import { partitionMappingConstructors } from '../../../src/sdk/partition-mappings.ts';
import { definitionOf, type WrittenDefinition } from '../../partitions/vectors.ts';
import { answerOf, compared } from '../compare-answers.ts';
import type { VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface DefinitionErrorsCase extends VectorCase {
  readonly definition?: WrittenDefinition;
  readonly mapping?: Argued;
  readonly expect: unknown;
}

/** A mapping with any arguments, also wrong ones. */
interface Argued {
  readonly kind: string;
  readonly [argument: string]: unknown;
}

/** Whether a definition or a mapping can be made of its arguments. */
export const definitionErrorsAdapter: VectorAdapter = (vectorCase) => {
  const { definition, mapping, expect } = vectorCase as DefinitionErrorsCase;
  const answer = answerOf(() => {
    if (definition !== undefined) definitionOf(definition);
    if (mapping !== undefined) construct(mapping);
    return 'ok';
  });
  return [compared('constructed', expect, answer)];
};

const dg = partitionMappingConstructors;

/** Calls the constructor that an author calls. */
function construct({ kind, ...given }: Argued): unknown {
  switch (kind) {
    case 'identity':
      return dg.IdentityPartitionMapping();
    case 'all':
      return dg.AllPartitionMapping();
    case 'last':
      return dg.LastPartitionMapping();
    case 'specific':
      return dg.SpecificPartitionsPartitionMapping(given.keys);
    case 'static':
      return dg.StaticPartitionMapping(given.downstreamByUpstream);
    case 'timeWindow':
      return dg.TimeWindowPartitionMapping(given);
    case 'multiToSingle':
      return dg.MultiToSingleDimensionPartitionMapping({
        partitionDimensionName: given.dimension,
      });
    case 'multi':
      return dg.MultiPartitionMapping(
        Object.fromEntries(
          Object.entries(given.dimensions as Record<string, Record<string, unknown>>).map(
            ([name, { dimension, mapping }]) => [
              name,
              dg.DimensionPartitionMapping({
                dimensionName: dimension,
                partitionMapping: mapping === null ? null : construct(mapping as Argued),
              }),
            ],
          ),
        ),
      );
    default:
      throw new Error(`There is no mapping "${kind}".`);
  }
}
