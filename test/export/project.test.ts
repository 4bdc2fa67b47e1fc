import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text as runtime } from 'virtual:sandbox/exported';
import { projectOf, type ExportedProject } from '../../src/export/project-files.ts';
import { NO_ANSWERS } from '../../src/export/predicted-functions.ts';
import type { CellId } from '../../src/notebook/notebook.ts';
import { analyseNotebook } from '../../src/notebook/analyse-notebook.ts';
import { composeProgram } from '../../src/notebook/program.ts';
import { guestOf } from '../sdk/guest-of.ts';

const CELLS = [
  `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const images = dg.DynamicPartitionsDefinition({ name: 'images' });`,
  `const rows = dg.asset({ partitionsDef: days }, async (context) => {
  context.log.info('for ' + context.partitionKey);
  await files.write('out/' + context.partitionKey + '.txt', 'x');
  return new Map([[context.partitionKey, new Date(0)]]);
});
const report = dg.asset({ ins: { rows: dg.AssetIn(rows, { byKey: true }) } }, (context, { rows }) =>
  Object.entries(rows).map(([key, value]) => key + ' ' + value.get(key).getTime()));
const broken = dg.asset(() => {
  const nothing = null;
  return nothing.length;
});`,
  `const job = dg.defineAssetJob('daily_job', { selection: [rows] });
const nightly = dg.schedule({ job, cronSchedule: '0 1 * * *' }, () =>
  dg.RunRequest({ partitionKey: days.getLastPartitionKey(), runKey: 'once' }));
const watch = dg.sensor({ job }, (context) => {
  context.instance.addDynamicPartitions('images', ['a']);
  return dg.SkipReason('cursor ' + context.cursor);
});
const hours = dg.job({
  config: dg.dynamicPartitionedConfig(
    { partitionFn: (at) => [String(at.toMillis()), 'late'] },
    () => ({}),
  ),
}, () => { dg.op({ name: 'step' }, () => 1)(); });`,
];

const NOW = Date.UTC(2026, 2, 10, 9);

function projectOfCells(
  cells: readonly string[],
  title: string | null = 'My “rows”',
): ExportedProject {
  const loaded = guestOf(cells).load();
  if (loaded.status !== 'loaded') throw new Error('It does not load.');
  const analysis = analyseNotebook(
    cells.map((text, i) => ({ cellId: `c${i + 1}` as CellId, kind: 'code', text })),
  );
  return projectOf({
    title,
    source: 'the notebook',
    definitions: loaded.definitions,
    program: composeProgram(analysis, { exclude: new Set() }),
    cellIds: cells.map((_, i) => `c${i + 1}`),
    seed: 1,
    now: NOW,
    dynamicPartitions: new Map([['images', ['b']]]),
    files: [{ path: 'in.csv', bytes: new Uint8Array([97]) }],
    worlds: [],
    countsEdits: false,
    materialized: new Map(),
    answers: NO_ANSWERS,
    runtime,
  });
}

