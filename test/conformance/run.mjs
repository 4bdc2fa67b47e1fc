/*
 * `npm run conformance -- [NAME …]`: makes a Dagster project of every shipped notebook (or of those
 * named), and has real Dagster load it, answer its tests, and run some of its assets. The Python
 * with Dagster is the one that DAGSTER_PYTHON names; without it a virtual environment is made below
 * node_modules. Exits with 1 if anything differs.
 *
 * `npm run conformance -- backfill NAME [COUNT]`: backfills every key of a notebook, or the first COUNT of them,
 * with Dagster's daemon, each run on the multiprocess executor, and compares statuses and values. A run takes
 * a second or more.
 *
 * `npm run conformance -- fuzz COUNT [SEED]`: asks it that many random questions about definitions,
 * subsets and mappings, and prints each that is answered differently here as a vector.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, loadConfigFromFile } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const python = process.env.DAGSTER_PYTHON ?? madeEnvironment();
const environment = { command: 'build', mode: 'production' };
const { config } = await loadConfigFromFile(environment, join(root, 'vite.config.ts'));
// Its engine loads parts of itself as it needs them: the server lives until all is asked.
const server = await createServer({
  root,
  configFile: false,
  plugins: config.plugins,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
});
const { runner } = server.environments.ssr;
const given = process.argv.slice(2);
if (given[0] === 'fuzz') {
  const { fuzz } = await runner.import(join(here, 'fuzz.ts'));
  const [, count = 200, seed = 1] = given.map(Number);
  const found = await fuzz(python, count, seed, (line) => console.log(line));
  await server.close();
  process.exit(found === 0 ? 0 : 1);
}
const isBackfill = given[0] === 'backfill';
const names = isBackfill ? given.slice(1, 2) : given;
const { compareRuns } = await runner.import(join(here, 'compare-runs.ts'));
const { compareBackfill } = await runner.import(join(here, 'compare-backfill.ts'));
const module = await runner.import(join(here, 'example-projects.ts'));
const keep = process.env.CONFORMANCE_FOLDER;
const folder = keep ?? mkdtempSync(join(tmpdir(), 'conformance-'));
let failed = 0;
for (const name of names.length > 0 ? names : module.exampleNames()) {
  const example = await module.openExample(name);
  const project = await module.projectOfExample(example);
  const at = join(folder, project.name);
  module.writeProject(project, at);
  const env = {
    ...process.env,
    PYTHONPATH: at,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
  };
  if (isBackfill) {
    const options = { cwd: at, env, most: Number(given[2] ?? Infinity) };
    const compared = await compareBackfill(example, python, moduleOf(project), options);
    report(name, 'backfill', compared);
    continue;
  }
  const steps = [
    ['loads', ['-m', 'dagster', 'definitions', 'validate', '-m', moduleOf(project)]],
    ['answers', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tests']],
  ];
  for (const [what, args] of steps) {
    const options = { cwd: at, env, encoding: 'utf8', maxBuffer: 2 ** 28 };
    const { status, stdout, stderr } = spawnSync(python, args, options);
    say(name, what, status === 0, what === 'loads' ? '' : stdout.trim().split('\n').at(-1));
    if (status !== 0) console.log(`${stdout}\n${stderr}`.slice(-6000));
  }
  const compared = await compareRuns(example, python, moduleOf(project), { cwd: at, env });
  report(name, 'runs', compared);
}
await server.close();
if (!keep) rmSync(folder, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;

function report(name, what, { summary, differences }) {
  say(name, what, differences.length === 0, summary);
  for (const difference of differences) console.log(`     ${difference.slice(0, 2000)}`);
}

function say(name, what, passed, words) {
  if (!passed) failed += 1;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} ${what}  ${words}`);
}

function moduleOf(project) {
  return `${project.name.replaceAll('-', '_')}.definitions`;
}

/** A virtual environment with the version of Dagster whose answers are the rules here. */
function madeEnvironment() {
  const environment = join(root, 'node_modules/.cache/dagster-1.13.27');
  const made = join(environment, 'bin/python');
  if (!existsSync(made)) {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
    const packages = ['dagster==1.13.27', 'dagster-pipes==1.13.27', 'universal-pathlib', 'pytest'];
    execFileSync(made, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' });
  }
  return made;
}
