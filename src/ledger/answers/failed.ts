import type { Event } from '../../orchestration/event.ts';
import { countOf, ordinalAt } from '../../partitions/subset/subset-algebra.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { counted, keysInBrief, named, namedInBrief } from '../phrases.ts';
import type { LoggedRun, WorldRecord } from '../world-record.ts';

/** Which pieces stand as failed, and what their steps raised. */
export function whichFailed(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, failedRuns } = record;
  const failures = failedRuns.flatMap((run) => run.failures);
  if (subject.kind === 'keys') {
    const { index } = subject;
    const failed = record.failedKeys();
    if (failed.length === 0) {
      const mended = counted(failedRuns.length, 'failed run');
      return {
        verdict: 'recorded',
        sentence: failedRuns.length > 0 ? `None now; ${mended} since mended` : 'None',
        evidence: failures,
      };
    }
    const own = record.ofKeys(failed, failures);
    // Of a run that failed before its first step, only the run's own failure is told.
    const evidence = own.length > 0 ? own : failures;
    const first = index.keyAt(ordinalAt(failed, 0));
    const reason = reasonOf(
      evidence.findLast(({ partitionKey }) => partitionKey === first) ?? evidence.at(-1),
    );
    const more = countOf(failed) - 1;
    return {
      verdict: 'recorded',
      sentence: `${named(first)}: ${reason}${more > 0 ? `; and ${counted(more, `other ${words.one}`, `other ${words.many}`)}` : ''}`,
      detail: `Failed or not tried: ${keysInBrief(index, failed)}. The failure names its key.`,
      evidence,
    };
  }
  if (failedRuns.length === 0) return { verdict: 'recorded', sentence: 'None: no run has failed' };
  const unmended = record.unmendedRuns;
  if (unmended.length === 0) {
    return {
      verdict: 'recorded',
      sentence: `None now; ${counted(failedRuns.length, 'failed run')} since mended`,
      ...(subject.kind === 'field' && {
        detail: `A run that executes another again names it, and has its config: so its success is that of the same ${words.one}.`,
      }),
      evidence: withMends(record, failedRuns),
    };
  }
  const standing = unmended.flatMap((run) => run.failures);
  const reason = reasonOf(standing.at(-1));
  if (subject.kind === 'single') {
    return { verdict: 'recorded', sentence: `There is one piece: ${reason}`, evidence: standing };
  }
  const toOpen = record.unnamedRunsSince(unmended[0]).length;
  if (toOpen === 0) {
    const names = unmended.flatMap(({ runId }) => record.nameOf(runId) ?? []);
    return {
      verdict: 'recorded',
      sentence: `${namedInBrief([...new Set(names)])}: ${reason}`,
      detail: `The author’s metadata \`${subject.field}\` names them.`,
      evidence: standing,
    };
  }
  return {
    verdict: 'by hand',
    sentence: `${counted(unmended.length, 'run')} failed: ${reason}. For whom, ${unmended.length === 1 ? 'its config tells' : 'their configs tell'}`,
    detail: `The failure names the run, and not the ${words.one}. No run executes it again; whether another has served its ${words.one}, only the later configs tell: ${counted(toOpen, 'run')} to open.`,
    runsToOpen: toOpen,
    evidence: standing,
  };
}

/** The failures of some runs with what mended them, in order. */
export function withMends(record: WorldRecord, runs: readonly LoggedRun[]): readonly Event[] {
  const mends = runs.flatMap(({ runId }) => record.mendsOf(runId).slice(-1));
  return [
    ...runs.flatMap(({ failures }) => failures),
    ...mends.flatMap(({ end }) => end ?? []),
  ].sort((a, b) => a.eventId - b.eventId);
}

function reasonOf(failure: Event | undefined): string {
  const line = failure?.error?.message.split('\n')[0]?.trim();
  return line || 'no reason is given';
}
