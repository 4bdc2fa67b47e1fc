import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatNotebook } from '../../src/notebook/file-format.ts';
import { decodeLink } from '../../src/app/decode-link.ts';
import { encodeLink } from '../../src/notebook/encode-link.ts';
import { analyseNotebook } from '../../src/notebook/analyse-notebook.ts';
import { librariesOf } from '../../src/notebook/order.ts';
import { composeProgram } from '../../src/notebook/program.ts';
import { headerProblems, notebookSettings } from '../../src/notebook/settings.ts';
import { eachAlone, notebookOf } from './notebook-of.ts';

const FOLDER = join(import.meta.dirname, '../../public/examples');

const EXAMPLES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({
    name: file.slice(0, -3),
    source: readFileSync(join(FOLDER, file), 'utf8'),
  }));

const EXAMPLES_IN_ORDER = [
  'lesson-1',
  'lesson-2',
  'lesson-3',
  'lesson-4',
  'partitions',
  'config',
  'hybrid',
  'twin',
  'weather',
  'partitioned-assets',
  'dimensions',
  'dynamic',
  'dependencies',
  'asset-job',
  'op-job',
  'continents',
  'testing',
  'size',
  'calendar',
];

function exampleNamed(name: string): string {
  return readFileSync(join(FOLDER, `${name}.md`), 'utf8');
}

describe('the examples (NB)', () => {
  it('[NB-35] the index lists the notebooks that there are', () => {
    const index = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as unknown[];
    expect(index).toEqual(
      EXAMPLES_IN_ORDER.map((name) => ({
        name,
        group: expect.stringMatching(/^(course|start|partitions|jobs|calendar)$/),
        title: expect.any(String),
        summary: expect.any(String),
        minutes: expect.any(Number),
      })),
    );
    expect(EXAMPLES.map(({ name }) => name).sort()).toEqual(
      (index as { readonly name: string }[]).map(({ name }) => name).sort(),
    );
  });

  for (const { name, source } of EXAMPLES) {
    it(`[NB-35] ${name}.md reads without a problem, and is written back as it is`, () => {
      const notebook = notebookOf(source);
      expect(formatNotebook(notebook)).toBe(source);
      expect(headerProblems(notebook.header)).toEqual([]);
      const settings = notebookSettings(notebook.header);
      expect(settings.title).not.toBeNull();
      expect(settings.startsAt).toBe(Date.UTC(2026, 2, 10, 9));
      for (const file of settings.files) expect(readdirSync(FOLDER)).toContain(file);

      for (const { cells } of eachAlone(notebook)) {
        const analysis = analyseNotebook(cells);
        expect(analysis.problems).toEqual([]);
        expect(analysis.heldBack).toEqual([]);
        const code = cells.filter(({ kind }) => kind === 'code');
        expect(analysis.order).toEqual(code.map(({ cellId }) => cellId));
        const { text } = composeProgram(analysis, { exclude: new Set() });
        expect(() => new Function(text)).not.toThrow();
      }
    });
  }

  it('[NB-35] no line of code is longer than 64 characters, so none wraps', () => {
    for (const { name, source } of EXAMPLES) {
      const lines = notebookOf(source)
        .cells.filter(({ kind }) => kind === 'code')
        .flatMap(({ text }) => text.split('\n'));
      expect(
        lines.filter(({ length }) => length > 64),
        name,
      ).toEqual([]);
    }
  });

  it('[NB-35] those without files fit into a link of 2,000 characters', async () => {
    for (const name of ['partitions', 'config', 'hybrid']) {
      const payload = {
        source: exampleNamed(name),
        at: Date.UTC(2026, 2, 10, 9),
        view: 'partitions',
      };
      const link = encodeLink(payload);
      expect(link.length, name).toBeLessThan(2000 - 'https://example.org/partita/#p='.length);
      expect(await decodeLink(link)).toEqual({ status: 'ok', payload });
    }
  });

  it('[NB-35] the first example needs no library but ours', () => {
    const needs = (name: string) => [
      ...librariesOf(analyseNotebook(notebookOf(exampleNamed(name)).cells)),
    ];
    expect(needs('partitions')).toEqual([]);
    expect(needs('config')).toEqual(['zod']);
    expect(needs('weather')).toEqual(['chai']);
  });

  it('[NB-35] the weather has a row for each of 1,461 days', () => {
    const [, ...rows] = readFileSync(join(FOLDER, 'seattle-weather.csv'), 'utf8')
      .trim()
      .split('\n');
    const dates = rows.map((row) => row.slice(0, row.indexOf(',')));
    const days = Array.from({ length: 1461 }, (_, day) =>
      new Date(Date.UTC(2012, 0, 1 + day)).toISOString().slice(0, 10),
    );
    expect(dates).toEqual(days);
  });
});
