import { describe, expect, it } from 'vitest';
import {
  definitionOf,
  errorKind,
  readVectors,
  type ErrorAnswer,
  type WrittenDefinition,
} from './vectors.ts';

interface ErrorCase {
  readonly id: string;
  readonly marks?: readonly string[];
  readonly definition?: WrittenDefinition;
  readonly expect: 'ok' | ErrorAnswer;
}

// Mappings are plain data here: what their Python constructors check is checked by types.
const cases = readVectors<ErrorCase>('definition-errors').filter(
  ({ marks, definition }) => definition !== undefined && !marks?.includes('python-only'),
);

describe('definitions that Dagster refuses', () => {
  it.each(cases)('$rules $id', ({ definition, expect: answer }) => {
    expect(errorKind(() => definitionOf(definition as WrittenDefinition))).toBe(
      answer === 'ok' ? null : answer.error,
    );
  });
});
