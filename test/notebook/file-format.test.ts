import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteCell, insertCell, moveCell, setCellText } from '../../src/notebook/edit.ts';
import { formatNotebook } from '../../src/notebook/file-format.ts';
import type { Cell, CellId, Notebook } from '../../src/notebook/notebook.ts';
import { glance, notebookOf } from './notebook-of.ts';

/** Text made of the pieces that the format is about, so that chance meets its corners. */
const lines = fc.constantFrom(
  '',
  '',
  ' ',
  '\t',
  'prose',
  '  indented',
  '# Title',
  '```ts',
  '```ts ',
  ' ```ts',
  '``` ts',
  '````ts',
  '`````ts',
  '```',
  '````',
  '```js',
  '```ts title',
  '```ts world=one',
  '```ts  world=two ',
  '```ts world=',
  '~~~',
  '~~~~',
  '~~~ts',
  '<!-- cell -->',
  '<!-- cell --> ',
  '<!--  cell -->',
  'a <!-- cell -->',
  '<!-- partita 1 -->',
  '-->',
  'const a = `b`;',
  '\u2028',
);
const lineEnds = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '');
const markdown = fc
  .array(fc.tuple(lines, lineEnds), { maxLength: 14 })
  .map((parts) => parts.flat().join(''));
const headers = fc.constantFrom(
  '',
  '',
  '\uFEFF',
  '<!-- partita 1\ntitle: One\nnow: 2026-03-10T09:00:00Z\n-->\n',
  '\uFEFF<!-- partita 1\r\nother:  x \r\n-->\r\n\r\n',
  '<!-- partita 1 -->',
);
const files = fc
  .tuple(headers, markdown)
  .map(([header, body]) => (header === '' && body.startsWith('<!-- partita') ? '' : header + body));

/** The cells as they are read again: without blank lines around a text. */
function readAgain(cells: readonly Cell[]): readonly string[] {
  return cells.map(({ kind, text }) => {
    if (kind === 'code') return `code:${text}`;
    const rows = text.split('\n');
    const isBlank = (row: string) => /^[ \t]*$/.test(row);
    while (rows.length > 0 && isBlank(rows[0] ?? '')) rows.shift();
    while (rows.length > 0 && isBlank(rows.at(-1) ?? '')) rows.pop();
    return `text:${rows.join('\n')}`;
  });
}

/** Spaces aside, which a text's own separators and fences are given. */
function withoutSpaces(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.replaceAll(' ', ''));
}

