import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import {
  listArgument,
  optionalBoolean,
  optionalInteger,
  optionalText,
  optionsOf,
  show,
  textArgument,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import { keyArgument, type PartitionsDefinitionObject } from './partitions-definitions.ts';

/** A mapping as cells hold it: data with a class, so that a wrong argument is known for what it is. */
class PartitionMappingObject {
  readonly mapping: PartitionMapping;

  constructor(mapping: PartitionMapping) {
    this.mapping = mapping;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a partition mapping';
  }
}

/** A mapping that is a function, until it is known whose keys it maps. */
export class FunctionPartitionMappingObject {
  readonly #upstreamKeys: (key: unknown) => unknown;

  constructor(upstreamKeys: unknown) {
    if (typeof upstreamKeys !== 'function') {
      throw wrongArgument(
        `dg.FunctionPartitionMapping takes a function from a key to keys upstream, not ${show(upstreamKeys)}.`,
      );
    }
    this.#upstreamKeys = upstreamKeys as (key: unknown) => unknown;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.FunctionPartitionMapping';
  }

  /**
   * What the function says of each key that exists or soon will (MAP-FN-1).
   *
   * @throws {InvalidDefinitionError} if there are too many, or what it gives is no key.
   */
  tableFor(partitionsDef: PartitionsDefinitionObject | null): PartitionMapping {
    const keys = partitionsDef?.foreseeableKeys(MOST_KEYS);
    if (!partitionsDef || !keys) {
      throw wrongArgument(
        `A dg.FunctionPartitionMapping is for at most ${MOST_KEYS} downstream keys that are known beforehand.`,
      );
    }
    return {
      kind: 'function',
      upstreamByDownstream: keys.map((key) => {
        const given = this.#upstreamKeys(partitionsDef.keyForCell(key));
        const what = `What the function of a dg.FunctionPartitionMapping gives for ${key}`;
        return [key, (Array.isArray(given) ? given : [given]).map((one) => keyArgument(one, what))];
      }),
    };
  }
}

/** Downstream keys that a function is asked for, at most. */
const MOST_KEYS = 10_000;

/** Which downstream dimension reads an upstream one, and how. */
class DimensionPartitionMappingObject {
  readonly dimensionName: string;
  readonly mapping: PartitionMapping;

  constructor(dimensionName: string, mapping: PartitionMapping) {
    this.dimensionName = dimensionName;
    this.mapping = mapping;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.DimensionPartitionMapping';
  }
}

/** The constructors of mappings, as they stand on `dg`. */
export const partitionMappingConstructors = {
  IdentityPartitionMapping: () => new PartitionMappingObject({ kind: 'identity' }),
  AllPartitionMapping: () => new PartitionMappingObject({ kind: 'all' }),
  LastPartitionMapping: () => new PartitionMappingObject({ kind: 'last' }),
  SpecificPartitionsPartitionMapping: (keys: unknown) =>
    new PartitionMappingObject({
      kind: 'specific',
      keys: listArgument(keys, 'The keys of a SpecificPartitionsPartitionMapping').map((key) =>
        keyArgument(key, 'Each key'),
      ),
    }),
  StaticPartitionMapping: (downstreamByUpstream: unknown) => {
    const entries = objectEntries(downstreamByUpstream, 'dg.StaticPartitionMapping');
    return new PartitionMappingObject({
      kind: 'static',
      downstreamByUpstream: entries.map(([upstream, downstream]) => {
        if (typeof downstream === 'string') return [upstream, [downstream]];
        if (!Array.isArray(downstream)) {
          const message = `What ${upstream} maps to must be a key or a list of keys, not ${show(downstream)}.`;
          throw wrongArgument(message, 'CheckError');
        }
        const what = `Each key that ${upstream} maps to`;
        return [upstream, downstream.map((key) => textArgument(key, what))];
      }),
    });
  },
  TimeWindowPartitionMapping: (options?: unknown) => {
    const given = optionsOf(options, 'dg.TimeWindowPartitionMapping', [
      'startOffset',
      'endOffset',
      'allowNonexistentUpstreamPartitions',
    ]);
    return new PartitionMappingObject({
      kind: 'timeWindow',
      startOffset: optionalInteger(given.startOffset, 'startOffset') ?? 0,
      endOffset: optionalInteger(given.endOffset, 'endOffset') ?? 0,
      allowNonexistentUpstreamPartitions: optionalBoolean(
        given.allowNonexistentUpstreamPartitions,
        'allowNonexistentUpstreamPartitions',
      ),
    });
  },
  MultiToSingleDimensionPartitionMapping: (options?: unknown) => {
    const given = optionsOf(options, 'dg.MultiToSingleDimensionPartitionMapping', [
      'partitionDimensionName',
    ]);
    return new PartitionMappingObject({
      kind: 'multiToSingle',
      partitionDimensionName: optionalText(given.partitionDimensionName, 'partitionDimensionName'),
    });
  },
  DimensionPartitionMapping: (options: unknown) => {
    const given = optionsOf(options, 'dg.DimensionPartitionMapping', [
      'dimensionName',
      'partitionMapping',
    ]);
    return new DimensionPartitionMappingObject(
      textArgument(given.dimensionName, 'dimensionName'),
      mappingArgument(given.partitionMapping, 'partitionMapping'),
    );
  },
  FunctionPartitionMapping: (upstreamKeys: unknown) =>
    new FunctionPartitionMappingObject(upstreamKeys),
  MultiPartitionMapping: (dimensions: unknown) => {
    const entries = objectEntries(dimensions, 'dg.MultiPartitionMapping');
    return new PartitionMappingObject({
      kind: 'multi',
      dimensions: entries.map(([upstream, target]) => {
        if (!(target instanceof DimensionPartitionMappingObject)) {
          throw wrongArgument(
            `The dimension ${upstream} maps by dg.DimensionPartitionMapping({ dimensionName, partitionMapping }), not ${show(target)}.`,
          );
        }
        return { upstream, downstream: target.dimensionName, mapping: target.mapping };
      }),
    });
  },
};

function objectEntries(value: unknown, call: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongArgument(`${call} takes an object, not ${show(value)}.`);
  }
  return Object.entries(value);
}

/** @throws {InvalidDefinitionError} if it is not a mapping. */
export function mappingArgument(value: unknown, what: string): PartitionMapping {
  if (value instanceof PartitionMappingObject) return value.mapping;
  throw wrongArgument(
    `${what} must be a partition mapping, such as dg.AllPartitionMapping(), not ${show(value)}.`,
  );
}
