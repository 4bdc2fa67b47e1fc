import type { PartitionLoadingContext } from '../partitions/context.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
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
  /** One of each that are equal; a notebook has few. */
  readonly #indexes: PartitionIndex[] = [];

  constructor(context: PartitionLoadingContext) {
    this.context = context;
  }

  /** Null for an asset without partitions. */
  indexOf(definition: PartitionsDefinition | null): PartitionIndex | null {
    if (definition === null) return null;
    const known = this.#byDefinition.get(definition);
    if (known) return known;
    let index = this.#indexes.find((one) => equalPartitionsDefinitions(one.definition, definition));
    if (!index) {
      index = indexPartitions(definition, this.context);
      this.#indexes.push(index);
    }
    this.#byDefinition.set(definition, index);
    return index;
  }
}
