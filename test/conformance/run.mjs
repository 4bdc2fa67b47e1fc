/*
 * `npm run conformance -- [NAME …]`: makes a Dagster project of every shipped notebook (or of those
 * named), and has real Dagster load it, answer its tests, and run some of its assets. The Python
 * with Dagster is the one that DAGSTER_PYTHON names; without it a virtual environment is made below
 * node_modules. Exits with 1 if anything differs.
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
const module = await runner.import(join(here, 'example-projects.ts'));
const given = process.argv.slice(2);
const keep = process.env.CONFORMANCE_FOLDER;
const folder = keep ?? mkdtempSync(join(tmpdir(), 'conformance-'));
let failed = 0;
for (const name of given.length > 0 ? given : module.exampleNames()) {
  const example = await module.openExample(name);
  const project = await module.projectOfExample(example);
  const at = join(folder, project.name);
  module.writeProject(project, at);
  const home = join(folder, 'home');
  const steps = [
    ['loads', ['-m', 'dagster', 'definitions', 'validate', '-m', moduleOf(project)]],
    ['answers', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tests']],
    ['runs', [join(here, 'run_project.py'), moduleOf(project), home]],
  ];
  for (const [what, args] of steps) {
    const env = {
      ...process.env,
      PYTHONPATH: at,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
    };
    const { status, stdout, stderr } = spawnSync(python, args, {
      cwd: at,
      env,
      encoding: 'utf8',
      timeout: 600_000,
      maxBuffer: 2 ** 28,
    });
    const said =
      what === 'loads' ? '' : what === 'runs' ? stdout.trim() : stdout.trim().split('\n').at(-1);
    console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} ${what}  ${said}`);
    if (status === 0) continue;
    failed += 1;
    console.log(`${stdout}\n${stderr}`.slice(-6000));
  }
}
await server.close();
if (!keep) rmSync(folder, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;

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
