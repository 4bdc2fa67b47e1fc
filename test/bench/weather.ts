import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveStatically } from '../browser/static-server.ts';
import type { Script } from './in-page.ts';
import { figures, measureCold, type Marks } from './measure-cold.ts';

const ROUNDS = 3;

const ALL_DAYS: Script = {
  steps: [
    { mark: null, within: 'Asset weather_days', press: 'Materialize' },
    { mark: 'pressed days', within: 'Materialize weather_days', press: 'Launch' },
    { mark: 'green days', within: 'Asset weather_days', text: ['1,461 of 1,461 materialized'] },
    { mark: null, within: 'Asset weather_months', press: 'Materialize' },
    { mark: 'pressed months', within: 'Materialize weather_months', press: 'Launch' },
    { mark: 'green months', within: 'Asset weather_months', text: ['48 of 48 materialized'] },
  ],
};

/** Measures 1,461 days and then their months in one action each, and how long the page was held up. */
export async function run(): Promise<void> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const directory = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  await build({ root, logLevel: 'warn', build: { outDir: directory, emptyOutDir: true } });
  const site = await serveStatically(directory);
  const rounds: Marks[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await measureCold(`${site.url}?example=weather`, ALL_DAYS));
    }
  } finally {
    await site.close();
    await rm(directory, { recursive: true });
  }
  const between = (from: string, to: string) =>
    rounds.map((marks) => (marks.get(to) ?? NaN) - (marks.get(from) ?? NaN));
  console.table([
    figures('1,461 days, press to green', null, between('pressed days', 'green days')),
    figures('48 months of them', null, between('pressed months', 'green months')),
    figures(
      'longest task of the page while the days run',
      100,
      rounds.map((marks) => marks.get('longest task before green days') ?? NaN),
    ),
    figures(
      'while the months do',
      100,
      rounds.map((marks) => marks.get('longest task before green months') ?? NaN),
    ),
  ]);
}
