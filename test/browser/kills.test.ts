import { describe, expect, inject, it } from 'vitest';
import { tryKills } from './kill-trial.ts';

describe('a browser that is killed over a backfill, and opened again', () => {
  it.each([
    ['the clock stands', true, 3],
    ['time passes', false, 2],
  ] as const)(
    '[EN-17, Q-5] where %s: loses no key, records none twice, and goes on by itself',
    async (_clock, virtual, kills) => {
      const trial = { executable: inject('chromium'), siteUrl: inject('siteUrl'), kills, virtual };
      const report = await tryKills({ ...trial, seed: 20_260 });
      expect(report.faults).toEqual([]);
      expect(report.killsAtWork).toBeGreaterThan(0);
      // The second kill comes as soon as the log knows of a run that has started.
      if (!virtual) expect(report.interruptedRuns).toBeGreaterThan(0);
    },
    300_000,
  );
});
