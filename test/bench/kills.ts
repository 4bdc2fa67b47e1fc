import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { findChromium } from '../browser/find-browser.ts';
import { measureHandover } from '../browser/handover.ts';
import { tryKills, type KillReport } from '../browser/kill-trial.ts';
import { serveStatically } from '../browser/static-server.ts';
import { figures } from './measure-cold.ts';

/** Ten trials of five kills, half of them under a clock that stands. */
const TRIALS = 10;
const KILLS_A_TRIAL = 5;
const HANDOVERS = 5;

/**
 * Kills the browser fifty times over backfills, and prints what was left of them; then how long a backfill
 * stands still when the tab that works it is closed. `PARTITA_DIST` names a site that is built already.
 */
export async function run(): Promise<void> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const scratch = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  const directory = process.env.PARTITA_DIST || scratch;
  if (directory === scratch) {
    await build({ root, logLevel: 'warn', build: { outDir: directory, emptyOutDir: true } });
  }
  const site = await serveStatically(directory);
  const device = { executable: findChromium(), siteUrl: site.url };
  try {
    const rows: (Omit<KillReport, 'faults'> & { clock: string; faults: number })[] = [];
    for (let seed = 1; seed <= TRIALS; seed += 1) {
      const virtual = seed % 2 === 0;
      const { faults, ...counts } = await tryKills({
        ...device,
        kills: KILLS_A_TRIAL,
        seed,
        virtual,
      });
      rows.push({ clock: virtual ? 'stands' : 'real', ...counts, faults: faults.length });
      console.log(
        `Trial ${seed} of ${TRIALS}: ${counts.killsAtWork} of ${KILLS_A_TRIAL} kills at work.`,
      );
      for (const fault of faults) console.error(fault);
    }
    const sum = (figure: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + figure(row), 0);
    console.table([
      ...rows,
      {
        clock: 'together',
        keys: sum(({ keys }) => keys),
        runs: sum(({ runs }) => runs),
        interruptedRuns: sum(({ interruptedRuns }) => interruptedRuns),
        events: sum(({ events }) => events),
        killsAtWork: sum(({ killsAtWork }) => killsAtWork),
        faults: sum(({ faults }) => faults),
      },
    ]);
    const handovers: number[] = [];
    for (let round = 0; round < HANDOVERS; round += 1) {
      handovers.push(await measureHandover(device));
    }
    console.table([figures('tab closed, next one writes', 2000, handovers)]);
  } finally {
    await site.close();
    await rm(scratch, { recursive: true });
  }
}
