/*
 * Runs the orchestration workloads in a process of their own, built as the page is: reads from
 * the standard input which, and prints what came of it as the last line, in JSON.
 */
import { text } from 'node:stream/consumers';
import type { PartitionLoadingContext } from '../../src/partitions/context.ts';
import { collectGarbage } from './measure-operation.ts';
import { prepare, type OrchestrationWorkload } from './orchestration-operations.ts';
import { checksum, median, type WrittenDefinition } from './workload.ts';
import written from './workloads.json';

/** What is asked of the process. */
export interface AskedWorkload {
  readonly workload: OrchestrationWorkload;
  /** How many units the checksum covers; null for all. */
  readonly units: number | null;
}

/** What the engine says of one workload; times in milliseconds. */
export interface OrchestrationResult {
  readonly id: string;
  readonly ms: number;
  readonly cpuMs: number;
  /** The first repetition, in code that nothing has compiled yet. */
  readonly firstMs: number;
  readonly checksum: string;
}

const LEAST_REPETITIONS = 5;
const MOST_REPETITIONS = 200;
/** Short operations are repeated for so long, that the code is compiled as Python's is from the start. */
const ENOUGH_MS = 1000;

const context: PartitionLoadingContext = {
  effectiveAt: Date.parse(written.now),
  dynamicPartitions: new Map(),
};
const defs = written.defs as Readonly<Record<string, WrittenDefinition>>;

async function measure({ workload, units }: AskedWorkload): Promise<OrchestrationResult> {
  process.stderr.write(`${workload.id}\n`);
  const wall: number[] = [];
  const cpu: number[] = [];
  // Once only: where no object of a class is left, the engine forgets what it compiled for it.
  collectGarbage();
  for (let spent = 0; ;) {
    const operation = prepare(workload, { context, defs });
    const usage = process.cpuUsage();
    const start = performance.now();
    const { items, untimedMs } = await operation.run();
    const ms = performance.now() - start - untimedMs;
    const { user, system } = process.cpuUsage(usage);
    wall.push(ms);
    cpu.push((user + system) / 1000 - untimedMs);
    spent += ms;
    const enough = spent > ENOUGH_MS || wall.length >= MOST_REPETITIONS;
    if (!enough || wall.length < LEAST_REPETITIONS) continue;
    const done = await items();
    return {
      id: workload.id,
      ms: median(wall),
      cpuMs: median(cpu),
      firstMs: wall[0] as number,
      checksum: checksum(units === null ? done : done.slice(0, units)),
    };
  }
}

const asked = JSON.parse(await text(process.stdin)) as readonly AskedWorkload[];
const results: OrchestrationResult[] = [];
for (const one of asked) results.push(await measure(one));
process.stdout.write(`${JSON.stringify(results)}\n`);
