/*
 * Runs the partition engine's workloads in a process of their own, built as the page is: reads
 * what is asked from the standard input and prints what came of it as the last line, in JSON.
 */
import { text } from 'node:stream/consumers';
import type { PartitionLoadingContext } from '../../src/partitions/context.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { measureOperation } from './measure-operation.ts';
import { measureGrowth, type GrowthRow } from './partition-growth.ts';
import { measureMemory, type MemoryFigures } from './partition-memory.ts';
import { operationOf, readEach, type PartitionWorkload } from './partition-operations.ts';
import { measureFrames, type FrameRow } from './status-bar-frames.ts';
import { checksum, definitionOf, type WrittenDefinition } from './workload.ts';
import written from './workloads.json';

/** What is asked of the process. */
export type EngineQuestion =
  | { readonly ask: 'growth' | 'memory' | 'cold' | 'frames' }
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
  readonly frames: readonly FrameRow[];
  /** Listing 100,000 hourly keys of New York, and reading each, the first thing that the process does; milliseconds. */
  readonly cold: {
    readonly ms: number;
    /** Before, until Intl could be used. */
    readonly intlMs: number;
    readonly cpuMs: number;
  };
}

const context: PartitionLoadingContext = {
  effectiveAt: Date.parse(written.now),
  dynamicPartitions: new Map(),
};
const defs = written.defs as Readonly<Record<string, WrittenDefinition>>;

async function answer(question: EngineQuestion): Promise<EngineAnswers[EngineQuestion['ask']]> {
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
      return await measureMemory(context, defs['hourly1m'] as WrittenDefinition);
    case 'frames':
      return measureFrames();
    case 'cold': {
      const hourly = defs['hourlyNY100k'] as WrittenDefinition;
      const usage = process.cpuUsage();
      const opened = performance.now();
      // Whoever uses Intl first in a process waits for its tables.
      new Intl.DateTimeFormat('en-US');
      const start = performance.now();
      readEach(indexPartitions(definitionOf(hourly), context).keys());
      const end = performance.now();
      const { user, system } = process.cpuUsage(usage);
      return { ms: end - start, intlMs: start - opened, cpuMs: (user + system) / 1000 };
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
process.stdout.write(`${JSON.stringify(await answer(question))}\n`);
