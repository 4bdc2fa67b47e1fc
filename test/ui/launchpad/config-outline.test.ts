import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfigText, printConfigText } from '../../../src/config/config-text.ts';
import {
  findInOutline,
  outlineConfig,
  placeInOutline,
  setInText,
} from '../../../src/ui/launchpad/config-outline.ts';

const text = `{
  // a note
  "ops": {
    "a": { "config": { "limit": 5, names: ["x", 'y'] } },
  },
}`;

function valueOf(written: string): unknown {
  const outcome = parseConfigText(written);
  return outcome.status === 'parsed' ? outcome.value : outcome.message;
}

function at(path: readonly (string | number)[]): string | null {
  const found = findInOutline(outlineConfig(text), path)?.value;
  return found ? text.slice(found.from, found.to) : null;
}

/** The place at the `|`. */
function placeAt(written: string) {
  return placeInOutline(written.replace('|', ''), written.indexOf('|'));
}

describe('where things stand in a config that is written as text', () => {
  it('finds values by their path', () => {
    expect(at(['ops', 'a', 'config', 'limit'])).toBe('5');
    expect(at(['ops', 'a', 'config', 'names', 1])).toBe("'y'");
    expect(at(['ops', 'b'])).toBe(null);
  });

  it('reads on where a text is not finished', () => {
    expect(outlineConfig('{ "ops": { "a": ')).toMatchObject({ entries: [{ name: 'ops' }] });
    expect(outlineConfig('{ a } ]')).toMatchObject({ entries: [{ name: 'a', value: null }] });
    expect(outlineConfig('')).toBe(null);
  });

  it('never gives up, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\'a1# /*\n\\') }), (written) => {
        outlineConfig(written);
        placeInOutline(written, Math.floor(written.length / 2));
      }),
    );
  });

  it('says what could be written at the cursor', () => {
    expect(placeAt('{ | }')).toMatchObject({ path: [], at: 'name', given: [] });
    expect(placeAt('{ "ops": { "a": {}, | } }')).toMatchObject({
      path: ['ops'],
      at: 'name',
      given: ['a'],
    });
    expect(placeAt('{ "ops": { "a|" } }')).toMatchObject({ path: ['ops'], at: 'name', given: [] });
    expect(placeAt('{ "mode": | }')).toMatchObject({ path: ['mode'], at: 'value' });
    expect(placeAt('{ "mode": "fa|st" }')).toMatchObject({ path: ['mode'], at: 'value', from: 10 });
    expect(placeAt('{ "modes": ["fast", |] }')).toMatchObject({ path: ['modes', 1], at: 'value' });
  });

  it('changes one value and leaves the rest as it is written', () => {
    expect(setInText(text, ['ops', 'a', 'config', 'limit'], 7)).toBe(text.replace('5', '7'));
    const added = setInText(text, ['ops', 'b', 'config', 'limit'], 1);
    expect(added).toContain('// a note');
    expect(valueOf(added)).toEqual({
      ops: { a: { config: { limit: 5, names: ['x', 'y'] } }, b: { config: { limit: 1 } } },
    });
    expect(valueOf(setInText(text, ['ops', 'a', 'config', 'limit'], undefined))).toEqual({
      ops: { a: { config: { names: ['x', 'y'] } } },
    });
    expect(setInText('', ['ops', 'a'], {})).toBe('{\n  "ops": {\n    "a": {}\n  }\n}');
    expect(setInText('{}', ['limit'], 1)).toBe('{\n  "limit": 1\n}');
  });

  it('says after a change what was meant, for any config', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const leaf = fc.oneof(fc.integer(), fc.constant('x'), fc.boolean());
    const config = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf)));
    fc.assert(
      fc.property(
        config,
        fc.array(name, { minLength: 1, maxLength: 2 }),
        fc.option(leaf, { nil: undefined }),
        (before, path, value) => {
          const after = valueOf(setInText(printConfigText(before), path, value));
          expect(after).toEqual(valueOf(JSON.stringify(setIn(before, path, value))));
        },
      ),
    );
  });
});

/** The same, on the value. */
function setIn(inside: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const isRecord = typeof inside === 'object' && inside !== null;
  if (value === undefined && (!isRecord || !(name in inside))) return inside;
  const entries = (isRecord ? inside : {}) as Record<string, unknown>;
  const { [name]: old, ...others } = entries;
  if (rest.length === 0) return value === undefined ? others : { ...entries, [name]: value };
  if (value === undefined && (typeof old !== 'object' || old === null)) return inside;
  return { ...entries, [name]: setIn(old, rest, value) };
}
