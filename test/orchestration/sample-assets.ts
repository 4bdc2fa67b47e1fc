import type { AssetDependency, AssetSpec } from '../../src/definitions/definitions.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';

export const customers = makeStaticPartitionsDefinition(['customer_a', 'customer_b', 'customer_c']);

export const days = (start = '2024-01-01', end?: string): PartitionsDefinition =>
  makeTimeWindowPartitionsDefinition({ className: 'daily', start, ...(end && { end }) });

export const months = (start = '2024-01-01', end?: string): PartitionsDefinition =>
  makeTimeWindowPartitionsDefinition({ className: 'monthly', start, ...(end && { end }) });

/** An asset as a notebook declares it; what is not given is as plain as can be. */
export function asset(
  assetKey: string,
  partitionsDef: PartitionsDefinition | null = null,
  deps: readonly AssetDependency[] = [],
  more: Partial<AssetSpec> = {},
): AssetSpec {
  return {
    cellId: 'cell',
    name: assetKey,
    assetKey,
    group: 'default',
    description: null,
    partitionsDef,
    deps,
    config: null,
    configName: null,
    codeVersion: null,
    tags: {},
    owners: [],
    kinds: [],
    external: false,
    ...more,
  };
}

/** A dependency that loads nothing. */
export function dep(assetKey: string, more: Partial<AssetDependency> = {}): AssetDependency {
  return {
    assetKey,
    inputName: null,
    mapping: null,
    byKey: false,
    allowMissingPartitions: false,
    ...more,
  };
}

/** A dependency that loads the value under the upstream's name. */
export function load(assetKey: string, more: Partial<AssetDependency> = {}): AssetDependency {
  return dep(assetKey, { inputName: assetKey, ...more });
}
