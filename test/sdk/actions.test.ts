import { describe, expect, it } from 'vitest';
import { parseDefinitions } from '../../src/protocol/parse-definitions.ts';
import { guestOf } from './guest-of.ts';

describe('actions', () => {
  it('[SDK-42] leave the sandbox as they are written', () => {
    const answer = guestOf([
      "dg.action('run a', { run: 'a', with: { limit: 500 } });",
      "dg.action('c fails', { write: 'c.csv', text: '' }, { run: 'c' });\ndg.action('wait', { until: DateTime.fromISO('2026-03-11T01:00:00Z', { zone: 'utc' }) });",
    ]).load();
    if (answer.status !== 'loaded') throw new Error('The cells do not load.');
    expect(parseDefinitions(answer.definitions).actions).toEqual([
      { cellId: 'c1', title: 'run a', steps: [{ run: 'a', with: { limit: 500 } }] },
      { cellId: 'c2', title: 'c fails', steps: [{ write: 'c.csv', text: '' }, { run: 'c' }] },
      { cellId: 'c2', title: 'wait', steps: [{ until: '2026-03-11T01:00:00.000Z' }] },
    ]);
  });

  it('[SDK-42] a notebook without any says nothing of them', () => {
    const answer = guestOf(['const a = 1;']).load();
    if (answer.status !== 'loaded') throw new Error('The cells do not load.');
    expect(parseDefinitions(answer.definitions)).not.toHaveProperty('actions');
  });

  it.each([
    ["dg.action(1, { run: 'a' })", 'The title of dg.action must be text'],
    ["dg.action('one', 'a')", 'A step of dg.action must be an object'],
    ["dg.action('one', { run: 1n })", 'must be plain data'],
  ])('[SDK-42] %s is refused', (cell, message) => {
    const answer = guestOf([cell]).load();
    if (answer.status !== 'threw') throw new Error('The cell loads.');
    expect(answer.error.message).toContain(message);
  });
});
