import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What dagster_engine.py says of one workload; times in milliseconds. */
export interface DagsterResult {
  readonly id: string;
  readonly median_ms: number;
  readonly cpu_median_ms?: number;
  /** Of a backfill: deciding alone, without writing the runs. */
  readonly planning_ms?: number;
  /** How many units were to be done. */
  readonly work: number;
  /** How many were done within the time allowed; absent if all were. */
  readonly unitsDone?: number;
  readonly count: number;
  /** Of the units done. */
  readonly checksum: string;
  readonly error?: string;
}

/**
 * Runs workloads in Dagster, where the environment variable DAGSTER_PYTHON names a Python that
 * has it; null otherwise.
 *
 * @param prefixes of the workloads' ids.
 */
export async function runDagster(
  prefixes: readonly string[],
): Promise<ReadonlyMap<string, DagsterResult> | null> {
  const python = process.env['DAGSTER_PYTHON'];
  if (!python) return null;
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(
    python,
    [path('dagster_engine.py'), path('workloads.json'), '--only', prefixes.join(',')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`${python} ended with code ${code}.`);
  const { results } = JSON.parse(output) as { results: readonly DagsterResult[] };
  return new Map(results.map((result) => [result.id, result]));
}
