import { describe, expect, it } from 'vitest';
import type { CellFailure } from '../../src/app/notebook-session.svelte.ts';
import type { CellProblem } from '../../src/protocol/engine.ts';
import { underlined, noteLine } from '../../src/ui/editor/line-note.ts';
import { cellNotes } from '../../src/ui/notebook/cell-notes.ts';

const problem: CellProblem = {
  cellId: 'c3',
  line: 2,
  column: 8,
  span: { from: 20, to: 30 },
  severity: 'error',
  code: 'unknown_name',
  message: 'custmer_id is not declared. Did you mean customer_id?',
};

const failure: CellFailure = {
  assetKey: 'customer_orders',
  runId: 'b41c9a02',
  partitionKey: 'customer_c',
  at: 0,
  keys: 1,
  line: 1,
  edited: false,
  error: {
    name: 'AssertionError',
    code: null,
    kind: null,
    message: 'no orders yet',
    frames: [],
    cause: null,
  },
};

describe('notes under lines', () => {
  it('stand in the order of their lines, the first sentence apart', () => {
    expect(cellNotes([problem], failure)).toEqual([
      {
        line: 1,
        span: null,
        severity: 'error',
        lead: 'customer_c failed here.',
        rest: 'AssertionError: no orders yet.',
        runId: 'b41c9a02',
      },
      {
        line: 2,
        span: { from: 20, to: 30 },
        severity: 'error',
        lead: 'custmer_id is not declared.',
        rest: 'Did you mean customer_id?',
        runId: null,
      },
    ]);
  });

  it('a failure of many keys names their number, one without partitions the asset', () => {
    const lead = (changed: Partial<CellFailure>) =>
      cellNotes([], { ...failure, ...changed })[0]?.lead;
    expect(lead({ keys: 1461 })).toBe('1,461 keys failed here.');
    expect(lead({ partitionKey: null })).toBe('customer_orders failed here.');
  });

  it('a failure whose place is not known stands under the last line', () => {
    const [note] = cellNotes([], { ...failure, line: null });
    expect(note && noteLine(note, 7)).toBe(7);
    expect(note?.lead).toBe('customer_c failed.');
  });

  it('a failure whose line was edited since stands under none', () => {
    expect(cellNotes([], { ...failure, line: null, edited: true })).toEqual([]);
  });

  it('a note without a span underlines its line, without the blanks around it', () => {
    const [note] = cellNotes([{ ...problem, span: null }], null);
    expect(note && underlined(note, 'const a = 1;\n  b();  \n')).toEqual({ from: 15, to: 19 });
    expect(note && underlined(note, 'one\n\ntwo')).toBeNull();
  });

  it('an error that ends as if more came ends as a sentence', () => {
    const rest = (name: string, message: string) =>
      cellNotes([], { ...failure, error: { ...failure.error, name, message } })[0]?.rest;
    expect(rest('Error', '')).toBe('Error.');
    expect(rest('Error', 'one of these is wrong:')).toBe('Error: one of these is wrong.');
    expect(rest('Error', 'why?')).toBe('Error: why?');
  });
});
