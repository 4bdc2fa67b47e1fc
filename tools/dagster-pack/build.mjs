/*
 * `npm run build:dagster`: writes public/dagster, from which the page loads real Dagster.
 *
 * Needs Python 3 with pip and the network, once: what was downloaded stays in node_modules/.cache. Wheels are those of
 * requirements.txt, by hash; Pyodide is checked against the digest below. What the exercise neither imports nor
 * opens is left out.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unzipSync, zipSync } from 'fflate';

const PYODIDE = '314.0.7';
const PYODIDE_INTEGRITY =
  'sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==';

/** Which wheels pip may take: any of pure Python, then those for Pyodide, then those of which only Python is used. */
const PLATFORMS = ['any', 'pyemscripten_2026_0_wasm32', 'manylinux2014_x86_64'];

/** Parts of wheels that say what something is and what one may do with it. */
const ABOUT =
  /\.dist-info\/(?:METADATA|entry_points\.txt|(?:licenses\/)?.*(?:LICEN[CS]E|NOTICE|COPYING|AUTHORS)[^/]*)$/i;

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const cache = join(root, 'node_modules/.cache/dagster-pack');
const pack = join(root, 'public/dagster');
const pyodideFolder = join(cache, `pyodide-${PYODIDE}`);

function digest(algorithm, bytes, encoding) {
  return createHash(algorithm).update(bytes).digest(encoding);
}

function fetchPyodide() {
  if (existsSync(pyodideFolder)) return;
  const archive = join(cache, `pyodide-${PYODIDE}.tgz`);
  const npm = ['pack', `pyodide@${PYODIDE}`, '--silent', '--pack-destination', cache];
  execFileSync('npm', npm, { stdio: 'inherit', cwd: cache });
  const found = `sha512-${digest('sha512', readFileSync(archive), 'base64')}`;
  if (found !== PYODIDE_INTEGRITY) throw new Error(`${archive} has the digest ${found}.`);
  mkdirSync(pyodideFolder);
  execFileSync('tar', ['-xzf', archive, '-C', pyodideFolder, '--strip-components=1']);
}

function fetchWheels() {
  const wheels = join(cache, 'wheels');
  const python = process.env.PYTHON ?? 'python3';
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  const target = ['--python-version', '3.14', '--implementation', 'cp', '--abi', 'cp314'];
  const tags = ['--abi', 'none', ...PLATFORMS.flatMap((platform) => ['--platform', platform])];
  const what = ['--require-hashes', '--requirement', join(here, 'requirements.txt')];
  const how = ['--only-binary=:all:', '--dest', wheels];
  execFileSync(python, [...pip, ...how, ...target, ...tags, ...what], { stdio: 'inherit' });
  const wanted = new Set(
    [...readFileSync(join(here, 'requirements.txt'), 'utf8').matchAll(/sha256:(\w+)/g)].map(
      ([, hash]) => hash,
    ),
  );
  return readdirSync(wheels)
    .sort()
    .map((name) => readFileSync(join(wheels, name)))
    .filter((bytes) => wanted.has(digest('sha256', bytes, 'hex')));
}

/** All files of the wheels that Python can use there, by path. */
function siteOf(wheels) {
  const site = new Map();
  for (const wheel of wheels) {
    for (const [path, bytes] of Object.entries(unzipSync(wheel))) {
      if (path.endsWith('/') || /linux-gnu\.so$|\.(?:c|pyx|pxd|pyi)$/.test(path)) continue;
      site.set(path, bytes);
    }
  }
  site.set('stand_ins.py', readFileSync(join(here, 'stand_ins.py')));
  return site;
}

