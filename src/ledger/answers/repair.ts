import { countOf } from '../../partitions/subset/subset-algebra.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { capitalized, counted, keysInBrief } from '../phrases.ts';
import type { WorldRecord } from '../world-record.ts';
import { withMends } from './failed.ts';

/** What it takes to run again what stands as failed, and only that. */
export function howToRepair(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, failedRuns } = record;
  const failures = failedRuns.flatMap((run) => run.failures);
  if (subject.kind === 'keys') {
    const { index } = subject;
    const failed = record.failedKeys();
    const count = countOf(failed);
    if (count === 0) {
      return {
        verdict: 'recorded',
        sentence: 'Nothing to repair',
        detail: 'Keys that failed are a choice of their own in the launch panel.',
      };
    }
    return {
      verdict: 'recorded',
      sentence: `One launch: the choice Failed has ${counted(count, 'key')}`,
      detail: `${capitalized(keysInBrief(index, failed))}; the log names them.`,
      evidence: failures,
    };
  }
  if (failedRuns.length === 0) {
    return { verdict: 'recorded', sentence: 'Nothing to repair: no run has failed' };
  }
  const unmended = record.unmendedRuns;
  if (unmended.length === 0) {
    return {
      verdict: 'recorded',
      sentence: `Nothing to repair: ${counted(failedRuns.length, 'failed run')} since mended`,
      evidence: withMends(record, failedRuns),
    };
  }
  const toOpen = record.unnamedRunsSince(unmended[0]).length;
  return {
    verdict: 'by hand',
    sentence: `Find ${unmended.length === 1 ? 'the failed run' : `the ${counted(unmended.length, 'failed run')}`}, and run ${unmended.length === 1 ? 'it' : 'each'} again`,
    ...(subject.kind === 'field' && {
      detail: `A failed run keeps its config, so it can be executed again as it was, and then counts as mended. Whether another run has served its ${words.one} already, the configs tell: ${counted(toOpen, 'run')} to open.`,
    }),
    runsToOpen: subject.kind === 'field' ? toOpen : 0,
    evidence: unmended.flatMap((run) => run.failures),
  };
}
