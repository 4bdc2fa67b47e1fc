import type { AssetSpec } from '../definitions/definitions.ts';
import { isFunction, nodesIn, type SyntaxNode } from '../notebook/syntax-tree.ts';
import { calledOfDg, constantOf, type SourceCell } from './source-cells.ts';

/** Where an asset is declared: `const name = dg.asset({ … }, function)`. */
export interface AssetCode {
  readonly spec: AssetSpec;
  readonly cell: SourceCell;
  /** The object literal of its options. */
  readonly options: SyntaxNode;
  readonly fn: SyntaxNode;
}

/** The code of an asset; a sentence if it is not declared in a way that can be turned. */
export function assetCode(cells: readonly SourceCell[], spec: AssetSpec): AssetCode | string {
  if (spec.external) return 'Something else materializes it: there is no function to turn.';
  if (spec.sharedStep) {
    return `It is computed with others in one step, ${spec.sharedStep.stepName}: turn that by hand.`;
  }
  const constant = constantOf(cells, spec.name);
  if (!constant) return 'It is not a constant of its own at the top of a cell.';
  const { cell, value } = constant;
  if (calledOfDg(value) !== 'asset') return 'It is not declared by dg.asset itself.';
  const [options, fn] = nodesIn(value, 'arguments');
  if (options?.type !== 'ObjectExpression' || !fn) {
    return 'Its options are not written out where it is declared.';
  }
  if (!isFunction(fn))
    return 'Its function stands elsewhere: write it where the asset is declared.';
  return { spec, cell, options, fn };
}