describe('a Dagster project (EXP)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  const project = projectOfCells(CELLS);
  const notebook = join(folder, 'partita_my_rows/notebook');

  beforeAll(() => {
    for (const [path, content] of project.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function asked(request: object): Record<string, unknown> {
    const [to, from] = [join(folder, 'request.json'), join(folder, 'answer.json')];
    writeFileSync(
      to,
      JSON.stringify({ now: NOW, dynamicPartitions: [['images', []]], ...request }),
    );
    execFileSync('node', [join(notebook, 'main.mjs'), to, from], { stdio: 'ignore' });
    return JSON.parse(readFileSync(from, 'utf8')) as Record<string, unknown>;
  }
  const step = (assetKey: string, more: object = {}) =>
    asked({
      kind: 'step',
      assetKey,
      runId: 'r',
      runTags: {},
      partitionKeys: [],
      retryNumber: 0,
      config: null,
      inputs: [],
      ...more,
    });

  it('[EXP-8] has the definitions, the functions, the files and tests', () => {
    expect(project.name).toBe('partita-my-rows');
    expect([...project.files.keys()]).toEqual([
      'README.md',
      'pyproject.toml',
      '.gitignore',
      'partita_my_rows/__init__.py',
      'partita_my_rows/definitions.py',
      'partita_my_rows/partita.py',
      'partita_my_rows/notebook/main.mjs',
      'partita_my_rows/notebook/runtime.js',
      'partita_my_rows/notebook/cells.js',
      'partita_my_rows/notebook/notebook.json',
      'partita_my_rows/notebook/notebook.md',
      'tests/conftest.py',
      'tests/config_errors.py',
      'tests/predicted.py',
      'tests/test_definitions.py',
      'tests/test_functions.py',
      'tests/test_backfills.py',
      'tests/predictions.json',
      'partita_my_rows/notebook/files/in.csv',
    ]);
    expect(project.files.get('partita_my_rows/definitions.py')).toContain(
      'return partita.asset(context, "report", {"rows": ("rows", rows)})',
    );
  });

  it('[EXP-8] a notebook without a title, or with one of other letters, has a name still', () => {
    expect(projectOfCells([], null).name).toBe('partita-notebook');
    expect(projectOfCells([], '日記').name).toBe('partita-notebook');
  });

  it('[EXP-8] a title may hold the words that stand for others in the README', () => {
    const readme = projectOfCells([], 'DIFFERENCES of a PACKAGE').files.get('README.md');
    expect(readme).toMatch(/^# DIFFERENCES of a PACKAGE\n/);
    expect(readme).toContain('\nNothing is.\n');
  });

  it('[EXP-9] Node computes an asset, writes its files, and gives the value as JSON', () => {
    expect(step('rows', { partitionKeys: ['2026-03-02'] })).toMatchObject({
      status: 'success',
      value: '{"$js":"Map","value":[["2026-03-02",{"$js":"Date","value":0}]]}',
    });
    expect(readFileSync(join(notebook, 'files/out/2026-03-02.txt'), 'utf8')).toBe('x');
  });

  it('[EXP-9] an input by key is one for a single key too', () => {
    const value = '{"$js":"Map","value":[["k",{"$js":"Date","value":5}]]}';
    const inputs = [{ name: 'rows', keys: ['k'], kind: 'single', value }];
    expect(step('report', { inputs })).toMatchObject({ status: 'success', value: '["k 5"]' });
  });

  it('[EXP-10] an error says in which cell and line it was thrown', () => {
    expect(step('broken')).toMatchObject({
      status: 'failure',
      error: { name: 'TypeError', place: 'cell 2, line 10' },
    });
  });

  it('[EXP-11] schedules and sensors are asked of the same program', () => {
    expect(asked({ kind: 'schedule', name: 'nightly' })).toMatchObject({
      evaluation: { results: [{ kind: 'runRequest', request: { partitionKey: '2026-03-09' } }] },
    });
    expect(asked({ kind: 'sensor', name: 'watch', cursor: 'x', lastTickAt: null })).toMatchObject({
      evaluation: { results: [{ kind: 'skipReason', message: 'cursor x' }] },
      changes: [{ action: 'add', partitionsDefName: 'images', partitionKeys: ['a'] }],
    });
  });

  it('[EXP-14] a function that lists keys is asked of the same program', () => {
    expect(asked({ kind: 'partitionKeys', jobName: 'hours', now: 5 })).toMatchObject({
      status: 'evaluated',
      partitionKeys: ['5', 'late'],
    });
  });

  it('[EXP-12] predicts how a backfill goes, and what is there if a key fails', () => {
    const { backfills } = JSON.parse(String(project.files.get('tests/predictions.json'))) as {
      readonly backfills: readonly object[];
    };
    const run = (key: string) => ({ assets: ['rows'], key, range: null });
    expect(backfills).toMatchObject([
      {
        assets: [['rows'], ['report']],
        keys: ['2026-03-01', '2026-03-02', '2026-03-09'],
        failing: null,
        waves: [
          [run('2026-03-01'), run('2026-03-02'), run('2026-03-09')],
          [{ assets: ['report'], key: null, range: null }],
        ],
        failed: [],
        status: 'COMPLETED_SUCCESS',
      },
      {
        failing: { asset: ['rows'], key: '2026-03-01' },
        failed: [{ asset: ['rows'], keys: ['2026-03-01'] }],
        failedAndDownstream: [
          { asset: ['rows'], keys: ['2026-03-01'] },
          { asset: ['report'], keys: [null] },
        ],
        status: 'COMPLETED_FAILED',
      },
    ]);
  });

  it('[EXP-12] predicts keys, what they read and the next ticks', () => {
    const predictions = JSON.parse(String(project.files.get('tests/predictions.json'))) as object;
    expect(predictions).toMatchObject({
      now: NOW,
      dynamicPartitions: { images: ['b'] },
      keys: [{ asset: ['rows'], keys: { count: 9, first: '2026-03-01', last: '2026-03-09' } }],
      ticks: [
        { schedule: 'nightly', at: [1, 2, 3, 4, 5].map((day) => Date.UTC(2026, 2, 10 + day, 1)) },
      ],
    });
  });
});
