import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runVectors } from './run-vectors.ts';

const valid = (id: string, expected: boolean, marks: readonly string[] = []) => ({
  id,
  marks,
  kind: 'valid',
  cron: '0 0 * * *',
  expect: expected,
});

describe('the vector runner', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vectors-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (path: string, content: unknown): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  const run = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runVectors(folder, (line) => lines.push(line));
    return lines;
  };

  it('prints a line for each file, also of folders within, and the sums last', async () => {
    write('cron.json', { cases: [valid('a', true)] });
    write('inner/deep/cron.json', { cases: [valid('b', true), valid('c', true)] });
    expect(await run()).toEqual([
      'cron.json: 1 passed, 0 failed',
      'inner/deep/cron.json: 2 passed, 0 failed',
      '0 accidents followed, 0 not; 0 cases skipped',
      '3 passed, 0 failed',
    ]);
  });

  it('tells a failing case with what was expected and what came', async () => {
    write('cron.json', { cases: [valid('a', true), valid('b', false)] });
    expect(await run()).toEqual([
      'cron.json: 1 passed, 1 failed',
      '  b: valid\n    expected false\n    actual   true',
      '0 accidents followed, 0 not; 0 cases skipped',
      '1 passed, 1 failed',
    ]);
  });

  it('counts accidents apart and skips what only Python allows', async () => {
    write('cron.json', {
      cases: [
        valid('a', true, ['accident']),
        valid('b', false, ['accident']),
        valid('c', false, ['python-only']),
      ],
    });
    expect((await run()).at(-2)).toBe('1 accidents followed, 1 not; 1 cases skipped');
    expect((await run()).at(-1)).toBe('2 passed, 0 failed');
  });

  it('knows a file of another name by the form of its cases', async () => {
    write('some-more.json', { cases: [valid('a', true)] });
    expect((await run())[0]).toBe('some-more.json: 1 passed, 0 failed');
  });

  it('counts a file that it cannot ask as failed', async () => {
    write('about-tea.json', { cases: [{ id: 'a', tea: 'green' }] });
    write('empty.json', []);
    writeFileSync(join(folder, 'torn.json'), '{');
    const lines = await run();
    expect(lines).toContain('  there is no adapter for cases of an unknown form');
    expect(lines).toContain('  has no list of cases');
    expect(lines.at(-1)).toBe('0 passed, 3 failed');
  });

  it('counts a case as failed that cannot be asked', async () => {
    write('time-keys.json', { cases: [{ id: 'a', definition: { kind: 'yearly' }, expect: {} }] });
    expect((await run()).at(-1)).toBe('0 passed, 1 failed');
  });
});
