import { expect, it } from 'vitest';
import type { AssetSpec } from '../../../src/definitions/definitions.ts';
import type { PartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import { groupByDefinition } from '../../../src/ui/partitions/partition-groups.ts';

function asset(assetKey: string, partitionsDef: PartitionsDefinition | null): AssetSpec {
  return { assetKey, partitionsDef } as AssetSpec;
}

function list(...keys: readonly string[]): PartitionsDefinition {
  return { kind: 'static', keys };
}

it('[GEN-6] assets share a group if Dagster calls their definitions equal; those without come last', () => {
  const groups = groupByDefinition([
    asset('all', null),
    asset('a', list('x', 'y')),
    asset('b', list('y', 'x')),
    asset('c', list('x', 'y')),
    asset('d', { kind: 'dynamic', name: 'x' }),
    asset('none', null),
  ]);
  expect(groups.map(({ specs }) => specs.map(({ assetKey }) => assetKey))).toEqual([
    ['a', 'c'],
    ['b'],
    ['d'],
    ['all', 'none'],
  ]);
});
