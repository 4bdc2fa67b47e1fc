import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { runDagster, type DagsterResult } from './dagster-engine.ts';
import answers from './orchestration-answers.json';
import type { AskedWorkload, OrchestrationResult } from './orchestration-engine.ts';
import type { OrchestrationWorkload } from './orchestration-operations.ts';
import written from './workloads.json';

/** How many times faster than Dagster: at the least, and to aim at. */
const GOALS: Readonly<Record<string, readonly [floor: number, aim: number]>> = {
  materialize: [5, 10],
  mocked: [20, 100],
  recorded: [50, 100],
  execute: [5, 10],
  staleness: [50, 200],
  validateConfig: [10, 30],
  schedule: [10, 30],
};

/** All keys at once; milliseconds. */
const STALENESS_100K_MS = 100;

/** Beside those of workloads.json, what only we are asked. */
const OURS: readonly OrchestrationWorkload[] = [
  { id: 'f.backfill.1000x2.recorded', op: 'backfill', def: 'daily1000', mode: 'recorded' },
  { id: 'h.staleness.100000', op: 'staleness', def: 'hourly100k' },
];

/** With whose whole time ours of another id is compared: planning, and writing the runs that are asked for. */
const BESIDE: Readonly<Record<string, string>> = {
  'f.backfill.1000x2.recorded': 'f.backfill.1000x2.plan',
};

/**
 * Measures runs, backfills, staleness, config and schedules, functions in process and history in
 * memory; each workload with its checksum, beside Dagster where DAGSTER_PYTHON names a Python
 * that has it. `--only PREFIX,PREFIX` chooses workloads.
 */
export async function run(): Promise<void> {
  const only = process.argv[process.argv.indexOf('--only') + 1] ?? '';
  const prefixes = process.argv.includes('--only') ? only.split(',') : [''];
  const known = (written.workloads as readonly { readonly id: string; readonly op: string }[])
    .filter(({ op }) => op === 'backfill' || op in GOALS)
    // What is left are workloads of orchestration.
    .map((workload) => workload as OrchestrationWorkload);
  const chosen = [...known, ...OURS].filter(({ id }) =>
    prefixes.some((prefix) => id.startsWith(prefix)),
  );
  const dagster = await runDagster(
    known
      .map(({ id }) => id)
      .filter((id) => chosen.some((one) => (BESIDE[one.id] ?? one.id) === id)),
  );
  const results = await runEngine(
    chosen.map((workload) => ({
      workload,
      units: dagster?.get(workload.id)?.unitsDone ?? null,
    })),
  );
  const expected: Readonly<Record<string, string>> = answers;
  let wrong = 0;
  console.table(
    chosen.map((workload) => {
      const { id, ms, cpuMs, firstMs, checksum } = results.get(workload.id) as OrchestrationResult;
      const theirs = dagster?.get(BESIDE[id] ?? id);
      const right = theirs?.checksum ?? expected[BESIDE[id] ?? id];
      if (right !== undefined && right !== checksum) wrong += 1;
      const goal = 'mode' in workload ? workload.mode : workload.op;
      const [floor, aim] = GOALS[goal] ?? [NaN, NaN];
      const theirMs = theirs ? timeOf(theirs, workload) : NaN;
      // Deciding alone is known by the clock; everything else by the processor.
      const ratio = theirMs / (goal === 'mocked' ? ms : cpuMs);
      const within = id.endsWith('100000') ? ms <= STALENESS_100K_MS : null;
      return {
        workload: id,
        ms: rounded(ms),
        'cpu ms': rounded(cpuMs),
        'first ms': rounded(firstMs),
        ...(theirs && {
          'Dagster ms': rounded(theirMs),
          ratio: rounded(ratio),
          floor,
          aim,
          goal: ratio < floor ? 'BELOW FLOOR' : ratio < aim ? 'below aim' : 'aim',
        }),
        ...(within !== null && { goal: within ? 'aim' : 'BELOW FLOOR' }),
        checksum:
          right === undefined || right === checksum ? checksum : `${checksum}, not ${right}`,
      };
    }),
  );
  const load = loadavg().map(rounded).join(', ');
  console.log(`${chosen.length} workloads, ${wrong} of them with another answer than Dagster's.`);
  console.log(`${cpus().length} processors, load ${load}.`);
  if (wrong > 0) process.exitCode = 1;
}

async function runEngine(
  workloads: readonly AskedWorkload[],
): Promise<ReadonlyMap<string, OrchestrationResult>> {
  const directory = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  try {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        ssr: fileURLToPath(new URL('orchestration-engine.ts', import.meta.url)),
        outDir: directory,
        emptyOutDir: true,
        target: 'node20',
        rollupOptions: { output: { entryFileNames: 'engine.mjs' } },
      },
      // In a folder of its own it finds no packages.
      ssr: { noExternal: true },
    });
    const engine = join(directory, 'engine.mjs');
    const child = spawn(process.execPath, [engine], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(workloads));
    const closed = new Promise((resolve) => child.on('close', resolve));
    const output = await text(child.stdout);
    const code = await closed;
    if (code !== 0) throw new Error(`The engine ended with code ${String(code)}.`);
    const results = JSON.parse(output) as readonly OrchestrationResult[];
    return new Map(results.map((result) => [result.id, result]));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What Dagster needs for all units; of a backfill that is only planned, without writing its runs. */
function timeOf(result: DagsterResult, workload: OrchestrationWorkload): number {
  const { planning_ms, median_ms, cpu_median_ms = median_ms, work, unitsDone = work } = result;
  if ('mode' in workload && workload.mode === 'mocked') return planning_ms ?? median_ms;
  return (cpu_median_ms * work) / unitsDone;
}

/** To three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
