import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CORE_FOLDERS, IMPORT_TABLE, TOP_LEVEL_ENTRIES } from './import-table.ts';
import { ambientReads, importsOf, sourceFiles, type Import } from './source-files.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Files that may ask the machine for the time. */
const REAL_CLOCKS = ['src/time/clock.ts'];

const files = sourceFiles();

/** The place of the table in which a path lies; undefined if in none. */
function placeOf(path: string): string | undefined {
  return Object.keys(IMPORT_TABLE).find((place) => path === place || path.startsWith(`${place}/`));
}

function allowed(path: string, place: string, { specifier, typeOnly }: Import): boolean {
  const rule = IMPORT_TABLE[place];
  if (!rule) return false;
  if (!specifier.startsWith('.')) {
    return rule.packages.some((name) =>
      name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name,
    );
  }
  const target = placeOf(posix.join(posix.dirname(path), specifier));
  if (target === undefined) return false;
  const folders = typeOnly ? [...rule.folders, ...(rule.typesOf ?? [])] : rule.folders;
  return target === place || folders.includes(target);
}

describe('the folders', () => {
  it('hold every source file', () => {
    expect(files.map(({ path }) => path).filter((path) => !placeOf(path))).toEqual([]);
  });

  it('import only what the table allows', () => {
    const faults = files.flatMap((file) =>
      importsOf(file)
        .filter((each) => !allowed(file.path, placeOf(file.path) ?? '', each))
        .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}`),
    );
    expect(faults).toEqual([]);
  });

  it('name files as they are on disk, with their extension', () => {
    const faults = files.flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .filter(
          ({ specifier }) => !existsSync(ROOT + posix.join(posix.dirname(file.path), specifier)),
        )
        .map(({ specifier, line }) => `${file.path}:${line} names ${specifier}`),
    );
    expect(faults).toEqual([]);
  });

  it('of the core take time and chance as arguments', () => {
    const faults = files
      .filter(({ path }) => (CORE_FOLDERS as readonly string[]).includes(placeOf(path) ?? ''))
      .filter(({ path }) => !REAL_CLOCKS.includes(path))
      .flatMap((file) => ambientReads(file).map((line) => `${file.path}:${line}`));
    expect(faults).toEqual([]);
  });
});

describe('the root', () => {
  it('holds what the build and its readers look for there, and nothing else', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
    const entries = new Set(tracked.filter(Boolean).map((path) => path.split('/')[0]));
    const known: readonly string[] = TOP_LEVEL_ENTRIES;
    expect([...entries].filter((entry) => !known.includes(entry ?? ''))).toEqual([]);
  });
});
