import { checkSelfDependency } from '../../../src/partitions/mapping/check-mapping.ts';
import {
  contextOf,
  definitionOf,
  mappingOf,
  type WrittenDefinition,
  type WrittenMapping,
} from '../../partitions/vectors.ts';
import { graphAnswer } from '../asked-graph.ts';
import { answerOf, compared } from '../compare-answers.ts';
import type { VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface SelfDependencyCase extends VectorCase {
  readonly definition: WrittenDefinition | null;
  readonly mapping?: WrittenMapping | null;
  readonly now?: string;
  readonly expect: { readonly declare: unknown; readonly validate?: unknown };
}

/** An asset that depends on itself: whether it may be declared, and whether it validates. */
export const selfDependencyAdapter: VectorAdapter = (vectorCase) => {
  const one = vectorCase as SelfDependencyCase;
  const definition = one.definition === null ? null : definitionOf(one.definition);
  const mapping = one.mapping ? mappingOf(one.mapping) : null;
  const { declare, validate } = one.expect;
  const declared = answerOf(() => {
    checkSelfDependency('me', mapping, definition);
    return 'ok';
  });
  const answers = [compared('declare', declare, declared)];
  if (validate !== undefined) {
    const me = { assetKey: 'me', partitionsDef: definition, deps: [{ assetKey: 'me', mapping }] };
    answers.push(compared('validate', validate, graphAnswer([me], contextOf(one))));
  }
  return answers;
};
