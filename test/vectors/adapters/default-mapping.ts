import { equalPartitionsDefinitions } from '../../../src/partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import {
  checkMapping,
  mappedDimensions,
  requireDimension,
} from '../../../src/partitions/mapping/check-mapping.ts';
import { MAPPING_CLASSES } from '../../../src/partitions/mapping/mapping-classes.ts';
import { defaultMapping } from '../../../src/partitions/mapping/default-mapping.ts';
import type { PartitionMapping } from '../../../src/partitions/mapping/partition-mapping.ts';
import {
  contextOf,
  definitionOf,
  mappingOf,
  type WrittenDefinition,
  type WrittenMapping,
} from '../../partitions/vectors.ts';
import { graphAnswer } from '../asked-graph.ts';
import { answerOf, compared } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface DefaultMappingCase extends VectorCase {
  readonly upstream: WrittenDefinition | null;
  readonly downstream: WrittenDefinition | null;
  readonly mapping?: WrittenMapping;
  readonly now?: string;
  readonly expect: {
    readonly definitionsEqual?: boolean;
    readonly inferred?: WrittenMapping;
    readonly dimensionDependencies?: unknown;
    readonly mappingValidation?: unknown;
    readonly graphValidation?: unknown;
  };
}

/**
 * Mappings that were left out of the graphs that were validated when the answers were recorded:
 * these answers are those of a dependency that names none. Dagster itself heeds them.
 */
const NOT_NAMED: readonly PartitionMapping['kind'][] = ['identity', 'all', 'last'];

/** Two definitions: whether they are equal, what maps one to the other, and whether that is valid. */
export const defaultMappingAdapter: VectorAdapter = (vectorCase) => {
  const one = vectorCase as DefaultMappingCase;
  const upstream = one.upstream === null ? null : definitionOf(one.upstream);
  const downstream = one.downstream === null ? null : definitionOf(one.downstream);
  const written = one.mapping ? mappingOf(one.mapping) : null;
  const mapping = written ?? defaultMapping(upstream, downstream);
  const { definitionsEqual, inferred, ...expected } = one.expect;
  const answers: ComparedAnswer[] = [];
  if (definitionsEqual !== undefined) {
    const equal = equalPartitionsDefinitions(upstream, downstream);
    answers.push(compared('definitionsEqual', definitionsEqual, equal));
  }
  if (inferred !== undefined) {
    answers.push(compared('inferred', mappingOf(inferred), mapping));
  }
  if (expected.dimensionDependencies !== undefined && upstream !== null) {
    const pairs = answerOf(() => dimensionPairs(mapping, upstream, downstream));
    answers.push(compared('dimensionDependencies', expected.dimensionDependencies, pairs));
  }
  if (expected.mappingValidation !== undefined && upstream !== null) {
    const valid = answerOf(() => {
      checkMapping(mapping, upstream, downstream);
      return 'ok';
    });
    answers.push(compared('mappingValidation', expected.mappingValidation, valid));
  }
  if (expected.graphValidation !== undefined) {
    const named = written !== null && NOT_NAMED.includes(written.kind) ? null : written;
    const assets = [
      { assetKey: 'up', partitionsDef: upstream, deps: [] },
      { assetKey: 'down', partitionsDef: downstream, deps: [{ assetKey: 'up', mapping: named }] },
    ];
    answers.push(
      compared('graphValidation', expected.graphValidation, graphAnswer(assets, contextOf(one))),
    );
  }
  return answers;
};

/** The dimensions that a mapping of multi definitions pairs, by name (INF-4, MAP-MM-1). */
function dimensionPairs(
  mapping: PartitionMapping,
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition | null,
): unknown {
  if (mapping.kind === 'multi') {
    mappedDimensions(mapping, upstream, downstream);
    return mapping.dimensions.map((pair) => ({
      upstreamDimension: pair.upstream,
      downstreamDimension: pair.downstream,
      mapping: MAPPING_CLASSES[pair.mapping.kind],
    }));
  }
  const matched = requireDimension(upstream, downstream as PartitionsDefinition);
  const isUpstream = upstream.kind === 'multi';
  const multi = isUpstream ? upstream : downstream;
  const name = multi?.kind === 'multi' ? multi.dimensions[matched.position]?.name : undefined;
  return [
    {
      [isUpstream ? 'upstreamDimension' : 'downstreamDimension']: name,
      mapping: MAPPING_CLASSES[matched.mapping.kind],
    },
  ];
}
