import { describe, expect, it } from 'vitest';
import { parseConfigText, printConfigText } from '../../src/config/config-text.ts';

const valueOf = (text: string) => {
  const outcome = parseConfigText(text);
  return outcome.status === 'parsed' ? outcome.value : outcome.message;
};

describe('config as text', () => {
  it('[CT-1] is JSON; comments, commas at the end and bare names are let through', () => {
    expect(valueOf('{"limit": 5, "names": ["a", "b"]}')).toEqual({ limit: 5, names: ['a', 'b'] });
    expect(
      valueOf("{ limit: -1.5e3, // a day's worth\n  # or so\n  on: true, to: null, /* x */ }"),
    ).toEqual({
      limit: -1500,
      on: true,
      to: null,
    });
    expect(valueOf("['it\\'s', \"\\u00e9\"]")).toEqual(["it's", 'é']);
  });

  it('[CT-2] an empty text is an empty config', () => {
    expect(valueOf('')).toEqual({});
    expect(valueOf(' \n// nothing\n')).toEqual({});
  });

  it('[CT-3] what cannot be read is told by its line', () => {
    expect(valueOf('{\n  "a": 1\n  "b": 2\n}')).toBe(
      'Line 3: expected a comma or }, but there is """.',
    );
    expect(valueOf('{"a": ')).toBe('Line 1: expected a value, but the text ends.');
    expect(valueOf('{} {}')).toBe('Line 1: expected the end of the config, but there is "{".');
    expect(valueOf('yes')).toBe('Line 1: expected a value, but there is "y".');
    expect(valueOf('['.repeat(5000))).toContain('fewer levels');
  });

  it('[CT-4] what is printed is read back, and names are only names', () => {
    const config = { a: [1, { b: null }], c: 'x"y\\z' };
    expect(valueOf(printConfigText(config))).toEqual(config);
    const hostile = valueOf('{"__proto__": {"polluted": true}}') as object;
    expect(Object.keys(hostile)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