describe('the file format (NB)', () => {
  it('[NB-1] a fence of ts is a cell, all else is text', () => {
    const file = '# A\n\nprose\n\n```ts\nconst a = 1;\n```\n\nmore\n\n```js\nlet b\n```\n';
    expect(glance(notebookOf(file))).toEqual([
      'text:# A\n\nprose',
      'code:const a = 1;',
      'text:more\n\n```js\nlet b\n```',
    ]);
  });

  it('[NB-1] indented, tilde, longer-worded and quoted fences stay text', () => {
    for (const fence of [' ```ts\na\n ```', '~~~ts\na\n~~~', '```ts x\na\n```', '```tsx\na\n```']) {
      expect(glance(notebookOf(fence)).map((cell) => cell.slice(0, 5))).toEqual(['text:']);
    }
    expect(glance(notebookOf('````md\n```ts\na\n```\n````\n\n```ts\nb\n```'))).toEqual([
      'text:````md\n```ts\na\n```\n````',
      'code:b',
    ]);
  });

  it('[NB-2] a separator ends a text cell, empty or not', () => {
    expect(glance(notebookOf('a\n\n<!-- cell -->\n\nb\n'))).toEqual(['text:a', 'text:b']);
    expect(glance(notebookOf('<!-- cell -->\n<!-- cell -->\n'))).toEqual(['text:', 'text:']);
    expect(glance(notebookOf('a\n<!-- cell -->\n```ts\n```\n'))).toEqual(['text:a', 'code:']);
    expect(glance(notebookOf('```ts\n```\n<!-- cell -->\n```ts\n```\n'))).toEqual([
      'code:',
      'text:',
      'code:',
    ]);
  });

  it('[NB-3] a file is written back byte for byte', () => {
    fc.assert(
      fc.property(files, (file) => formatNotebook(notebookOf(file)) === file),
      { numRuns: 1000, seed: 3 },
    );
  });

  it('[NB-3] so is text of any letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (file) => {
        fc.pre(!file.includes('\0') && !file.startsWith('<!-- partita'));
        return formatNotebook(notebookOf(file)) === file;
      }),
      { seed: 3 },
    );
  });

  it('[NB-3] what opens no cell or is never closed is still written back', () => {
    for (const file of ['', '\n', '```ts', '```ts\nlet a', '```ts\n\n', 'a\r\n```ts\r\nb\r\n```']) {
      expect(formatNotebook(notebookOf(file))).toBe(file);
    }
  });

  it('[NB-4] cells have lines that end with \\n, whatever the file has', () => {
    expect(glance(notebookOf('a\r\nb\r\n\r\n```ts\r\nc\rd\r\n```\r\n'))).toEqual([
      'text:a\nb',
      'code:c\nd',
    ]);
  });

  it('[NB-5] an edited cell changes its own lines only', () => {
    const file = '<!-- partita 1 -->\r\n\r\n\r\na\r\n```ts  \r\nb\r\n````\r\n \r\n\r\nc';
    const notebook = notebookOf(file);
    const edited = setCellText(notebook, 'cell-2' as CellId, 'b\n``` `` ```\nc');
    expect(formatNotebook(edited)).toBe(
      file.replace('```ts  \r\nb\r\n````', '````ts\r\nb\r\n``` `` ```\r\nc\r\n````'),
    );
    expect(formatNotebook(setCellText(edited, 'cell-2' as CellId, 'b'))).toBe(file);
  });

  it('[NB-5] a cell that is inserted and deleted again leaves no trace', () => {
    fc.assert(
      fc.property(files, fc.nat(6), fc.boolean(), (file, at, isText) => {
        const notebook = notebookOf(file);
        const cellId = 'new' as CellId;
        const cell: Cell = { cellId, kind: isText ? 'text' : 'code', text: 'new' };
        expect(formatNotebook(deleteCell(insertCell(notebook, at, cell), cellId))).toBe(file);
      }),
      { seed: 5 },
    );
  });

  it('[NB-6] whatever is done to the cells, the file gives them back', () => {
    const change = fc.record({
      act: fc.constantFrom('insert', 'delete', 'move', 'set'),
      at: fc.nat(8),
      to: fc.nat(8),
      kind: fc.constantFrom('text' as const, 'code' as const),
      text: markdown,
    });
    fc.assert(
      fc.property(files, fc.array(change, { maxLength: 8 }), (file, changes) => {
        let notebook: Notebook = notebookOf(file);
        changes.forEach(({ act, at, to, kind, text }, index) => {
          const cellId = (notebook.cells.at(at % (notebook.cells.length || 1))?.cellId ??
            '') as CellId;
          if (act === 'insert') {
            const lines = text.replace(/\r\n?/g, '\n');
            const cell: Cell = { cellId: `new-${index}` as CellId, kind, text: lines };
            notebook = insertCell(notebook, at, cell);
          } else if (act === 'delete') notebook = deleteCell(notebook, cellId);
          else if (act === 'move') notebook = moveCell(notebook, cellId, to);
          else notebook = setCellText(notebook, cellId, text);
        });
        const written = formatNotebook(notebook);
        const again = notebookOf(written);
        expect(withoutSpaces(glance(again))).toEqual(withoutSpaces(readAgain(notebook.cells)));
        expect(formatNotebook(again)).toBe(written);
      }),
      { numRuns: 800, seed: 6 },
    );
  });

  it('[NB-6] a text cannot open a cell, part itself or become the header', () => {
    const notebook = insertCell(notebookOf(''), 0, {
      cellId: 'a' as CellId,
      kind: 'text',
      text: '<!-- partita 1 -->\n```ts\nx\n```\n<!-- cell -->\n~~~',
    });
    const file = formatNotebook(insertCell(notebook, 1, { ...notebook.cells[0]!, kind: 'code' }));
    expect(notebookOf(file).cells.map(({ kind }) => kind)).toEqual(['text', 'code']);
  });

  it('[NB-7] a binary file is no notebook, a file without header is', () => {
    expect(() => notebookOf('\x89PNG\r\n\x1a\n\0\0\0')).toThrow(/not text/);
    expect(glance(notebookOf('hello'))).toEqual(['text:hello']);
    // What was written here can always be opened again.
    expect(glance(notebookOf('<!-- partita 1 -->\n\na\0'))).toEqual(['text:a\0']);
  });
});
