import { describe, expect, it } from 'vitest';
import { lineOfFailure } from '../../src/app/failure-line.ts';
import type { CellPosition, SerializableErrorInfo } from '../../src/protocol/error-info.ts';

function thrownAt(...frames: readonly CellPosition[]): SerializableErrorInfo {
  return { name: 'Error', code: null, kind: null, message: 'no', frames, cause: null };
}

const thrown = thrownAt({ cellId: 'c2', line: 2, column: 3, lineText: `throw new Error('no');` });

describe('the line of a failure', () => {
  it('[APP-10] is where it was while the text is what ran', () => {
    const text = `const a = () => {\n  throw new Error('no');\n};`;
    expect(lineOfFailure(thrown, 'c2', text)).toEqual({ line: 2, edited: false });
  });

  it('[APP-10] moves with its text when lines are put before it, or taken away', () => {
    const longer = `// why\n\nconst a = () => {\n    throw new Error('no');\n};`;
    expect(lineOfFailure(thrown, 'c2', longer)).toEqual({ line: 4, edited: false });
    expect(lineOfFailure(thrown, 'c2', `throw new Error('no');`)).toEqual({
      line: 1,
      edited: false,
    });
  });

  it('[APP-10] is the nearest of equal lines', () => {
    const line = `throw new Error('no');`;
    const text = [line, '', '', line, line].join('\n');
    expect(lineOfFailure(thrown, 'c2', text).line).toBe(1);
  });

  it('[APP-10] is none once the line itself was edited', () => {
    const text = `const a = () => {\n  return 1;\n};`;
    expect(lineOfFailure(thrown, 'c2', text)).toEqual({ line: null, edited: true });
    expect(lineOfFailure(thrown, 'c2', '')).toEqual({ line: null, edited: true });
  });

  it('[APP-9, APP-10] is the innermost of the cell, though another cell threw', () => {
    const error = thrownAt(
      { cellId: 'c1', line: 1, column: 1, lineText: 'load();' },
      { cellId: 'c2', line: 3, column: 1, lineText: 'return load();' },
      { cellId: 'c2', line: 1, column: 1, lineText: 'load();' },
    );
    expect(lineOfFailure(error, 'c2', 'load();\n\nreturn load();').line).toBe(3);
  });

  it('[APP-10] is found though cells were counted anew', () => {
    expect(lineOfFailure(thrown, 'c7', `\n\nthrow new Error('no');`)).toEqual({
      line: 3,
      edited: false,
    });
  });

  it('[APP-10] is none where no cell is in the stack', () => {
    expect(lineOfFailure(thrownAt(), 'c2', 'a')).toEqual({ line: null, edited: false });
  });

  it('[APP-10] kept without its text, it keeps its number', () => {
    const old = thrownAt({ cellId: 'c2', line: 2, column: 1 });
    expect(lineOfFailure(old, 'c2', 'a\nb')).toEqual({ line: 2, edited: false });
    expect(lineOfFailure(old, 'c3', 'a\nb')).toEqual({ line: null, edited: false });
  });
});
