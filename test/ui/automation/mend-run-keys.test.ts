import { describe, expect, it } from 'vitest';
import {
  changedLines,
  lacksRunKeys,
  withRunKeys,
} from '../../../src/ui/automation/mend-run-keys.ts';

describe('the mend of requests without run keys [SCH-11]', () => {
  it('names the partition key as the run key, in place', () => {
    expect(withRunKeys('yield dg.RunRequest({ partitionKey });')).toBe(
      'yield dg.RunRequest({ partitionKey, runKey: partitionKey });',
    );
    expect(withRunKeys("dg.RunRequest({ partitionKey: keys[at], tags: { a: 'b' } })")).toBe(
      "dg.RunRequest({ partitionKey: keys[at], runKey: keys[at], tags: { a: 'b' } })",
    );
  });

  it('keeps the lines of a request that stands on several', () => {
    const before = `dg.RunRequest({
  partitionKey: \`\${day}|a\`, // the key
})`;
    const after = withRunKeys(before) ?? '';
    expect(after).toContain('partitionKey: `${day}|a`,\n  runKey: `${day}|a`,');
    expect(changedLines(before, after).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['added']),
    );
  });

  it('leaves alone what has one, what cannot be told, and what is no code', () => {
    for (const text of [
      'dg.RunRequest({ partitionKey, runKey: "x" })',
      'dg.RunRequest({ ...request, partitionKey })',
      'dg.RunRequest({ tags: {} })',
      'dg.RunRequest({ partitionKey: await next() })',
      '// dg.RunRequest({ partitionKey })',
      "'dg.RunRequest({ partitionKey })'",
      'dg.RunRequest({ partitionKey',
    ]) {
      expect(withRunKeys(text), text).toBeNull();
    }
  });

  it('mends every request of a cell', () => {
    expect(
      withRunKeys('[dg.RunRequest({ partitionKey: "a" }), dg.RunRequest({ partitionKey: "b" })]'),
    ).toBe(
      '[dg.RunRequest({ partitionKey: "a", runKey: "a" }), dg.RunRequest({ partitionKey: "b", runKey: "b" })]',
    );
  });

  it('is offered by what any cause of an error says', () => {
    const error = (message: string, cause: ReturnType<typeof plain> | null = null) => ({
      ...plain(message),
      cause,
    });
    const plain = (message: string) => ({
      name: 'CheckError',
      code: null,
      kind: 'CheckError',
      message,
      frames: [],
      cause: null,
    });
    const said = plain(
      'Invariant failed. Description: Schedules that return multiple RunRequests must specify a run_key in each RunRequest',
    );
    expect(lacksRunKeys(error('Error occurred', said))).toBe(true);
    expect(lacksRunKeys(plain('no such folder'))).toBe(false);
  });
});

describe('a difference of two texts', () => {
  it('has the lines that changed, in order', () => {
    expect(changedLines('a\nb\nc', 'a\nx\nc\nd')).toEqual([
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'x' },
      { kind: 'added', text: 'd' },
    ]);
    expect(changedLines('same', 'same')).toEqual([]);
  });
});
