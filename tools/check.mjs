// Runs all checks that need no test, as many at once as there are cores, the longest first. What each writes is
// shown whole once it has ended. Exits with 0 only if none found anything.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CHECKS = [
  'npm run --silent check:types',
  'tsc -p test/architecture/tsconfig.core.json',
  'prettier --check .',
  'tsc -p test/architecture/tsconfig.workers.json',
  'knip',
];

/** Resolves to whether the command ended with 0, once what it wrote is shown. */
function passes(command) {
  return new Promise((resolve) => {
    const began = performance.now();
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const written = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => written.push(bytes));
    }
    child.once('error', (problem) => written.push(Buffer.from(`${problem}\n`)));
    child.once('close', (code) => {
      const seconds = Math.round((performance.now() - began) / 1000);
      const end = code === 0 ? 'passed' : `FAILED with ${code}`;
      process.stdout.write(`> ${command}\n${Buffer.concat(written)}> ${end} in ${seconds} s\n\n`);
      resolve(code === 0);
    });
  });
}

const waiting = [...CHECKS];
let failures = 0;
async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (!(await passes(next))) failures += 1;
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
process.exitCode = failures === 0 ? 0 : 1;
