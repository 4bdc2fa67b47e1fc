/**
 * Some of the partitions of one definition as seen at one time: ascending,
 * disjoint, non-touching spans of ordinals, flattened as
 * `[start0, end0, start1, end1, …]`, each start included and each end not.
 * Immutable. It means nothing without the index that it was made from: never
 * store it without the identity of its definition.
 */
export type PartitionsSubset = readonly number[];

export const emptySubset: PartitionsSubset = [];
