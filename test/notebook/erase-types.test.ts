import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { eraseTypes } from '../../src/notebook/erase-types.ts';
import { parseTypeScript } from '../../src/notebook/syntax-tree.ts';

function erased(text: string): string {
  return eraseTypes(text, parseTypeScript(text));
}

/** What a program means: its tree without places, and without statements that do nothing. */
function meaningOf(javascript: string): unknown {
  const tree = parse(javascript, { ecmaVersion: 'latest', sourceType: 'module' });
  return JSON.parse(
    JSON.stringify(tree, (field, value: unknown) => {
      if (['start', 'end', 'raw', 'directive'].includes(field)) return undefined;
      if (typeof value === 'bigint') return String(value);
      if (!Array.isArray(value)) return value;
      return value.filter((each) => (each as { type?: string } | null)?.type !== 'EmptyStatement');
    }),
  );
}

function transpiled(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  return outputText.replace(/^"use strict";\r?\n/, '').replace(/^export \{\};$/m, '');
}

/** The types are gone, nothing has moved, and it means what TypeScript makes of it. */
function expectFaithful(text: string): void {
  const javascript = erased(text);
  expect(javascript).toHaveLength(text.length);
  expect(lineEnds(javascript)).toEqual(lineEnds(text));
  expect(meaningOf(javascript), javascript).toEqual(meaningOf(transpiled(text)));
}

function lineEnds(text: string): readonly number[] {
  return [...text.matchAll(/[\n\r\u2028\u2029]/g)].map(({ index }) => index);
}

const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  annotations: [
    'const a: number = 1, b: string[] = [], { c, d: [e] }: { c: X; d: Y[] } = f;',
    'let a: number;\nlet b: string | undefined = undefined',
    'function f(a: number, { b }: { b: string } = x, ...rest: T[]): asserts a is 1 { return a }',
    'try { f() } catch (error: unknown) { g(error) }',
    'for (const a of b as T[]) c(a)',
    'class A { #p?: number; "q": string = "x"; [r]?: T = 3; static s: U }',
  ],
  assertions: [
    'f(a as any, b satisfies T, c!, d as const, (e as X).f, g!.h!.i![0]!)',
    'const a = (b) as T; const c = ((d as X) as unknown as Y)!',
    'const a = b /* as */ as /* x */ T // as U\n',
    'a! += 1; a!++; (a as any) = 3; const b = !c!',
    'const a = b! as T;\nconst asas = as as as;',
  ],
  generics: [
    'f<string>(1); new Map<string, number>(); tag<T>`x${1 as T}`; a?.b<T>(c); const g = f<string>',
    'const f = <T,>(a: T): T => a; function g<const T extends X = Y>(a: T) {}',
    'class A<T> extends B<T> implements C, D<E> { m<U>(this: A<T>, u?: U): U { return u! } }',
    'const o = { m<T>(this: X, a: T): void {}, get x(): number { return 1 }, set x(v: number) {} }',
    'class A extends (B as C)<D> {}',
    'const a = b < c, d = e > (f);',
  ],
  'declarations that are only types': [
    'interface A { b: c }\ntype D = E;\nconst f = 1',
    'declare const a: number; declare function b(): void; declare class C {}; declare let d, e: T',
    'declare enum E { A }\ndeclare namespace N { const a: 1 }\ndeclare global { interface X {} }',
    'function f(a: number): void;\nfunction f(a: string): void;\nfunction f(a: any) {}',
    'type A = {\n  [K in keyof T]: `${K & string}-x`\n}\nabstract class B {}',
  ],
  classes: [
    'abstract class A<T> { abstract m(): void; abstract q: number; abstract get r(): string; n() {} }',
    'class A extends Z { private readonly a: number; protected static override b = 1; public async *c<T>() {} }',
    'class A { declare a: number; [key: string]: any; b!: string; constructor(); constructor(a?) {} }',
    'class A extends Z { override foo?(a: number): string; readonly = 1; private = 2; static static = 3 }',
    'class A { x = 1\n  private ["y"] = 2\n  public *z() {}\n  readonly [w]: T = 4\n }',
    'class A { x = 1\n  declare y: number\n  ["z"] = 2;\n  [k: string]: T\n  *m() {} }',
    'class A { a = b as any\n  ["c"] = 1 }',
    'const A = class<T> implements B { private a = 1 }',
  ],
  'lines that would run together': [
    'const a = 1\ninterface B {}\n(c)()',
    'const a = 1\ntype B = 2\n[c].d()',
    'const a = b as any\n(c)()',
    'const a = b satisfies T\n[c].d()',
    'const a = b as X /* c */ // d\n`e`',
    'const a = b as any\n+ c',
    'const a = f<T>\n`x`',
    'let a: T\n(b)()',
    'a!\n(b)',
  ],
  'arrows across lines': [
    'const f = (a: number):\n  Promise<\n    T\n  > => a',
    'const f = (): {\n  a: number;\n} => ({ a: 1 })',
    'const f = async <\n  T,\n>(a: T) => a',
    'function f() { return <\n  T\n>(a: T): T => a }',
    'const f = async <T,>\n(a: T): Promise<\n T> => a',
    'const f = (\n  a: number,\n  b?: string,\n): number => a',
    'const f = (a: (b: number) => void) => (c: typeof a): c is any => true',
  ],
  'the parameter this': [
    'function f(this: A) {} function g(this: B, c: D) {} const h = function (this /* x */, a?) {}',
    'function f(\n  this: A,\n  b: C,\n) {}',
  ],
  'texts that look like types': [
    'const a = "as any"; const b = `x as ${c as string} <T>`; // : number\nconst d = /as!/',
    'const a = b ? c : d; const e = b ? (c as T) : (d!); label: for (;;) break label',
    'const a = { b: c, "d": e as F, [g]: h!, i, async j<T>() {}, ...k as L }',
    'const type = 1; const declare = 2; const interface_ = type; let abstract = declare;',
    'const a = 1; type = 3\n',
  ],
  'odd line ends': [
    'const a: {\r\n b: c\r\n} = 1\r\ninterface D {}\r\n(e)',
    'const a: {\u2028} = "\u2028"',
  ],
};

describe('the erasing of types (NB)', () => {
  for (const [what, samples] of Object.entries(SAMPLES)) {
    it(`[NB-20] ${what}: nothing moves, and it means what TypeScript makes of it`, () => {
      for (const sample of samples) expectFaithful(sample);
    });
  }

  const folder = join(import.meta.dirname, '../../src/notebook');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    it(`[NB-20] the module ${file} keeps its meaning`, () => {
      const module = readFileSync(join(folder, file), 'utf8');
      expectFaithful(module.replace(/^import [^;]*;/gm, '').replace(/^export /gm, ''));
    });
  }
});
