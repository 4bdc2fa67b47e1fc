import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eachAlone, notebookOf } from '../notebook/notebook-of.ts';
import { guestOf } from './guest-of.ts';

const EXAMPLES = fileURLToPath(new URL('../../public/examples/', import.meta.url));

const EXAMPLE_NAMES = (
  JSON.parse(readFileSync(`${EXAMPLES}index.json`, 'utf8')) as readonly { readonly name: string }[]
).map(({ name }) => name);

/** The cells of a shipped example that are evaluated together: those of no world, then those of each. */
function worldsIn(name: string): readonly (readonly string[])[] {
  const source = readFileSync(`${EXAMPLES}${name}.md`, 'utf8');
  return eachAlone(notebookOf(source)).map(({ cells }) =>
    cells.filter(({ kind }) => kind === 'code').map(({ text }) => text),
  );
}

/** The cells of a shipped example without worlds. */
function cellsOf(name: string): readonly string[] {
  return worldsIn(name)[0] ?? [];
}

describe('the shipped examples in the sandbox', () => {
  it.each(EXAMPLE_NAMES)('[SDK-24] %s loads, and its tests pass', async (name) => {
    for (const cells of worldsIn(name)) {
      const { guest, load, world } = guestOf(cells);
      const answer = load();
      if (answer.status === 'threw') expect(answer.error.message).toBe('');
      expect(answer.status).toBe('loaded');
      if (answer.status !== 'loaded') return;
      for (const { testId, title } of answer.definitions.tests) {
        const outcome = await guest.runTest(testId, world);
        expect({ title, ...outcome }).toMatchObject({ title, status: 'passed' });
      }
    }
  });

  it.each([10, 100_000, 1_000_000])('[SDK-24] size passes its tests with %i keys', async (size) => {
    const cells = cellsOf('size').map((cell) => cell.replace('10_000', String(size)));
    expect(cells[0]).toContain(`SIZE = ${size};`);
    const { guest, load, world } = guestOf(cells);
    const answer = load();
    if (answer.status !== 'loaded') throw new Error('The cells do not load.');
    for (const { testId } of answer.definitions.tests) {
      expect(await guest.runTest(testId, world)).toMatchObject({ status: 'passed' });
    }
  });

  it('partitions writes the lines of the seed', async () => {
    const { execute, lines } = guestOf(cellsOf('partitions'));
    expect(await execute('customer_orders', { partitionKeys: ['customer_a'] })).toMatchObject({
      status: 'success',
    });
    expect(lines[0]).toBe('INFO Fetching orders for customer: customer_a');
  });

  it('weather reads its day from the file', async () => {
    const { execute, files, reads } = guestOf(cellsOf('weather'));
    files.set('seattle-weather.csv', readFileSync(`${EXAMPLES}seattle-weather.csv`));
    const day = (key: string) => execute('weather_days', { partitionKeys: [key] });
    expect(await day('2012-01-01')).toMatchObject({
      value: { date: '2012-01-01', precipitation: 0, temp_max: 12.8, weather: 'drizzle' },
    });
    expect(await day('2015-12-31')).toMatchObject({ value: { date: '2015-12-31' } });
    expect(reads.count).toBe(2);
  });
});