/** The paths that the exercise opens; Python opens what it imports. */
async function usedOf(site) {
  const { loadPyodide } = await import(pathToFileURL(join(pyodideFolder, 'pyodide.mjs')).href);
  const pyodide = await loadPyodide({ indexURL: `${pyodideFolder}/` });
  const folder = '/site';
  pyodide.unpackArchive(zipSync(Object.fromEntries(site), { level: 0 }), 'zip', {
    extractDir: folder,
  });
  pyodide.globals.set('exercise', readFileSync(join(here, 'exercise.py'), 'utf8'));
  const opened = pyodide.runPython(`
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, "${folder}")
opened = set()
def note(event, args):
    if event == "open" and isinstance(args[0], str) and args[0].startswith("${folder}/"):
        opened.add(args[0][len("${folder}/"):])
sys.addaudithook(note)
exec(compile(exercise, "exercise.py", "exec"), {"__name__": "exercise"})
json.dumps(sorted(opened))
`);
  return new Set(JSON.parse(opened));
}

/** Pyodide as one classic script: a worker of an opaque origin can import none. */
function pyodideScript() {
  const loader = readFileSync(join(pyodideFolder, 'pyodide.js'), 'utf8');
  const core = readFileSync(join(pyodideFolder, 'pyodide.asm.mjs'), 'utf8')
    .replaceAll('import.meta.url', 'self.location.href')
    .replace(/export default (\w+);\s*$/, 'self.createPyodideModule = $1;\n');
  // The description of the platform; of the packages that Pyodide knows, none is loaded.
  const { info } = JSON.parse(readFileSync(join(pyodideFolder, 'pyodide-lock.json'), 'utf8'));
  const lock = JSON.stringify({ info, packages: {} });
  if (/\bexport default\b/.test(core)) throw new Error('pyodide.asm.mjs has another form.');
  return Buffer.from(
    // Pyodide tries it, to know a classic worker, and then refuses to start.
    `self.importScripts = undefined;\n${loader.replace(/\n\/\/# sourceMappingURL=.*/, '')}\n${core}self.pyodideLock = ${lock};\n`,
  );
}

function write(name, bytes) {
  writeFileSync(join(pack, name), bytes);
  return { name, bytes: bytes.length, sha256: digest('sha256', bytes, 'hex') };
}

mkdirSync(cache, { recursive: true });
fetchPyodide();
const site = siteOf(fetchWheels());
const used = await usedOf(site);
// What runs in a page may take another path than the exercise: of Dagster itself all of its core stays.
const kept = [...site].filter(
  ([path]) =>
    used.has(path) ||
    ABOUT.test(path) ||
    /^dagster\/(?:_core|_config|_utils)\/.*\.py$/.test(path) ||
    /^pydantic_core\//.test(path) ||
    /^tzdata\//.test(path),
);
rmSync(pack, { recursive: true, force: true });
mkdirSync(pack, { recursive: true });
const licences = kept
  .filter(([path]) => ABOUT.test(path) && !/METADATA$|entry_points/.test(path))
  .map(([path, bytes]) => `==== ${path}\n\n${Buffer.from(bytes).toString('utf8')}`);
const files = [
  write('pyodide.js', pyodideScript()),
  write('pyodide.wasm', readFileSync(join(pyodideFolder, 'pyodide.asm.wasm'))),
  write('python.zip', readFileSync(join(pyodideFolder, 'python_stdlib.zip'))),
  write(
    'site.zip',
    Buffer.from(zipSync(Object.fromEntries(kept), { level: 9, mtime: '2026-01-01' })),
  ),
];
const versions = {
  dagster: /dagster==([\d.]+)/.exec(readFileSync(join(here, 'requirements.txt'), 'utf8'))[1],
  pyodide: PYODIDE,
};
write('manifest.json', Buffer.from(`${JSON.stringify({ format: 1, versions, files }, null, 2)}\n`));
write(
  'licences.txt',
  Buffer.from(`${readFileSync(join(here, 'licences.txt'), 'utf8')}\n${licences.join('\n\n')}`),
);
console.log(
  `public/dagster: ${kept.length} files of ${site.size}; ${files.map(({ name, bytes }) => `${name} ${(bytes / 1e6).toFixed(1)} MB`).join(', ')}`,
);
process.exit(0);
