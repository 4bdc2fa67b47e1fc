import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Prefix, number, and what may follow it: `MAP-TW-`, `4`, `q`. */
const ID = /^([A-Z]+(?:-[A-Z]+)*-?)(\d+)(q?)$/;

/** Rules of storage and those of static partitions have one prefix, and different tests. */
const STORAGE = /^(src\/storage|test\/storage)\/|\.contract\.ts$/;

const filesIn = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => ending.test(path))
    .sort();

const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

/** The ids in a list such as `TW-16 … TW-21q, DST-1`. */
function idsIn(list: string): readonly string[] {
  return list.split(',').flatMap((part) => {
    const ends = part.split('…').map((end) => ID.exec(end.trim().split(' ')[0] ?? ''));
    const [first, last = first] = ends;
    if (!first || !last) return [];
    const [from, to] = [Number(first[2]), Number(last[2])];
    const between = Array.from({ length: to - from }, (_, step) => `${first[1]}${from + step}`);
    return [...between, last[0]];
  });
}

/** What a SPEC.md numbers, less what it says has no place here. */
function rulesOf(path: string): readonly string[] {
  const [rules = ''] = read(path).split('\n## Not here\n');
  return [...rules.matchAll(/\*\*([^*]+)\*\*/g)].flatMap(([, list = '']) => idsIn(list));
}

/** The ids with which the titles of a file's tests begin. */
function citedIn(path: string): readonly string[] {
  const titles = read(path).matchAll(/['"`]((?:\[[^\]\n]+\] ?)+)/g);
  return [...titles].flatMap(([, ids = '']) =>
    [...ids.matchAll(/\[([^\]]+)\]/g)].flatMap(([, list = '']) => idsIn(list)),
  );
}

const tests = filesIn('test', /\.(test|contract)\.ts$/);
const specs = filesIn('src', /SPEC\.md$/);

describe('the rules', () => {
  it.each(specs)('of %s are each cited by the title of a test', (path) => {
    const ofStorage = STORAGE.test(path);
    const cited = new Set(
      tests.filter((test) => STORAGE.test(test) === ofStorage).flatMap(citedIn),
    );
    const rules = rulesOf(path);
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
  });
});
