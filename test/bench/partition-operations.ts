import type { PartitionKey, PartitionLoadingContext } from '../../src/partitions/context.ts';
import type { TimeWindow } from '../../src/time/time-window.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { mapToDownstream, mapToUpstream } from '../../src/partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';
import type { PartitionIndex } from '../../src/partitions/partition-index.ts';
import { flattenSubsets } from '../../src/partitions/subset/flatten-subsets.ts';
import type { PartitionsSubset } from '../../src/partitions/subset/partitions-subset.ts';
import {
  contains,
  countOf,
  intersect,
  subsetOf,
  subtract,
  subsetOfSpan,
  union,
} from '../../src/partitions/subset/subset-algebra.ts';
import { fromKeys, keyRangesOf, keysOf } from '../../src/partitions/subset/subset-keys.ts';
import { windowOfKey } from '../../src/partitions/time-queries.ts';
import { definitionOf, fromOutside, SeededChance, type WrittenDefinition } from './workload.ts';

/** One kind of work, as workloads.json says what its fields mean. */
export type PartitionWorkload = { readonly id: string } & (
  | { readonly op: 'keys'; readonly def: string }
  | {
      readonly op: 'hasKey' | 'window';
      readonly def: string;
      readonly n: number;
      readonly seed: number;
    }
  | ({ readonly op: 'mapUp' | 'mapDown' } & MappingWorkload)
  | ({ readonly op: 'subset' } & (SubsetWorkload | ContainsWorkload))
  | {
      readonly op: 'status';
      readonly def: string;
      readonly shape: Readonly<Record<'materialized' | 'failed' | 'inProgress', StatusShape>>;
    }
);

interface SubsetWorkload {
  readonly which: 'build' | 'union' | 'intersect' | 'difference' | 'ranges' | 'keys';
  readonly a: Selection & { readonly def: string };
  readonly b?: Selection;
}

interface ContainsWorkload {
  readonly which: 'contains';
  readonly a: Selection & { readonly def: string };
  readonly n: number;
  readonly seed: number;
}

type MappingWorkload = {
  readonly up: string;
  readonly down: string;
  readonly mapping: WrittenMapping;
} & (
  | { readonly form: 'whole'; readonly select?: Selection['select'] }
  | { readonly form: 'perKey'; readonly n: number; readonly seed: number }
);

type Selection =
  { readonly select: 'everyOther' } | { readonly select: 'random50'; readonly seed: number };

type StatusShape =
  'all' | { readonly every: number } | { readonly from: number; readonly to: number };

type WrittenMapping =
  | { readonly kind: 'identity' | 'last' }
  | {
      readonly kind: 'timeWindow';
      readonly startOffset?: number;
      readonly endOffset?: number;
      readonly allowNonexistentUpstreamPartitions?: boolean;
    }
  | { readonly kind: 'multiToSingle'; readonly dimension: string };

/** What every workload refers to. */
export interface WorkloadWorld {
  readonly context: PartitionLoadingContext;
  readonly defs: Readonly<Record<string, WrittenDefinition>>;
}

/** A workload that is ready to be repeated; `Fresh` is made anew each time, and not timed. */
export interface Operation<Fresh = unknown, Answer = unknown> {
  /** How many units are done. */
  readonly work: number;
  readonly prepare: () => Fresh;
  readonly run: (fresh: Fresh) => Answer;
  /** What the checksum is made of. */
  readonly items: (answer: Answer, fresh: Fresh) => readonly string[];
}

/** Makes what an operation of the engine does; each repetition begins with new definitions. */
export function operationOf(workload: PartitionWorkload, world: WorkloadWorld): Operation {
  switch (workload.op) {
    case 'keys':
      return listingOperation(workload.def, world);
    case 'hasKey':
      return membershipOperation(workload, world);
    case 'window':
      return windowOperation(workload, world);
    case 'mapUp':
    case 'mapDown':
      return workload.form === 'whole'
        ? wholeMappingOperation(workload, world)
        : keyMappingOperation(workload, world);
    case 'subset':
      return workload.which === 'contains'
        ? containsOperation(workload, world)
        : subsetOperation(workload, world);
    case 'status':
      return statusOperation(workload, world);
  }
}

/** Keeps the types of one operation together, and lets go of them. */
function operation<Fresh, Answer>(made: Operation<Fresh, Answer>): Operation {
  return made as unknown as Operation;
}

function listingOperation(def: string, world: WorkloadWorld): Operation {
  const prepare = () => definitionOf(writtenOf(world, def));
  return operation({
    work: indexPartitions(prepare(), world.context).count,
    prepare,
    run: (definition) => readEach(indexPartitions(definition, world.context).keys()),
    items: (keys) => keys,
  });
}

