import { describe, expect, it } from 'vitest';
import { failureAdvice } from '../../../src/ui/real-dagster/failure-advice.ts';

describe('a failure of real Dagster', () => {
  it('says what to do where memory is short, in each browser’s words', () => {
    for (const message of [
      'RangeError: WebAssembly.Memory(): could not allocate memory',
      'RangeError: Array buffer allocation failed',
      'MemoryError: out of memory',
    ]) {
      expect(failureAdvice(message)).toContain('Close other tabs');
    }
  });

  it('says what to do where WebAssembly is blocked', () => {
    for (const message of [
      'CompileError: WebAssembly.instantiate(): Refused to compile or instantiate WebAssembly module',
      "ReferenceError: Can't find variable: WebAssembly",
    ]) {
      expect(failureAdvice(message)).toContain('Allow it');
    }
  });

  it('says of any other that nothing was changed', () => {
    expect(failureAdvice('python.zip could not be loaded.')).toContain('Ask again');
  });
});
