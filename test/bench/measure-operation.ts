import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Operation } from './partition-operations.ts';
import { median } from './workload.ts';

/** How long one operation took; milliseconds. */
export interface OperationTimes {
  /** Middle of all repetitions, wall time. */
  readonly ms: number;
  /** Middle of all repetitions, processor time of every thread of the process. */
  readonly cpuMs: number;
  /** The first repetition, in code that nothing has compiled yet; wall time. */
  readonly firstMs: number;
  readonly repetitions: number;
  /** Of the last repetition. */
  readonly items: readonly string[];
}

const LEAST_REPETITIONS = 5;
const MOST_REPETITIONS = 200;
/** Short operations are repeated for so long, that the code is compiled as Python's is from the start; milliseconds. */
const ENOUGH_MS = 1000;

/** No longer, preparations included; milliseconds. */
const MOST_MS = 10_000;

/** Lets the garbage of what was before be no cost of what follows. */
export const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

/** Repeats an operation with everything that it works on made anew, as dagster_engine.py does. */
export function measureOperation(operation: Operation): OperationTimes {
  const wall: number[] = [];
  const cpu: number[] = [];
  let items: readonly string[] = [];
  // Once only: where no object of a class is left, the engine forgets what it compiled for it.
  collectGarbage();
  const startedAt = performance.now();
  for (let spent = 0; ;) {
    const fresh = operation.prepare();
    const usage = process.cpuUsage();
    const start = performance.now();
    const answer = operation.run(fresh);
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(usage);
    wall.push(ms);
    cpu.push((user + system) / 1000);
    spent += Math.min(ms, cpu.at(-1) as number);
    const enough =
      spent > ENOUGH_MS ||
      wall.length >= MOST_REPETITIONS ||
      performance.now() - startedAt > MOST_MS;
    if (enough && wall.length >= LEAST_REPETITIONS) {
      items = operation.items(answer, fresh);
      break;
    }
  }
  return {
    ms: median(wall),
    cpuMs: median(cpu),
    firstMs: wall[0] as number,
    repetitions: wall.length,
    items,
  };
}
