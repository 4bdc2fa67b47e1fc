import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalConfig, fillIn } from '../../../src/ui/launchpad/merge-config.ts';

const dated = (date: string, more: object = {}) => ({ ops: { a: { config: { date, ...more } } } });

describe('a config that is filled in', () => {
  it('takes everything where nothing stands', () => {
    const { value, entries } = fillIn({}, {}, dated('2020-01-01'));
    expect(value).toEqual(dated('2020-01-01'));
    expect(entries).toEqual([
      {
        path: ['ops', 'a', 'config', 'date'],
        kind: 'added',
        before: undefined,
        offered: '2020-01-01',
      },
    ]);
  });

  it('replaces what the filling before had put there', () => {
    const { value, entries } = fillIn(
      dated('2020-01-01'),
      dated('2020-01-01', { limit: 5 }),
      dated('2020-01-02'),
    );
    expect(value).toEqual(dated('2020-01-02', { limit: 5 }));
    expect(entries).toMatchObject([
      { path: ['ops', 'a', 'config', 'date'], kind: 'replaced', before: '2020-01-01' },
    ]);
  });

  it('keeps what was typed, and says what it would have been', () => {
    const { value, entries } = fillIn(dated('2020-01-01'), dated('1999'), dated('2020-01-02'));
    expect(value).toEqual(dated('1999'));
    expect(entries).toMatchObject([{ kind: 'kept', before: '1999', offered: '2020-01-02' }]);
  });

  it('takes with it what it had put there and has no more', () => {
    expect(fillIn(dated('2020-01-01'), dated('2020-01-01'), {}).value).toEqual({});
    expect(fillIn(dated('2020-01-01'), dated('2020-01-01', { limit: 5 }), {}).value).toEqual({
      ops: { a: { config: { limit: 5 } } },
    });
  });

  it('is at rest once it has been filled in', () => {
    const name = fc.constantFrom('a', 'b');
    const leaf = fc.oneof(fc.constantFrom(1, 2), fc.array(fc.constantFrom(1, 2)));
    const config = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf)));
    fc.assert(
      fc.property(config, config, config, (base, mine, theirs) => {
        const { value } = fillIn(base, mine, theirs);
        expect(fillIn(base, base, theirs).value).toEqual(theirs);
        expect(fillIn(base, mine, base).value).toEqual(mine);
        expect(equalConfig(fillIn(theirs, value, theirs).value, value)).toBe(true);
      }),
    );
  });
});
