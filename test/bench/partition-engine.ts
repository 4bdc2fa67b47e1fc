/*
 * Runs the partition engine's workloads in a process of their own, built as the page is: reads
 * what is asked from the standard input and prints what came of it as the last line, in JSON.
 */
import { text } from 'node:stream/consumers';
import type { PartitionLoadingContext } from '../../src/partitions/context.ts';
import { measureOperation } from './measure-operation.ts';
import { measureGrowth, type GrowthRow } from './partition-growth.ts';
import { measureMemory, type MemoryFigures } from './partition-memory.ts';
import { operationOf, type PartitionWorkload } from './partition-operations.ts';
import { checksum, type WrittenDefinition } from './workload.ts';
import written from './workloads.json';

/** What is asked of the process. */
export type EngineQuestion =
  | { readonly ask: 'growth' | 'memory' | 'cold' }
  | {
      readonly ask: 'workloads';
      /** The workloads by id, each with the number of units that the checksum covers; null for all. */
      readonly units: Readonly<Record<string, number | null>>;
    };

/** What the engine says of one workload; times in milliseconds. */
export interface EngineResult {
  readonly id: string;
  readonly ms: number;
  readonly cpuMs: number;
  readonly firstMs: number;
  readonly repetitions: number;
  /** How many units were done. */
  readonly work: number;
  readonly checksum: string;
}

/** What is answered, by what was asked. */
export interface EngineAnswers {
  readonly workloads: readonly EngineResult[];
  readonly growth: readonly GrowthRow[];
  readonly memory: MemoryFigures;
  /** Listing 100,000 hourly keys of New York, the first thing that the process does; milliseconds. */
  readonly cold: number;
}

const context: PartitionLoadingContext = {
  effectiveAt: Date.parse(written.now),
  dynamicPartitions: new Map(),
};
const defs = written.defs as Readonly<Record<string, WrittenDefinition>>;

function answer(question: EngineQuestion): EngineAnswers[EngineQuestion['ask']] {
  switch (question.ask) {
    case 'workloads':
      return (written.workloads as readonly { readonly id: string }[])
        .filter(({ id }) => id in question.units)
        .map((workload) =>
          // Only those of partitions are asked for.
          measureWorkload(workload as PartitionWorkload, question.units[workload.id] ?? null),
        );
    case 'growth':
      return measureGrowth(context);
    case 'memory':
      return measureMemory(context, defs['hourly1m'] as WrittenDefinition);
    case 'cold': {
      const workload: PartitionWorkload = { id: 'cold', op: 'keys', def: 'hourlyNY100k' };
      const { prepare, run } = operationOf(workload, { context, defs });
      const start = performance.now();
      run(prepare());
      return performance.now() - start;
    }
  }
}

function measureWorkload(workload: PartitionWorkload, units: number | null): EngineResult {
  process.stderr.write(`${workload.id}\n`);
  const operation = operationOf(workload, { context, defs });
  const { items, ...times } = measureOperation(operation);
  return {
    id: workload.id,
    work: operation.work,
    checksum: checksum(units === null ? items : items.slice(0, units)),
    ...times,
  };
}

const question = JSON.parse(await text(process.stdin)) as EngineQuestion;
process.stdout.write(`${JSON.stringify(answer(question))}\n`);
