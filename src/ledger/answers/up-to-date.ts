import type { StaleCause } from '../../orchestration/staleness/stale-cause.ts';
import { contains } from '../../partitions/subset/subset-algebra.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { named, upTo } from '../phrases.ts';
import { standingOfNamed } from '../standing-of-named.ts';
import type { WorldRecord } from '../world-record.ts';

/** Whether one piece is built by the code, and from the data, of now. */
export function isUpToDate(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, materializations } = record;
  const piece = words.second;
  if (subject.kind === 'keys' && piece !== null) return ofKey(record, piece);
  if (materializations.length === 0) {
    return { verdict: 'recorded', sentence: 'No: nothing was built' };
  }
  if (subject.kind === 'single' || piece === null) {
    const stale = subject.assets.some(
      ({ assetKey }) => record.staleness.statusOf(assetKey, null) !== 'FRESH',
    );
    return {
      verdict: 'recorded',
      sentence: stale ? 'No' : 'Yes',
      evidence: materializations.slice(-1),
    };
  }
  const toOpen = record.unnamed(materializations).length;
  if (toOpen === 0) {
    const evidence = record.latestNamed(piece);
    switch (standingOfNamed(record, piece)) {
      case 'never built':
        return { verdict: 'recorded', sentence: `No: ${named(piece)} was never built` };
      case 'stale':
        return { verdict: 'recorded', sentence: 'No: older code or older data made it', evidence };
      case 'up to date':
        return { verdict: 'recorded', sentence: 'Yes', evidence };
    }
  }
  return {
    verdict: 'by hand',
    sentence: `Only the asset as a whole is fresh or stale. Open ${upTo(toOpen, 'config')} to find ${named(piece)}`,
    detail: 'What is known is told of the last run, whoever it was for.',
    runsToOpen: toOpen,
    evidence: materializations,
  };
}

function ofKey(record: WorldRecord, key: string): Finding {
  const { subject, staleness, failedRuns } = record;
  const evidence = record.latestOfKey(key);
  const ordinal = subject.kind === 'keys' ? subject.index.ordinalOf(key) : -1;
  if (contains(record.failedKeys(), ordinal)) {
    const failures = failedRuns.flatMap((run) => run.failures);
    return {
      verdict: 'recorded',
      sentence: `No: ${named(key)} failed${evidence.length > 0 ? ' after it was built' : ''}`,
      evidence: failures.filter(({ partitionKey }) => partitionKey === key).slice(-1),
    };
  }
  const missing = subject.assets.find(
    ({ assetKey }) => staleness.statusOf(assetKey, key) === 'MISSING',
  );
  if (missing) {
    const sentence =
      evidence.length > 0
        ? `No: its ${named(missing.assetKey)} was never built`
        : `No: ${named(key)} was never built`;
    return { verdict: 'recorded', sentence, evidence };
  }
  const causes = subject.assets.flatMap(({ assetKey }) => staleness.causesOf(assetKey, key));
  const [cause] = causes;
  return cause
    ? { verdict: 'recorded', sentence: `No: ${inWords(cause)}`, evidence }
    : {
        verdict: 'recorded',
        sentence: 'Yes: built by the current code, after all that it reads',
        evidence,
      };
}

function inWords({ assetKey, reason }: StaleCause): string {
  return `${named(assetKey)} ${reason}`;
}
