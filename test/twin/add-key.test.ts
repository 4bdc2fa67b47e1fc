import { describe, expect, it } from 'vitest';
import { withAddedKey } from '../../src/twin/add-key.ts';

describe('a key more in a list (TWIN-11)', () => {
  it.each([
    [
      "const a = dg.StaticPartitionsDefinition(['x', 'y']);",
      "const a = dg.StaticPartitionsDefinition(['x', 'y', 'z']);",
    ],
    [
      'const a = dg.StaticPartitionsDefinition([]) as never;',
      "const a = dg.StaticPartitionsDefinition(['z']) as never;",
    ],
    [
      "const b = 1;\nconst a = dg.StaticPartitionsDefinition(\n  ['x',\n   'y', // the last\n  ],\n);",
      "const b = 1;\nconst a = dg.StaticPartitionsDefinition(\n  ['x',\n   'y', 'z', // the last\n  ],\n);",
    ],
  ])('%s', (before, after) => {
    expect(withAddedKey(before, 'a', 'z')).toBe(after);
  });

  it.each([
    "const b = dg.StaticPartitionsDefinition(['x']);",
    'const a = dg.StaticPartitionsDefinition(names);',
    "const a = dg.DynamicPartitionsDefinition({ name: 'a' });",
    "const a = ['x'];",
    'const a = (',
  ])('[TWIN-11] %s has no list of a', (code) => {
    expect(withAddedKey(code, 'a', 'z')).toBeNull();
  });

  it('[TWIN-11] a quote in a key is escaped', () => {
    expect(withAddedKey('const a = dg.StaticPartitionsDefinition([]);', 'a', "d'or")).toBe(
      "const a = dg.StaticPartitionsDefinition(['d\\'or']);",
    );
  });
});
