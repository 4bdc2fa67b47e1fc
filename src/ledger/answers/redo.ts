import { countOf, union } from '../../partitions/subset/subset-algebra.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { capitalized, counted, keysInBrief, namedInBrief } from '../phrases.ts';
import { standingOfNamed } from '../standing-of-named.ts';
import type { WorldRecord } from '../world-record.ts';

/** Which pieces were made by other code, or from other data, than there is now, or have failed. */
export function whatMustBeRedone(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, materializations, runs, failedRuns } = record;
  const failures = failedRuns.flatMap((run) => run.failures);
  if (materializations.length === 0 && failedRuns.length === 0) {
    return { verdict: 'recorded', sentence: 'Nothing: nothing was built' };
  }
  const unknown = materializations.filter((event) => record.isOfCodeNow(event) === null);
  if (unknown.length > 0) {
    return {
      verdict: 'not there',
      sentence: `${capitalized(counted(unknown.length, 'materialization'))} ${unknown.length === 1 ? 'does' : 'do'} not say which code made ${unknown.length === 1 ? 'it' : 'them'}`,
      evidence: unknown,
    };
  }
  const old = materializations.filter((event) => record.isOfCodeNow(event) === false);
  if (subject.kind === 'keys') {
    const { index } = subject;
    const redo = union(record.staleKeys(), record.failedKeys());
    if (redo.length === 0) {
      return {
        verdict: 'recorded',
        sentence: 'Nothing: all that is built was built by the code of now',
        evidence: materializations,
      };
    }
    const evidence = record.ofKeys(redo, [...old, ...failures]);
    return {
      verdict: 'recorded',
      sentence: capitalized(keysInBrief(index, redo)),
      detail: `${counted(countOf(redo), words.one, words.many)}: each event names its key and the code that made it.`,
      evidence: evidence.toSorted((a, b) => a.eventId - b.eventId),
    };
  }
  const oldRuns = new Set([...old, ...failures].map(({ runId }) => runId));
  if (oldRuns.size === 0) {
    return {
      verdict: 'recorded',
      sentence: 'Nothing: every run was by the code of now, and none has failed',
      evidence: materializations,
    };
  }
  if (subject.kind === 'single') {
    const isOld = old.some(({ eventId }) => eventId === materializations.at(-1)?.eventId);
    const sentence = isOld
      ? 'Its one piece, which older code made'
      : 'Nothing: its one piece is by the code of now';
    return { verdict: 'recorded', sentence, evidence: materializations };
  }
  const since = runs.find(({ runId }) => oldRuns.has(runId));
  const toOpen = record.unnamedRunsSince(since).length;
  if (toOpen === 0) {
    const names = new Set(runs.flatMap(({ runId }) => record.nameOf(runId) ?? []));
    const redo = [...names].filter((name) => standingOfNamed(record, name) !== 'up to date');
    return {
      verdict: 'recorded',
      sentence: redo.length > 0 ? namedInBrief(redo) : 'Nothing: all were redone',
      detail: `The author’s metadata \`${subject.field}\` names them.`,
      evidence: old,
    };
  }
  return {
    verdict: 'by hand',
    sentence: `${capitalized(counted(oldRuns.size, 'run'))} ran older code or failed; for whom, and who was served since, ${counted(toOpen, 'config')} tell`,
    detail: `The events tell which code each run ran, but not for which ${words.one}. The asset as a whole counts as ${isWholeFresh(record) ? 'fresh, as its last run was by the code of now' : 'stale'}.`,
    runsToOpen: toOpen,
    evidence: old.length > 0 ? old : failures,
  };
}

function isWholeFresh({ subject, staleness }: WorldRecord): boolean {
  return subject.assets.every(({ assetKey }) => staleness.statusOf(assetKey, null) === 'FRESH');
}
