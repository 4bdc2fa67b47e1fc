import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { build } from 'vite';
import { runDagster, type DagsterResult } from './dagster-engine.ts';
import answers from './partition-answers.json';
import type { EngineAnswers, EngineQuestion } from './partition-engine.ts';
import written from './workloads.json';

/** What is measured here, of all in workloads.json. */
const OPS = new Set(['keys', 'hasKey', 'window', 'mapUp', 'mapDown', 'subset', 'status']);

/** How many times faster than Dagster: at the least, and to aim at; the first pattern that fits an id counts. */
const GOALS: readonly (readonly [RegExp, floor: number, aim: number])[] = [
  [/^a\.keys\.multi/, 20, 50],
  [/^a\.keys/, 30, 60],
  [/static-100k(\.perKey)?$/, 500, 2000],
  [/^b\./, 20, 50],
  [/^c\..*\.fragmented$/, 50, 200],
  [/^c\..*(multi|single)/, 30, 100],
  [/^c\..*\.whole$|^g\.status\.contiguous/, 1, 5],
  [/^c\..*\.perKey$/, 30, 100],
  [/^d\.contains/, 5000, 20_000],
  [/^[dg]\./, 30, 100],
];

/** Contiguous work is arithmetic, and takes no longer; milliseconds. */
const CONTIGUOUS_MS = 1;

/**
 * Measures the partition engine: each workload with its checksum, beside Dagster where
 * DAGSTER_PYTHON names a Python that has it; then memory, frames of a bar and a cold start. `--only PREFIX,PREFIX`
 * chooses workloads; `--growth` measures sizes from 10 to 1,000,000 keys instead.
 */
export async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  try {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        ssr: fileURLToPath(new URL('partition-engine.ts', import.meta.url)),
        outDir: directory,
        emptyOutDir: true,
        target: 'node20',
        rollupOptions: { output: { entryFileNames: 'engine.mjs' } },
      },
    });
    const engine = join(directory, 'engine.mjs');
    if (process.argv.includes('--growth')) await printGrowth(engine);
    else await printRatios(engine);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function printRatios(engine: string): Promise<void> {
  const only = process.argv[process.argv.indexOf('--only') + 1] ?? '';
  const prefixes = process.argv.includes('--only') ? only.split(',') : [''];
  const ids = written.workloads
    .filter(({ op }) => OPS.has(op))
    .map(({ id }) => id)
    .filter((id) => prefixes.some((prefix) => id.startsWith(prefix)));
  const expected: Readonly<Record<string, { checksum: string; of: number | null }>> = answers;
  const dagster = await runDagster(ids);
  const units = Object.fromEntries(
    ids.map((id) => [id, dagster?.get(id)?.unitsDone ?? expected[id]?.of ?? null]),
  );
  const results = await ask(engine, { ask: 'workloads', units });
  let wrong = 0;
  console.table(
    results.map(({ id, ms, cpuMs, firstMs, work, checksum }) => {
      const theirs = dagster?.get(id);
      const known = theirs?.checksum ?? expected[id]?.checksum;
      if (known !== checksum) wrong += 1;
      const [, floor, aim] = GOALS.find(([pattern]) => pattern.test(id)) ?? [null, NaN, NaN];
      const ours = Math.min(ms, cpuMs);
      const ratio = theirs === undefined ? NaN : timeOf(theirs, work) / ours;
      const late = floor === 1 && ours > CONTIGUOUS_MS;
      return {
        workload: id,
        ms: rounded(ms),
        'cpu ms': rounded(cpuMs),
        'first ms': rounded(firstMs),
        ...(theirs === undefined
          ? {}
          : {
              'Dagster ms': rounded(timeOf(theirs, work)),
              ratio: rounded(ratio),
              floor,
              aim,
              goal: ratio < floor || late ? 'BELOW FLOOR' : ratio < aim ? 'below aim' : 'aim',
            }),
        checksum: known === checksum ? checksum : `${checksum}, not ${known}`,
      };
    }),
  );
  const load = loadavg().map(rounded).join(', ');
  console.log(`${results.length} workloads, ${wrong} of them with another answer than Dagster's.`);
  console.log(`${cpus().length} processors, load ${load}.`);
  if (wrong > 0) process.exitCode = 1;
  if (prefixes.join() !== '') return;

  const memory = await ask(engine, { ask: 'memory' });
  const perKey = (bytes: number) => rounded(bytes / memory.keys);
  console.table([
    { of: `definition of ${memory.keys} keys and its index`, bytes: memory.indexBytes },
    { of: 'its strings, once they are asked for', bytes: memory.stringBytes },
    {
      of: 'a key beside the strings (at most 16)',
      bytes: perKey(memory.listBytes - memory.stringBytes),
    },
  ]);
  const frames = await ask(engine, { ask: 'frames' });
  console.log('A bar of 1,000,000 keys, 1,400 px at 2 device px: script a frame (at most 3 ms).');
  console.table(
    frames.map(({ statuses, seen, ms, cpuMs }) => ({
      statuses,
      'keys seen': seen,
      ms: rounded(ms),
      'cpu ms': rounded(cpuMs),
    })),
  );
  console.log('100,000 hourly keys of New York, each time in a new process (at most 30 ms):');
  for (let round = 0; round < 5; round += 1) {
    const { ms, intlMs, cpuMs } = await ask(engine, { ask: 'cold' });
    console.log(
      `${rounded(ms)} ms, and ${rounded(intlMs)} before for Intl to begin; processor ${rounded(cpuMs)} ms`,
    );
  }
}

