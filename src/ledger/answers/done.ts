import type { Event } from '../../orchestration/event.ts';
import { countOf } from '../../partitions/subset/subset-algebra.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { capitalized, counted, keysInBrief, namedInBrief } from '../phrases.ts';
import type { WorldRecord } from '../world-record.ts';

/** Which pieces are done: every asset of them is materialized, and none has failed since. */
export function whichAreDone(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, materializations } = record;
  if (materializations.length === 0) {
    return { verdict: 'recorded', sentence: 'None: nothing is materialized' };
  }
  if (subject.kind === 'keys') {
    const { index } = subject;
    const done = record.doneKeys();
    const evidence = record.ofKeys(done, materializations);
    return {
      verdict: 'recorded',
      sentence:
        done.length > 0
          ? capitalized(keysInBrief(index, done))
          : `None: no ${words.one} has every asset`,
      detail: `${countOf(done)} of ${counted(index.count, words.one, words.many)}: each materialization names its key.`,
      evidence: newestOfEach(evidence),
    };
  }
  const made = counted(materializations.length, 'materialization');
  if (subject.kind === 'single') {
    return {
      verdict: 'recorded',
      sentence: `There is one piece, and it has ${made}`,
      evidence: materializations,
    };
  }
  const toOpen = record.unnamed(materializations);
  if (toOpen.length === 0) {
    const names = materializations.flatMap(({ runId }) => record.nameOf(runId) ?? []);
    return {
      verdict: 'recorded',
      sentence: namedInBrief([...new Set(names)]),
      detail: `The author’s metadata \`${subject.field}\` names them.`,
      evidence: materializations,
    };
  }
  return {
    verdict: 'by hand',
    sentence: `${capitalized(made)}, ${materializations.length === 1 ? 'and it does not say' : 'none says'} whose: open ${counted(toOpen.length, 'run’s config', 'runs’ configs')}`,
    detail: `The event names the run, and not the ${words.one}; \`${subject.field}\` stands in the run’s config only.`,
    runsToOpen: toOpen.length,
    evidence: materializations,
  };
}

/** Of each asset and key the newest, in order. */
function newestOfEach(events: readonly Event[]): readonly Event[] {
  const newest = new Map<string, Event>();
  for (const event of events)
    newest.set(JSON.stringify([event.assetKey, event.partitionKey]), event);
  return [...newest.values()].sort((a, b) => a.eventId - b.eventId);
}