/** The same keys, each read: of a text that is made of pieces, the platform puts off the joining until then. */
export function readEach(keys: readonly PartitionKey[]): readonly PartitionKey[] {
  let signs = 0;
  for (const key of keys) signs += key.charCodeAt(0);
  if (Number.isNaN(signs)) throw new Error('There is a key without a sign.');
  return keys;
}

function membershipOperation(
  { def, n, seed }: { readonly def: string; readonly n: number; readonly seed: number },
  world: WorkloadWorld,
): Operation {
  const lookups = drawnKeys(keysIn(world, def), n, seed).map((key, at) =>
    at % 4 === 1 ? `2999${key.slice(4)}` : at % 4 === 3 ? `${key}x` : key,
  );
  return operation({
    work: n,
    prepare: () => definitionOf(writtenOf(world, def)),
    run: (definition) => {
      const index = indexPartitions(definition, world.context);
      return lookups.map((key) => index.ordinalOf(key) >= 0);
    },
    items: claims,
  });
}

function windowOperation(
  { def, n, seed }: { readonly def: string; readonly n: number; readonly seed: number },
  world: WorkloadWorld,
): Operation {
  const keys = drawnKeys(keysIn(world, def), n, seed);
  return operation<ReturnType<typeof definitionOf>, readonly TimeWindow[]>({
    work: n,
    prepare: () => definitionOf(writtenOf(world, def)),
    run: (definition) => {
      if (definition.kind !== 'timeWindow') throw new TypeError(`${def} has no windows.`);
      return keys.map((key) => windowOfKey(definition, key));
    },
    items: (windows) =>
      windows.map(({ startAt, endAt }, at) => `${keys[at]} ${startAt / 1000} ${endAt / 1000}`),
  });
}

/** The two sides of a mapping; new definitions each time. */
function sidesOf({ up, down }: MappingWorkload, world: WorkloadWorld) {
  return {
    up: definitionOf(writtenOf(world, up)),
    down: definitionOf(writtenOf(world, down)),
  };
}

function mapped(
  op: 'mapUp' | 'mapDown',
  mapping: PartitionMapping,
  upstream: PartitionIndex,
  downstream: PartitionIndex,
  subset: PartitionsSubset,
): PartitionsSubset {
  const question = { mapping, upstream, downstream, subset };
  return op === 'mapUp' ? mapToUpstream(question).subset : mapToDownstream(question);
}

function wholeMappingOperation(
  workload: Extract<PartitionWorkload, { op: 'mapUp' | 'mapDown' }> & { readonly form: 'whole' },
  world: WorkloadWorld,
): Operation {
  const { op, select } = workload;
  const mapping = mappingOf(workload.mapping);
  const { count } = indexPartitions(
    definitionOf(writtenOf(world, op === 'mapUp' ? workload.down : workload.up)),
    world.context,
  );
  const subset =
    select === undefined
      ? subsetOfSpan(0, count)
      : subsetOf(selected({ select } as Selection, count));
  return operation({
    work: countOf(subset),
    prepare: () => sidesOf(workload, world),
    run: ({ up, down }) => {
      const upstream = indexPartitions(up, world.context);
      const downstream = indexPartitions(down, world.context);
      const answer = mapped(op, mapping, upstream, downstream, subset);
      return { answer, size: countOf(answer) };
    },
    items: ({ answer }, { up, down }) => {
      const target = indexPartitions(op === 'mapUp' ? up : down, world.context);
      return keysOf(target, answer).toSorted();
    },
  });
}

function keyMappingOperation(
  workload: Extract<PartitionWorkload, { op: 'mapUp' | 'mapDown' }> & { readonly form: 'perKey' },
  world: WorkloadWorld,
): Operation {
  const { op, n, seed } = workload;
  const mapping = mappingOf(workload.mapping);
  const keys = drawnKeys(keysIn(world, op === 'mapUp' ? workload.down : workload.up), n, seed);
  return operation({
    work: n,
    prepare: () => sidesOf(workload, world),
    run: ({ up, down }) => {
      const upstream = indexPartitions(up, world.context);
      const downstream = indexPartitions(down, world.context);
      const [source, target] = op === 'mapUp' ? [downstream, upstream] : [upstream, downstream];
      return keys.map((key) => {
        const { subset } = fromKeys(source, [key]);
        return keysOf(target, mapped(op, mapping, upstream, downstream, subset));
      });
    },
    items: (answers) => answers.map((found, at) => `${keys[at]}>${found.toSorted().join(',')}`),
  });
}

function containsOperation({ a, n, seed }: ContainsWorkload, world: WorkloadWorld): Operation {
  const all = keysIn(world, a.def);
  const subset = subsetOf(selected(a, all.length));
  const keys = drawnKeys(all, n, seed);
  return operation({
    work: n,
    prepare: () => definitionOf(writtenOf(world, a.def)),
    run: (definition) => {
      const index = indexPartitions(definition, world.context);
      return keys.map((key) => contains(subset, index.ordinalOf(key)));
    },
    items: claims,
  });
}

