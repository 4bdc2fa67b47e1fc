import { countOf, union } from '../../partitions/subset/subset-algebra.ts';
import type { Event } from '../../orchestration/event.ts';
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
        sentence: 'Nothing: all that is built is by the current code',
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
  const bygone = new Set([...old, ...failures].map(({ runId }) => runId));
  if (bygone.size === 0) {
    return {
      verdict: 'recorded',
      sentence: 'Nothing: every run was by the current code, and none has failed',
      evidence: materializations,
    };
  }
  if (subject.kind === 'single') {
    const isOld = old.some(({ eventId }) => eventId === materializations.at(-1)?.eventId);
    const sentence = isOld
      ? 'Its one piece, which older code made'
      : 'Nothing: its one piece is by the current code';
    return { verdict: 'recorded', sentence, evidence: materializations };
  }
  const oldRuns = new Set([...bygone].filter((runId) => !isMadeAgain(record, runId, old)));
  if (oldRuns.size === 0) {
    const again = new Set(
      [...bygone].flatMap((id) => record.mendsOf(id)).map(({ runId }) => runId),
    );
    return {
      verdict: 'recorded',
      sentence: `Nothing: ${counted(bygone.size, 'run')} of older code, or failed, since executed again`,
      detail: `A run that executes another again names it, and has its config: so it was for the same ${words.one}.`,
      evidence: materializations.filter(({ runId }) => again.has(runId)),
    };
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
    sentence: `${capitalized(counted(oldRuns.size, 'run'))} ran older code or failed; for whom, and who was run again since, ${toOpen === 1 ? '1 config tells' : `${counted(toOpen, 'config')} tell`}`,
    detail: `The events tell which code each run ran, but not for which ${words.one}. The asset as a whole counts as ${isWholeFresh(record) ? 'fresh, as its last run was by the current code' : 'stale'}.`,
    runsToOpen: toOpen,
    evidence: [...old, ...failures]
      .filter(({ runId }) => oldRuns.has(runId))
      .sort((a, b) => a.eventId - b.eventId),
  };
}

/** Whether what a run made by older code, or failed to make, was made by the code of now when it was executed again. */
function isMadeAgain(record: WorldRecord, runId: string, old: readonly Event[]): boolean {
  const mends = new Set(record.mendsOf(runId).map((run) => run.runId));
  const newer = record.materializations.filter((event) => mends.has(event.runId));
  return (
    mends.size > 0 &&
    old.every(
      ({ runId: ranIn, assetKey }) =>
        ranIn !== runId ||
        newer.some((event) => event.assetKey === assetKey && record.isOfCodeNow(event) === true),
    )
  );
}

function isWholeFresh({ subject, staleness }: WorldRecord): boolean {
  return subject.assets.every(({ assetKey }) => staleness.statusOf(assetKey, null) === 'FRESH');
}
