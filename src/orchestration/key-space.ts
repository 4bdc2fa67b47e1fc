import type { PartitionLoadingContext } from '../partitions/context.ts';
import { partitionsDefinitionIdentity } from '../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';

/**
 * The keys of all definitions as of one instant: equal definitions share one index,
 * which is made when it is first asked for.
 */
export class KeySpace {
  readonly context: PartitionLoadingContext;
  readonly #byDefinition = new WeakMap<PartitionsDefinition, PartitionIndex>();
  readonly #byIdentity = new Map<string, PartitionIndex>();

  constructor(context: PartitionLoadingContext) {
    this.context = context;
  }

  /** Null for an asset without partitions. */
  indexOf(definition: PartitionsDefinition | null): PartitionIndex | null {
    if (definition === null) return null;
    const known = this.#byDefinition.get(definition);
    if (known) return known;
    const identity = partitionsDefinitionIdentity(definition);
    let index = this.#byIdentity.get(identity);
    if (!index) {
      index = indexPartitions(definition, this.context);
      this.#byIdentity.set(identity, index);
    }
    this.#byDefinition.set(definition, index);
    return index;
  }
}
