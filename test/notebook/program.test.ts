import { describe, expect, it } from 'vitest';
import type { CellId } from '../../src/notebook/notebook.ts';
import { analyseNotebook } from '../../src/notebook/analyse-notebook.ts';
import { dependentsOf } from '../../src/notebook/order.ts';
import { composeProgram, locateInCell, type Program } from '../../src/notebook/program.ts';

function programOf(texts: readonly string[], exclude: readonly string[] = []): Program {
  const cells = texts.map((text, index) => ({
    cellId: String(index + 1) as CellId,
    kind: 'code' as const,
    text,
  }));
  return composeProgram(analyseNotebook(cells), { exclude: new Set(exclude as CellId[]) });
}

/** Runs a program as the sandbox does. */
function run({ text }: Program) {
  const cells: string[] = [];
  const names: [string, unknown][] = [];
  const logged: unknown[] = [];
  const program = new Function('dg', '__cell', '__name', `'use strict'; ${text}`);
  program(
    { log: (value: unknown) => logged.push(value) },
    (cellId: string) => cells.push(cellId),
    (name: string, value: unknown) => {
      names.push([name, value]);
      return value;
    },
  );
  return { cells, names, logged };
}

describe('the program of a notebook (NB)', () => {
  it('[NB-31] the cells share one scope and run in order, each after its marker', () => {
    const { cells, logged } = run(
      programOf([
        'dg.log(b + c())',
        'const b: number = 1 // one',
        'function c() { return d }',
        'let d = 2',
      ]),
    );
    expect(cells).toEqual(['2', '4', '3', '1']);
    expect(logged).toEqual([3]);
  });

  it('[NB-31] a cell cannot run into the next', () => {
    const { logged } = run(programOf(['const a = dg.log', '(1, 2)', '`x`', '[3]', 'a(4)']));
    expect(logged).toEqual([4]);
  });

  it('[NB-31] a cell is strict, and has no this', () => {
    expect(run(programOf(['dg.log(this)'])).logged).toEqual([undefined]);
    expect(() => run(programOf(['const f = () => { undeclared = 1 }', 'f()']))).toThrow(
      ReferenceError,
    );
  });

  it('[NB-32] each constant is named when it has its value, and functions keep their own names', () => {
    const { names, logged } = run(
      programOf([
        `const a = 1, b = (2, 3) as number; let c; let d = [4,
        5]; var e = (b as any)!; const f = () => 1; const g = class {}; const { h } = { h: 6 };
        dg.log([f.name, g.name]);`,
      ]),
    );
    expect(names).toEqual([
      ['a', 1],
      ['b', 3],
      ['d', [4, 5]],
      ['e', 3],
    ]);
    expect(logged).toEqual([['f', 'g']]);
  });

  it('[NB-33] an error is found at its line and column', () => {
    const texts = [
      'interface A {\n  b: string;\n}\nconst a: A = { b: "x" }; boom(1);',
      '\n\nconst c = dg.log(\n  nope as any,\n);',
      'const long = 1, d = missing;',
    ];
    for (const [name, cellId, line, column] of [
      ['boom', '1', 4, 26],
      ['nope', '2', 4, 3],
      ['missing', '3', 1, 21],
    ] as const) {
      const program = programOf(texts);
      const at = program.text.indexOf(name);
      const before = program.text.slice(0, at);
      const place = [before.split('\n').length, at - before.lastIndexOf('\n')] as const;
      expect(locateInCell(program, ...place)).toMatchObject({ cellId, line, column });
    }
  });

  it('[NB-33] every letter of every cell is found where it was', () => {
    const texts = [
      'const a = 1, b: string = "x";\nlet c = (a, b)',
      'const d = {\r\n  "\u2028": c,\n}; a',
    ];
    const program = programOf(texts);
    for (const { cellId, source, from, insertions } of program.cellLines) {
      for (let at = 0; at < source.length; at += 1) {
        if (/\s/.test(source.charAt(at))) continue;
        const shift = insertions.reduce(
          (sum, each) => sum + (each.at <= at ? each.text.length : 0),
          0,
        );
        const before = program.text.slice(0, from + at + shift);
        const lines = before.split(/\r\n|[\n\r\u2028\u2029]/);
        const found = locateInCell(program, lines.length, (lines.at(-1) ?? '').length + 1);
        const own = source.slice(0, at).split('\n');
        const expected = { cellId, line: own.length, column: (own.at(-1) ?? '').length + 1 };
        expect(found).toMatchObject(expected);
      }
    }
  });

  it('[NB-33] a place comes with what its line says', () => {
    const program = programOf(['const a = 1;\n  throw a; // no']);
    expect(locateInCell(program, 3, 3)).toMatchObject({ line: 2, lineText: 'throw a; // no' });
  });

  it('[NB-33] a place between cells is in none', () => {
    const program = programOf(['const a = 1', 'a']);
    expect(locateInCell(program, 1, 1)).toBeNull();
    expect(locateInCell(program, 99, 1)).toBeNull();
    expect(program.cellLines.map(({ firstLine, lineCount }) => [firstLine, lineCount])).toEqual([
      [2, 1],
      [4, 1],
    ]);
  });

  it('[NB-34] cells with a fault, those held back and those excluded are left out', () => {
    const texts = ['const a = ;', 'a', 'const b = 1', 'type C = 1', 'const d = b', 'const e = 2'];
    expect(programOf(texts).cellLines.map(({ cellId }) => cellId)).toEqual(['3', '5', '6']);
    const analysis = analyseNotebook(
      texts.map((text, index) => ({ cellId: String(index + 1) as CellId, kind: 'code', text })),
    );
    const thrown = '3' as CellId;
    const exclude = new Set([thrown, ...dependentsOf(analysis, thrown)]);
    const left = composeProgram(analysis, { exclude });
    expect(left.cellLines.map(({ cellId }) => cellId)).toEqual(['6']);
  });
});
