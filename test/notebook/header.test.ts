import { describe, expect, it } from 'vitest';
import { setHeaderEntry } from '../../src/notebook/edit.ts';
import { formatNotebook } from '../../src/notebook/file-format.ts';
import { headerProblems, notebookSettings } from '../../src/notebook/settings.ts';
import { notebookOf } from './notebook-of.ts';

const HEADER = `<!-- partita 1
title: Partitions vs config
now: 2026-03-10T09:00:00Z
zone: Europe/Berlin
seed: 7
files: seattle-weather.csv, more/a.csv
mood: calm
-->
`;

function settingsOf(file: string) {
  return notebookSettings(notebookOf(file).header);
}

function problemsOf(lines: string) {
  const { header } = notebookOf(`<!-- partita 1\n${lines}\n-->\n`);
  return headerProblems(header).map(({ message }) => message);
}

describe('the header of a notebook file (NB)', () => {
  it('[NB-8] gives title, instant, zone, seed and files', () => {
    expect(settingsOf(HEADER)).toEqual({
      title: 'Partitions vs config',
      startsAt: Date.UTC(2026, 2, 10, 9),
      zone: 'Europe/Berlin',
      seed: 7,
      countsEdits: false,
      files: ['seattle-weather.csv', 'more/a.csv'],
    });
    expect(problemsOf('mood: calm')).toEqual([]);
  });

  it('[NB-8] has a default for each', () => {
    const defaults = {
      title: null,
      startsAt: null,
      zone: 'UTC',
      seed: 1,
      countsEdits: false,
      files: [],
    };
    expect(settingsOf('# Only text')).toEqual(defaults);
    expect(settingsOf('<!-- partita 1 -->')).toEqual(defaults);
    expect(settingsOf('<!-- partita 1\ntitle:\nnow:\n-->')).toEqual(defaults);
  });

  it('[NB-8] says whether an edited function makes stale what it made', () => {
    expect(settingsOf('<!-- partita 1\nedits: stale\n-->').countsEdits).toBe(true);
    expect(settingsOf('<!-- partita 1\nedits:\n-->').countsEdits).toBe(false);
    expect(problemsOf('edits: stale')).toEqual([]);
    expect(problemsOf('edits: maybe')).toEqual([expect.stringContaining('"maybe"')]);
  });

  it('[NB-9] an instant names its offset and a day that exists', () => {
    const at = (now: string) => settingsOf(`<!-- partita 1\nnow: ${now}\n-->`).startsAt;
    expect(at('2026-03-10T10:00+01:00')).toBe(Date.UTC(2026, 2, 10, 9));
    expect(at('2024-02-29T00:00:00.5Z')).toBe(Date.UTC(2024, 1, 29, 0, 0, 0, 500));
    expect(at('0099-01-01T00:00:00Z')).toBe(Date.parse('0099-01-01T00:00:00Z'));
    for (const bad of ['2026-02-30T00:00Z', '2026-03-10T24:00Z', '2026-03-10T09:00:00', 'soon']) {
      expect(at(bad)).toBeNull();
      expect(problemsOf(`now: ${bad}`)).toEqual([expect.stringContaining(`"${bad}"`)]);
    }
  });

  it('[NB-10] a value that cannot be used is a problem, and its default stands in', () => {
    expect(problemsOf('zone: Mars/Olympus')).toEqual([expect.stringContaining('Mars/Olympus')]);
    expect(problemsOf('seed: -1')).toEqual([expect.stringContaining('"-1"')]);
    expect(problemsOf('seed: 99999999999999999')).toHaveLength(1);
    expect(
      problemsOf('files: ../secret.csv, /etc/passwd, https://a.b/c, a%2e, ok.csv'),
    ).toHaveLength(4);
    expect(problemsOf('title: a\ntitle: b')).toEqual([expect.stringContaining('twice')]);
    expect(problemsOf('just words')).toEqual([expect.stringContaining('"just words"')]);
    expect(settingsOf('<!-- partita 1\nfiles: ../a.csv, b.csv\n-->').files).toEqual(['b.csv']);
  });

  it('[NB-11] another version, or a comment that does not end, cannot be read', () => {
    expect(() => notebookOf('<!-- partita 2\n-->')).toThrow(/format 2.*reads format 1/);
    expect(() => notebookOf('<!-- partita 1\ntitle: a\n')).toThrow(/does not end/);
    expect(() => notebookOf('<!-- partita one -->')).not.toThrow();
  });

  it('[NB-12] setting a key changes its line only', () => {
    const notebook = notebookOf(`${HEADER}\ntext\n`);
    const changed = setHeaderEntry(notebook, 'seed', '8');
    expect(formatNotebook(changed)).toBe(`${HEADER.replace('seed: 7', 'seed: 8')}\ntext\n`);
    const removed = setHeaderEntry(notebook, 'mood', null);
    expect(formatNotebook(removed)).toBe(`${HEADER.replace('mood: calm\n', '')}\ntext\n`);
    const added = setHeaderEntry(notebook, 'x', '1');
    expect(formatNotebook(added)).toBe(`${HEADER.replace('calm\n', 'calm\nx: 1\n')}\ntext\n`);
  });

  it('[NB-12] a header is begun where there is none', () => {
    const set = (file: string) => formatNotebook(setHeaderEntry(notebookOf(file), 'seed', '2'));
    const header = '<!-- partita 1\nseed: 2\n-->\n';
    expect(set('text\n')).toBe(`${header}\ntext\n`);
    expect(set('```ts\n```')).toBe(`${header}\n\`\`\`ts\n\`\`\``);
    expect(set('')).toBe(header);
    expect(set('\uFEFFtext')).toBe(`\uFEFF${header}\ntext`);
    expect(set('<!-- partita 1 -->\r\ntext')).toBe('<!-- partita 1\r\nseed: 2\r\n-->\r\ntext');
    expect(set('<!-- partita 1\nseed: 1 -->\ntext')).toBe('<!-- partita 1\nseed: 2 -->\ntext');
    expect(formatNotebook(setHeaderEntry(notebookOf('a'), 'seed', null))).toBe('a');
  });

  it('[NB-12] a value cannot end the comment or its line', () => {
    const set = setHeaderEntry(notebookOf('text'), 'title', ' a --> b\r\nc ');
    const again = notebookOf(formatNotebook(set));
    expect(notebookSettings(again.header).title).toBe('a -> b c');
    expect(again.cells.map(({ text }) => text)).toEqual(['text']);
  });
});