/** Room in which no operation of the growth fills the collector's nursery; MB. */
const ROOMY_MB = 512;

async function printGrowth(engine: string): Promise<void> {
  const asItComes = await ask(engine, { ask: 'growth' });
  console.log('As Node comes: what lives longer than the collector’s first rounds is moved twice.');
  printGrowthRows(asItComes);
  const roomy = await ask(engine, { ask: 'growth' }, [
    `--min-semi-space-size=${ROOMY_MB}`,
    `--max-semi-space-size=${ROOMY_MB}`,
  ]);
  console.log(
    'With so much room for new objects that the collector has nothing to move at any size:',
  );
  printGrowthRows(roomy);
}

/** Each row, with how many times longer the largest takes than one of a tenth of it. */
function printGrowthRows(rows: EngineAnswers['growth']): void {
  console.table(
    rows.map(({ operation, msByKeys }) => {
      const [beforeLast = NaN, last = NaN] = Object.values(msByKeys).slice(-2);
      return {
        operation,
        ...Object.fromEntries(
          Object.entries(msByKeys).map(([keys, ms]) => [
            `ms for ${Number(keys).toLocaleString('en')}`,
            rounded(ms),
          ]),
        ),
        'last to one before': rounded(last / beforeLast),
      };
    }),
  );
}

/** Asks a new process, of Node with `flags`. */
async function ask<Question extends EngineQuestion>(
  engine: string,
  question: Question,
  flags: readonly string[] = [],
): Promise<EngineAnswers[Question['ask']]> {
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, [...flags, engine], { stdio: [...stdio] });
  child.stdin.end(JSON.stringify(question));
  const closed = new Promise((resolve) => child.on('close', resolve));
  const output = await text(child.stdout);
  const code = await closed;
  if (code !== 0) throw new Error(`The engine ended with code ${String(code)}.`);
  return JSON.parse(output) as EngineAnswers[Question['ask']];
}

/**
 * What Dagster needs for all units; where it stopped early, as many times longer. Of both, it is
 * processor time that is compared, as others work on the machine too; wall time where that is
 * less, as very short work takes less than asking for processor time does.
 */
function timeOf(result: DagsterResult, work: number): number {
  const ms = Math.min(result.median_ms, result.cpu_median_ms ?? Infinity);
  return (ms * work) / (result.unitsDone ?? work);
}

/** To three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
