import type { PartitionKey } from '../context.ts';

/** How two assets' partitions correspond. Plain data: Dagster's eight kinds, and one of ours. */
export type PartitionMapping =
  | { readonly kind: 'identity' }
  | { readonly kind: 'all' }
  | { readonly kind: 'last' }
  | { readonly kind: 'specific'; readonly keys: readonly PartitionKey[] }
  | {
      readonly kind: 'static';
      /** Pairs of an upstream key and the downstream keys that read it. */
      readonly downstreamByUpstream: readonly (readonly [PartitionKey, readonly PartitionKey[]])[];
    }
  | {
      readonly kind: 'timeWindow';
      /** In downstream windows (MAP-TW-2). */
      readonly startOffset: number;
      readonly endOffset: number;
      readonly allowNonexistentUpstreamPartitions: boolean;
    }
  | { readonly kind: 'multiToSingle'; readonly partitionDimensionName: string | null }
  | {
      readonly kind: 'multi';
      /** One entry for each mapped upstream dimension (MAP-MM-1). */
      readonly dimensions: readonly {
        readonly upstream: string;
        readonly downstream: string;
        readonly mapping: PartitionMapping;
      }[];
    }
  | {
      /** _Extension_: what a function of the author's said of each downstream key (MAP-FN-1). */
      readonly kind: 'function';
      readonly upstreamByDownstream: readonly (readonly [PartitionKey, readonly PartitionKey[]])[];
    };
