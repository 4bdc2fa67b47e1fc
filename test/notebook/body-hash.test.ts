import { describe, expect, it } from 'vitest';
import { analyseCell } from '../../src/notebook/analysis.ts';
import { bodyHash } from '../../src/notebook/body-hash.ts';

/** The hash of the function with which `a` is made in a cell. */
function hashIn(cell: string): string | null {
  const { javascript, declarations } = analyseCell(cell);
  const body = declarations.find(({ name }) => name === 'a')?.body;
  return body ? bodyHash(javascript.slice(body.from, body.to)) : null;
}

const plain = 'const a = dg.asset({ deps: [] }, (context) => { return "a  b" + 1; });';

describe('the hash of a function', () => {
  it('[NB-36] stays the same over types, comments, blanks and layout, and over the options beside it', () => {
    for (const same of [
      'const a = dg.asset({ deps: [b] }, (context: Context): string => { return "a  b" + 1; });',
      'const a = dg.asset(\n  { deps: [] },\n  (\n    context,\n  ) => {\n    // a note\n    return ("a  b" /* two */ + 1) as string;\n  },\n);',
    ]) {
      const expected = same.includes('as string')
        ? hashIn('const a = dg.asset({}, (context) => { return ("a  b" + 1); });')
        : hashIn(plain);
      expect(hashIn(same)).toBe(expected);
    }
  });

  it('[NB-36] is another where anything else of it is', () => {
    for (const other of [
      'const a = dg.asset({ deps: [] }, (context) => { return "a b" + 1; });',
      'const a = dg.asset({ deps: [] }, (context) => { return "a  b" + 2; });',
      'const a = dg.asset({ deps: [] }, (other) => { return "a  b" + 1; });',
      'const a = dg.asset({ deps: [] }, async (context) => { return "a  b" + 1; });',
      'const a = dg.asset({ deps: [] }, (context) => { return "// a  b" + 1; });',
    ]) {
      expect(hashIn(other)).not.toBe(hashIn(plain));
    }
  });

  it('[NB-36] is none where a value is made without a function', () => {
    expect(hashIn('const a = dg.AssetSpec("a");')).toBeNull();
    expect(hashIn('const a = 1;')).toBeNull();
  });
});
