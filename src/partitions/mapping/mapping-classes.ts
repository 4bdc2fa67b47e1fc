import type { PartitionMapping } from './partition-mapping.ts';

/** Dagster's class of each kind of mapping; ours of the one that Dagster has not. */
export const MAPPING_CLASSES: Readonly<Record<PartitionMapping['kind'], string>> = {
  identity: 'IdentityPartitionMapping',
  all: 'AllPartitionMapping',
  last: 'LastPartitionMapping',
  specific: 'SpecificPartitionsPartitionMapping',
  static: 'StaticPartitionMapping',
  timeWindow: 'TimeWindowPartitionMapping',
  multiToSingle: 'MultiToSingleDimensionPartitionMapping',
  multi: 'MultiPartitionMapping',
  function: 'FunctionPartitionMapping',
};
