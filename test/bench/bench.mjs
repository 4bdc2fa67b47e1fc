/*
 * `npm run bench -- start`: runs one benchmark and prints its table. Vite loads the
 * benchmarks, so that they are TypeScript and use the modules they measure.
 */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const BENCHMARKS = [
  'start',
  'workbench',
  'history',
  'weather',
  'backfill',
  'partitions',
  'orchestration',
  'kills',
];

const name = process.argv[2] ?? '';
if (!BENCHMARKS.includes(name)) {
  console.error(`Name a benchmark: ${BENCHMARKS.join(', ')}.`);
  process.exit(2);
}
const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
const { module } = await runnerImport(path);
await module.run();
