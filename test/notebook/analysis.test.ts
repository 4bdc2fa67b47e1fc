import { describe, expect, it } from 'vitest';
import { analyseCell } from '../../src/notebook/analysis.ts';

function problemsOf(text: string) {
  return analyseCell(text).problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

function messageOf(text: string) {
  return analyseCell(text).problems[0]?.message;
}

function declared(text: string) {
  return analyseCell(text).declarations.map(({ kind, name }) => `${kind} ${name}`);
}

/** Names used, with `?` after those that are used only some day. */
function used(text: string) {
  return analyseCell(text).references.map(({ name, isDeferred }) => name + (isDeferred ? '?' : ''));
}

describe('the analysis of a cell (NB)', () => {
  it('[NB-18] an error of syntax stands where it is', () => {
    expect(problemsOf('const a = 1;\nconst b = ;')).toEqual(['syntax_error 2:11']);
    expect(messageOf('const a = 1;\nconst b = ;')).toBe('";" is not expected here.');
    expect(messageOf('f({ a: 1')).toBe('The cell ends here, and something is still open.');
    expect(problemsOf('const a = `x\n')).toEqual(['syntax_error 1:12']);
    expect(messageOf('const a = 1; const a = 2;')).toBe('a is declared twice in this cell.');
    expect(messageOf('dg.asset((context) => {\n  await files.readText("a");\n});')).toBe(
      'This function is not async, so it cannot await. Write async before it.',
    );
    expect(analyseCell('const a = ;').javascript).toBe('');
  });

  it('[NB-18] a span is on one line', () => {
    const [problem] = analyseCell('const a = 1;\nenum B {\n  C\n}').problems;
    expect(problem).toMatchObject({ line: 2, column: 1, span: { from: 13, to: 21 } });
  });

  it('[NB-19] what a cell may not do is refused in words', () => {
    for (const [text, code, words] of [
      ['await files.readCsv("a.csv")', 'top_level_await', 'do it in an asset or a test'],
      ['for await (const a of b) c()', 'top_level_await', 'do it in an asset or a test'],
      ['const a = { b: await c }', 'top_level_await', 'do it in an asset or a test'],
      ['if (a) { return 3 }', 'top_level_return', 'nothing to return to'],
      ['import dg from "dagster"', 'no_imports', 'There are no imports in cells'],
      ['import type { A } from "b"', 'no_imports', 'dg, z, DateTime, files and assert'],
      ['const a = () => import("b")', 'no_imports', 'There are no imports in cells'],
      ['import.meta.url', 'no_imports', 'There are no imports in cells'],
      ['export const a = 1', 'no_imports', 'There are no imports in cells'],
      ['export { a }', 'no_imports', 'There are no imports in cells'],
      ['export default 3', 'no_imports', 'There are no imports in cells'],
      ['if (a) { import b from "c" }', 'no_imports', 'There are no imports in cells'],
      ['import a = require("b")', 'no_imports', 'There are no imports in cells'],
      ['enum A { B }', 'not_erasable', 'union of texts'],
      ['const enum A { B }', 'not_erasable', 'union of texts'],
      ['namespace A { export const b = 1 }', 'not_erasable', 'namespace'],
      ['class A { constructor(private b: C) {} }', 'not_erasable', 'parameter property'],
      ['@a class B {}', 'not_erasable', 'Decorators'],
      ['class A { @b c() {} }', 'not_erasable', 'Decorators'],
      ['class A { accessor b = 1 }', 'not_erasable', 'getter'],
      ['const a = <T>b', 'not_erasable', 'value as Type'],
    ] as const) {
      const [problem] = analyseCell(text).problems;
      expect(problem?.code, text).toBe(code);
      expect(problem?.message).toContain(words);
      expect(problem?.severity).toBe('error');
    }
  });

  it('[NB-19] the same is allowed where it has its place', () => {
    for (const text of [
      'const a = async () => { for await (const b of c) await b; return 3 }',
      'class A { async b() { await c } }',
      'declare enum A { B }\ndeclare namespace C { const d: 1 }',
      'function f() { return new.target }',
    ]) {
      expect(problemsOf(text)).toEqual([]);
    }
  });

  it('[NB-20] a cell of types leaves nothing to run', () => {
    const { javascript, declarations, references } = analyseCell(
      'interface A { b: typeof c }\ntype D = A | E;\ndeclare const f: G;',
    );
    expect(javascript.replace(/[\s;]/g, '')).toBe('');
    expect([...declarations, ...references]).toEqual([]);
  });

  it('[NB-21] declarations are what the top binds, and what var lets escape', () => {
    expect(
      declared(
        `const a = 1, { b, c: [d = x], ...e } = y; let f; async function* g() { var no; }
        class H {} if (a) { var i = 2; let no; function no2() {} } for (var j of k) {}
        for (const no of k) {} interface No {} declare const no3: 1; label: { var l; }`,
      ),
    ).toEqual([
      ...['const a', 'const b', 'const d', 'const e', 'let f', 'function g', 'class H'],
      ...['var i', 'var j', 'var l'],
    ]);
  });

  it('[NB-21] of a cell that does not parse, its lines tell what it seems to declare', () => {
    const text = 'const a = ;\nasync function* b() {}\n  const no = 1;\nabstract class C {}';
    expect(declared(text)).toEqual(['const a', 'function b', 'class C']);
    expect(used(text)).toEqual([]);
  });

  it('[NB-22] references are names that nothing in the cell binds', () => {
    expect(used('const a = b.c[d].e({ f, g: h, [i]: 1, j() {} }); a;')).toEqual([
      ...['b', 'd', 'f', 'h', 'i'],
    ]);
    expect(used('function f(a, { b = c, [d]: e }, ...g) { a(b, e, g, f); var h; h }')).toEqual([
      ...['c?', 'd?'],
    ]);
    expect(used('try { a } catch ({ b = c }) { b } { let d; d } d; for (let e of f) e; e')).toEqual(
      [...['a', 'c', 'd', 'f', 'e']],
    );
    expect(used('a: for (;;) { continue a } switch (b) { case c: let d; d; default: d }')).toEqual([
      ...['b', 'c'],
    ]);
    expect(used('const f = function g() { g(); arguments; }; g; arguments')).toEqual([
      ...['g', 'arguments'],
    ]);
    expect(used('[a, b.c] = [1, 2]; ({ d, e: f } = g); h++; `${i}`; typeof j')).toEqual([
      ...['a', 'b', 'd', 'f', 'g', 'h', 'i', 'j'],
    ]);
  });

  it('[NB-22] types are no references', () => {
    expect(
      used('const a: B<typeof c> = d as E satisfies F; function g<H extends I>(j: K): L {}'),
    ).toEqual(['d']);
    expect(
      used('class A extends B<C> implements D { e: F = g; declare h: I; [j: string]: K }'),
    ).toEqual(['B', 'g?']);
    expect(used('declare const a: number; a + b')).toEqual(['b']);
  });

  it('[NB-23] what stands in a function is used some day, unless it is called on the spot', () => {
    expect(used('dg.asset({ a }, (context) => b(context, c)); c')).toEqual(['dg', 'a', 'b?', 'c']);
    expect(
      used('(() => a)(); (async function () { b })(); const f = () => c; [1].map(() => d)'),
    ).toEqual(['a', 'b', 'c?', 'd?']);
    expect(
      used(`class A extends B { [c] = d; static e = f; static { g; var h; h } i(j = k) { l }
        static m() { n } get [o]() { return p } }`),
    ).toEqual(['B', 'c', 'd?', 'f', 'g', 'k?', 'l?', 'n?', 'o', 'p?']);
  });
});
