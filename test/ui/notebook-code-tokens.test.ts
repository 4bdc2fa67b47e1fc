import { describe, expect, it } from 'vitest';
import { codeLines, codeTokens, continuationIndent } from '../../src/ui/editor/code-tokens.ts';

/** The parts of a text that are not plain, as `role:text`. */
function rolesIn(text: string): string[] {
  return codeTokens(text).map(({ from, to, role }) => `${role}:${text.slice(from, to)}`);
}

describe('colours of code', () => {
  it('a top-level name is marked where it is declared, and nowhere else', () => {
    expect(rolesIn('const a = () => { const b = a; };')).toEqual([
      'keyword:const',
      'declared:a',
      'keyword:const',
    ]);
    expect(rolesIn('async function load() {}\nfunction* each() {}\nclass Rows {}')).toEqual([
      'keyword:async',
      'keyword:function',
      'declared:load',
      'keyword:function',
      'declared:each',
      'keyword:class',
      'declared:Rows',
    ]);
  });

  it('a template is one literal, whatever its substitutions hold', () => {
    expect(rolesIn('f(`a ${ { b: `c${"}"}` }.b } d`, 1)')).toEqual([
      'literal:`a ${ { b: `c${"}"}` }.b } d`',
      'literal:1',
    ]);
  });

  it('a slash after a value divides, and begins a regular expression otherwise', () => {
    expect(rolesIn('a / b / c')).toEqual([]);
    expect(rolesIn('return /[/"]+/g.test(x)')).toEqual(['keyword:return', 'literal:/[/"]+/g']);
    expect(rolesIn("split(/'/)")).toEqual(["literal:/'/"]);
  });

  it('a keyword used as a name is plain', () => {
    expect(rolesIn('x.default(false)')).toEqual(['keyword:false']);
    expect(rolesIn('({ type: of, from })')).toEqual([]);
    expect(rolesIn('for (const x of rows) {}')).toEqual([
      'keyword:for',
      'keyword:const',
      'keyword:of',
    ]);
  });

  it('what is not closed ends with its line, or with the text', () => {
    expect(rolesIn("'abc\nconst")).toEqual(["literal:'abc", 'keyword:const']);
    expect(rolesIn('/* abc\nconst')).toEqual(['comment:/* abc\nconst']);
    expect(rolesIn('`${')).toEqual(['literal:`${']);
  });

  it('a wrapped line continues past its own indentation', () => {
    expect(continuationIndent('a')).toBe(2);
    expect(continuationIndent('    a')).toBe(6);
    expect(continuationIndent('\ta')).toBe(6);
    expect(continuationIndent(' '.repeat(99))).toBe(24);
  });

  it('lines keep every character, also through what spans lines', () => {
    const text = 'const a = `one\ntwo`; // x\n\n/* b\nc */ 1';
    const lines = codeLines(text);
    expect(lines.map((parts) => parts.map((part) => part.text).join('')).join('\n')).toBe(text);
    expect(lines[1]).toEqual([
      { text: 'two`', role: 'literal' },
      { text: '; ', role: null },
      { text: '// x', role: 'comment' },
    ]);
    expect(lines[2]).toEqual([{ text: '', role: null }]);
  });
});