function subsetOperation({ which, a, b }: SubsetWorkload, world: WorkloadWorld): Operation {
  const all = keysIn(world, a.def);
  const ordinals = selected(a, all.length);
  const subset = subsetOf(ordinals);
  const other = b === undefined ? [] : subsetOf(selected(b, all.length));
  const prepare = () => definitionOf(writtenOf(world, a.def));
  const sorted = (index: PartitionIndex, of: PartitionsSubset) => keysOf(index, of).toSorted();
  switch (which) {
    case 'build': {
      const keys = fromOutside(ordinals.map((ordinal) => all[ordinal] as string));
      return operation({
        work: keys.length,
        prepare,
        run: (definition) => {
          const index = indexPartitions(definition, world.context);
          const built = fromKeys(index, keys).subset;
          return { index, built, size: countOf(built) };
        },
        items: ({ index, built }) => sorted(index, built),
      });
    }
    case 'union':
    case 'intersect':
    case 'difference': {
      const combine = { union, intersect, difference: subtract }[which];
      return operation({
        work: countOf(subset) + countOf(other),
        prepare,
        run: () => {
          const combined = combine(subset, other);
          return { combined, size: countOf(combined) };
        },
        items: ({ combined }, definition) =>
          sorted(indexPartitions(definition, world.context), combined),
      });
    }
    case 'ranges':
      return operation({
        work: subset.length / 2,
        prepare,
        run: (definition) => keyRangesOf(indexPartitions(definition, world.context), subset),
        items: (ranges) => ranges.map(({ start, end }) => `${start}..${end}`),
      });
    case 'keys':
      return operation({
        work: countOf(subset),
        prepare,
        run: (definition) => readEach(keysOf(indexPartitions(definition, world.context), subset)),
        items: (keys) => keys.toSorted(),
      });
  }
}

function statusOperation(
  { def, shape }: Extract<PartitionWorkload, { op: 'status' }>,
  world: WorkloadWorld,
): Operation {
  const prepare = () => definitionOf(writtenOf(world, def));
  const { count } = indexPartitions(prepare(), world.context);
  const layers = [shape.inProgress, shape.failed, shape.materialized].map((one) =>
    shaped(one, count),
  );
  const words = ['MATERIALIZING', 'FAILED', 'MATERIALIZED'];
  return operation({
    work: count,
    prepare,
    run: (definition) => {
      const index = indexPartitions(definition, world.context);
      return flattenSubsets(layers).map(({ start, end, layer }) => ({
        start: index.keyAt(start),
        end: index.keyAt(end - 1),
        layer,
      }));
    },
    items: (ranges) => ranges.map(({ start, end, layer }) => `${start}..${end} ${words[layer]}`),
  });
}

function writtenOf({ defs }: WorkloadWorld, name: string): WrittenDefinition {
  const written = defs[name];
  if (written === undefined) throw new TypeError(`There is no definition ${name}.`);
  return written;
}

function keysIn(world: WorkloadWorld, name: string): readonly string[] {
  return indexPartitions(definitionOf(writtenOf(world, name)), world.context).keys();
}

/** Some of `keys`, in the order of chance. */
function drawnKeys(keys: readonly string[], n: number, seed: number): readonly string[] {
  const chance = new SeededChance(seed);
  return fromOutside(Array.from({ length: n }, () => keys[chance.index(keys.length)] as string));
}

function selected(selection: Selection, count: number): readonly number[] {
  const ordinals = Array.from({ length: count }, (_, ordinal) => ordinal);
  if (selection.select === 'everyOther') return ordinals.filter((ordinal) => ordinal % 2 === 0);
  const chance = new SeededChance(selection.seed);
  return ordinals.filter(() => chance.coin());
}

function shaped(shape: StatusShape, count: number): PartitionsSubset {
  if (shape === 'all') return subsetOfSpan(0, count);
  if ('from' in shape) return subsetOfSpan(shape.from, shape.to);
  return subsetOf(
    Array.from({ length: Math.ceil(count / shape.every) }, (_, at) => at * shape.every),
  );
}

function mappingOf(written: WrittenMapping): PartitionMapping {
  switch (written.kind) {
    case 'timeWindow':
      return {
        startOffset: 0,
        endOffset: 0,
        allowNonexistentUpstreamPartitions: false,
        ...written,
      };
    case 'multiToSingle':
      return { kind: 'multiToSingle', partitionDimensionName: written.dimension };
    default:
      return { kind: written.kind };
  }
}

function claims(answers: readonly boolean[]): readonly string[] {
  return answers.map((holds) => (holds ? '1' : '0'));
}
