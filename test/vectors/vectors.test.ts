import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failingAnswers } from './run-vectors.ts';
import { vectorAdapters } from './vector-adapters.ts';
import type { VectorCase } from './vector-adapter.ts';

const FOLDERS = ['partitions', 'orchestration', 'found'];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(`./${folder}/`, import.meta.url))
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name: basename(name, '.json'), path: `./${folder}/${name}` })),
);

describe('the engine answers as Dagster did', () => {
  it.each(files)('$name', async ({ name, path }) => {
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');
    const { cases } = JSON.parse(text) as { readonly cases: readonly VectorCase[] };
    const adapter = vectorAdapters.get(name);
    if (adapter === undefined) throw new Error(`There is no adapter for ${name}.`);
    const failing = [];
    for (const one of cases) {
      for (const answer of await failingAnswers(adapter, one)) {
        failing.push({ id: one.id, ...answer });
      }
    }
    expect(failing).toEqual([]);
  });
});
