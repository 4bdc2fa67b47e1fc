import type { PartitionKey } from '../../../src/partitions/context.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { defaultMapping } from '../../../src/partitions/mapping/default-mapping.ts';
import {
  mapToDownstream,
  mapToUpstream,
  type MappedAssets,
} from '../../../src/partitions/mapping/map-partitions.ts';
import {
  mapPortableToDownstream,
  mapPortableToUpstream,
} from '../../../src/partitions/mapping/map-portable.ts';
import type { PartitionIndex } from '../../../src/partitions/partition-index.ts';
import {
  keysOfPortable,
  portableSubset,
  type PortableSubset,
} from '../../../src/partitions/subset/portable-subset.ts';
import { fromKeys, keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import {
  contextOf,
  definitionOf,
  mappingOf,
  pack,
  type PackedKeys,
  type WrittenDefinition,
  type WrittenMapping,
} from '../../partitions/vectors.ts';
import { writtenWindow, type WrittenWindow } from '../asked-partitions.ts';
import { answerOf, compared, isErrorAnswer } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface MappingsCase extends VectorCase {
  readonly upstream: WrittenDefinition;
  readonly downstream: WrittenDefinition | null;
  readonly mapping?: WrittenMapping | null;
  readonly inferred?: WrittenMapping;
  readonly now?: string;
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
  readonly direction: 'up' | 'down';
  readonly input: readonly string[] | 'all' | null;
  readonly expect: PackedSubset & { readonly requiredButNonexistent?: PackedSubset };
}

interface PackedSubset extends PackedKeys {
  readonly windows?: readonly WrittenWindow[];
}

/** Some keys, mapped from one asset to the other. */
export const mappingsAdapter: VectorAdapter = (vectorCase) => {
  const one = vectorCase as MappingsCase;
  const context = contextOf(one);
  const upstream = indexPartitions(definitionOf(one.upstream), context);
  const downstream =
    one.downstream === null ? null : indexPartitions(definitionOf(one.downstream), context);
  const inferred = defaultMapping(upstream.definition, downstream?.definition ?? null);
  const mapping = one.mapping ? mappingOf(one.mapping) : inferred;
  const assets: MappedAssets = { mapping, upstream, downstream };
  const answers: ComparedAnswer[] = [];
  if (one.inferred !== undefined) {
    answers.push(compared('inferred', mappingOf(one.inferred), inferred));
  }
  const source = one.direction === 'up' ? downstream : upstream;
  const mapped = answerOf(() => map(one, assets, source));
  if (isErrorAnswer(one.expect) || isErrorAnswer(mapped)) {
    return [...answers, compared('mapped', one.expect, mapped)];
  }
  const { target, found, missing } = mapped as Mapped;
  const { requiredButNonexistent, ...expected } = one.expect;
  answers.push(compared('mapped', expected, packed(target, found, expected)));
  if (requiredButNonexistent !== undefined) {
    const actual = missing === null ? null : packed(upstream, missing, requiredButNonexistent);
    answers.push(compared('requiredButNonexistent', requiredButNonexistent, actual));
  }
  const byOrdinals = source === null ? null : mapByOrdinals(one, assets, source);
  if (byOrdinals !== null) {
    answers.push(compared('mapped by ordinals', keysOfPortable(target, found), byOrdinals));
  }
  return answers;
};

interface Mapped {
  readonly target: PartitionIndex;
  readonly found: PortableSubset;
  readonly missing: PortableSubset | null;
}

function map(
  { direction, input }: MappingsCase,
  { mapping, upstream, downstream }: MappedAssets,
  source: PartitionIndex | null,
): Mapped {
  const subset: PortableSubset =
    input === 'all' || source === null || input === null
      ? { kind: 'all' }
      : portableSubset(source, input);
  const up = upstream as PartitionIndex;
  if (direction === 'up') {
    const result = mapPortableToUpstream({ mapping, upstream: up, downstream, subset });
    return { target: up, found: result.subset, missing: result.requiredButNonexistent };
  }
  const down = downstream as PartitionIndex;
  return {
    target: down,
    found: mapPortableToDownstream({ mapping, upstream: up, downstream: down, subset }),
    missing: null,
  };
}

/**
 * The same by spans of ordinals, where these can hold the input and the answer: existing
 * partitions that need not be told from their neighbours over excluded windows (SUB-2).
 */
function mapByOrdinals(
  { direction, input }: MappingsCase,
  assets: MappedAssets,
  source: PartitionIndex,
): readonly PartitionKey[] | null {
  if (input === null || input === 'all' || JSON.stringify(assets).includes('exclusions":["')) {
    return null;
  }
  const { subset, unknownKeys } = fromKeys(source, input);
  if (unknownKeys.length > 0 || assets.mapping.kind === 'specific') return null;
  const target = (direction === 'up' ? assets.upstream : assets.downstream) as PartitionIndex;
  const found =
    direction === 'up'
      ? mapToUpstream({ ...assets, subset }).subset
      : mapToDownstream({ ...assets, subset });
  return keysOf(target, found);
}

function packed(index: PartitionIndex, subset: PortableSubset, like: PackedSubset): PackedSubset {
  return {
    ...pack(keysOfPortable(index, subset)),
    ...(like.windows !== undefined && {
      windows: subset.kind === 'windows' ? subset.windows.map(writtenWindow) : [],
    }),
  };
}
