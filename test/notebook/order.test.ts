import { describe, expect, it } from 'vitest';
import type { Cell, CellId } from '../../src/notebook/notebook.ts';
import { analyseNotebook } from '../../src/notebook/analyse-notebook.ts';
import { dependentsOf, librariesOf } from '../../src/notebook/order.ts';

/** Cells named by their number; a text that begins with # is a text cell. */
function cellsOf(...texts: readonly string[]): readonly Cell[] {
  return texts.map((text, index) => ({
    cellId: String(index + 1) as CellId,
    kind: text.startsWith('#') ? 'text' : 'code',
    text,
  }));
}

function analysed(...texts: readonly string[]) {
  return analyseNotebook(cellsOf(...texts));
}

function problemsOf(...texts: readonly string[]) {
  return analysed(...texts).problems.map(
    ({ cellId, severity, code, message }) => `${cellId} ${severity} ${code}: ${message}`,
  );
}

describe('the cells of a notebook (NB)', () => {
  it('[NB-24] cells run in notebook order, but after what they need', () => {
    expect(analysed('const a = 1', '# text', 'const b = 2', 'c').order).toEqual(['1', '3', '4']);
    expect(analysed('const a = b', 'const c = 1', 'const b = d', 'const d = c').order).toEqual([
      ...['2', '4', '3', '1'],
    ]);
  });

  it('[NB-24] what functions use comes first too, where that is possible', () => {
    expect(analysed('const a = [1].map(() => b)', 'const b = 1').order).toEqual(['2', '1']);
    expect(analysed('const a = () => b()', 'const b = () => a()').order).toEqual(['1', '2']);
    // The cycle through functions is left to them; the need at the top is met.
    expect(analysed('const a = () => b', 'const b = a()').order).toEqual(['1', '2']);
    expect(analysed('const a = b()', 'const b = () => () => a').order).toEqual(['2', '1']);
  });

  it('[NB-24] a function declaration exists before every cell', () => {
    expect(problemsOf('const a = f()', 'function f() { return 1 }\nconst b = a')).toEqual([]);
    expect(analysed('const a = f()', 'function f() { return 1 }').order).toEqual(['2', '1']);
  });

  it('[NB-25] a name declared twice is the fault of the later cell', () => {
    expect(problemsOf('const x = 1', '# text', 'const y = 2; let x = 3', 'y', 'x')).toEqual([
      '3 error declared_twice: x is already declared in cell 1.',
    ]);
    const { order, heldBack } = analysed('const x = 1', 'const y = 2; let x = 3', 'y', 'x');
    expect(order).toEqual(['1', '4']);
    expect(heldBack).toEqual([{ cellId: '3', name: 'y', becauseOf: '2' }]);
  });

  it('[NB-25] names of ours cannot be declared', () => {
    for (const name of [
      'dg',
      'z',
      'files',
      'assert',
      'DateTime',
      'Duration',
      'Interval',
      '__cell',
    ]) {
      expect(problemsOf(`const ${name} = 1`)).toEqual([
        `1 error reserved_name: ${name} is in scope in every cell. Choose another name.`,
      ]);
    }
    expect(problemsOf('const URL = 1; const f = (dg) => dg')).toEqual([]);
  });

  it('[NB-26] cells that wait for each other at their tops are told the chain', () => {
    expect(problemsOf('const a = b', '# text', 'const b = c', 'const c = a', 'a')).toEqual([
      '1 error cycle: These cells wait for each other: cell 1 needs b of cell 3, cell 3 needs c of cell 4, cell 4 needs a of cell 1.',
      '3 error cycle: These cells wait for each other: cell 3 needs c of cell 4, cell 4 needs a of cell 1, cell 1 needs b of cell 3.',
      '4 error cycle: These cells wait for each other: cell 4 needs a of cell 1, cell 1 needs b of cell 3, cell 3 needs c of cell 4.',
    ]);
    expect(analysed('const a = b', 'const b = a', 'const c = 1', 'a').order).toEqual(['3']);
  });

  it('[NB-27] only cells that depend on a fault are held back, and know on which', () => {
    const { order, heldBack } = analysed(
      'const a = ;',
      'const b = () => a',
      'const c = b',
      'const d = 1',
      'enum E { F }',
      'E',
    );
    expect(order).toEqual(['4']);
    expect(heldBack).toEqual([
      { cellId: '2', name: 'a', becauseOf: '1' },
      { cellId: '3', name: 'b', becauseOf: '1' },
      { cellId: '6', name: 'E', becauseOf: '5' },
    ]);
  });

  it('[NB-27] the dependents of a cell, however far', () => {
    const analysis = analysed('const a = 1', 'const b = () => a', 'const c = b', 'const d = 1');
    expect([...dependentsOf(analysis, '1' as CellId)].sort()).toEqual(['2', '3']);
    expect([...dependentsOf(analysis, '4' as CellId)]).toEqual([]);
    const round = analysed('const a = () => b', 'const b = () => a');
    expect([...dependentsOf(round, '1' as CellId)]).toEqual(['2']);
  });

  it('[NB-28] an unknown name is a warning with the nearest name', () => {
    expect(problemsOf('const customer_id = 1', 'custmer_id')).toEqual([
      '2 warning unknown_name: custmer_id is not declared. Did you mean customer_id?',
    ]);
    expect(
      problemsOf('dg.asset((context) => { const customer_id = 1; return custmer_id; })'),
    ).toEqual(['1 warning unknown_name: custmer_id is not declared. Did you mean customer_id?']);
    expect(problemsOf('xyzzy; Mth; datetime')).toEqual([
      '1 warning unknown_name: xyzzy is not declared.',
      '1 warning unknown_name: Mth is not declared. Did you mean Math?',
      '1 warning unknown_name: datetime is not declared. Did you mean DateTime?',
    ]);
    expect(analysed('xyzzy').order).toEqual(['1']);
    expect(problemsOf('console.log(Math.max(1), new Map(), setTimeout, undefined)')).toEqual([]);
  });

  it('[NB-30] only the libraries that running cells name are needed', () => {
    expect([...librariesOf(analysed('dg.Config({ a: z.string() })', 'const a = 1'))]).toEqual([
      'zod',
    ]);
    expect([...librariesOf(analysed('Interval', 'dg.test("a", () => assert(1))', 'z +'))]).toEqual([
      ...['luxon', 'chai'],
    ]);
    expect([...librariesOf(analysed('const f = (z) => z; type A = DateTime'))]).toEqual([]);
  });

  it('[NB-24] five hundred cells are put in order', () => {
    const texts = Array.from(
      { length: 500 },
      (_, at) => `const a${at} = () => [a${at + 1}, a${at % 7}]`,
    );
    texts[499] = 'const a499 = 1';
    const { order, problems } = analysed(...texts);
    expect(problems).toEqual([]);
    expect(order).toHaveLength(500);
  });
});
