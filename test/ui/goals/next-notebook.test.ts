import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/notebook/header.ts';
import { nextNotebook } from '../../../src/ui/goals/next-notebook.ts';

const next = (value: string) => nextNotebook(readHeader(`<!-- partita 1\nnext: ${value}\n-->`));

describe('the notebook after a lesson', () => {
  it('is named by the header, with its title', () => {
    expect(next('lesson-2, The same with config')).toEqual({
      href: '?example=lesson-2',
      title: 'The same with config',
    });
    expect(next('twin')).toEqual({ href: '?example=twin', title: 'twin' });
    expect(next('twin, Commas, and more')?.title).toBe('Commas, and more');
  });

  it('is none where the header names none, or something else than an example', () => {
    expect(nextNotebook(readHeader('text'))).toBeNull();
    for (const value of ['', 'https://example.org', 'lesson-2&embed', '../lesson']) {
      expect(next(value)).toBeNull();
    }
  });
});
