import type { Event } from '../../orchestration/event.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { capitalized, counted } from '../phrases.ts';
import type { WorldRecord } from '../world-record.ts';

/** Which values are stored, and whose were replaced by them. */
export function whatIsStored(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, materializations, view } = record;
  const assetKeys = new Set(subject.assets.map(({ assetKey }) => assetKey));
  const values = view.values.filter(({ assetKey }) => assetKeys.has(assetKey));
  const written = materializations.filter(hasPath);
  const count = capitalized(counted(values.length, 'value'));
  if (values.length === 0) {
    const sentence =
      materializations.length > 0
        ? 'No value: what was materialized returned none'
        : 'No value: nothing is materialized';
    return { verdict: 'recorded', sentence, evidence: materializations };
  }
  if (subject.kind === 'keys') {
    const pieces = new Set(values.map(({ partitionKey }) => partitionKey)).size;
    const assets = new Set(values.map(({ assetKey }) => assetKey)).size;
    return {
      verdict: 'recorded',
      sentence: `${count}, of ${counted(pieces, words.one, words.many)}${assets > 1 ? ` and ${assets} assets` : ''}`,
      detail: 'Each key has a place of its own; the event names it as `path`.',
      evidence: newestByPath(written),
    };
  }
  const replaced = written.length - newestByPath(written).length;
  const assets = assetKeys.size > 1 ? ' of each asset' : '';
  if (subject.kind === 'single' || (replaced === 0 && record.unnamed(written).length === 0)) {
    return { verdict: 'recorded', sentence: `${count}: that of the last run`, evidence: written };
  }
  if (replaced > 0) {
    return {
      verdict: 'not there',
      sentence: `${count}: that of the last run${assets}. ${capitalized(counted(replaced, 'other'))} ${replaced === 1 ? 'was' : 'were'} replaced`,
      detail:
        'Every run writes to the same `path`, as its events say; no event holds what stood there before.',
      evidence: written,
    };
  }
  const toOpen = new Set(values.map(({ runId }) => runId)).size;
  return {
    verdict: 'by hand',
    sentence: `${count}: that of the last run${assets}. Whose, its config tells`,
    detail: `The value’s run is known, and its config names the ${words.one}: ${counted(toOpen, 'run')} to open.`,
    runsToOpen: toOpen,
    evidence: written,
  };
}

function hasPath({ metadata }: Event): boolean {
  return typeof metadata?.['path'] === 'string';
}

/** Of the events that wrote to one path the newest, in order. */
function newestByPath(events: readonly Event[]): readonly Event[] {
  const newest = new Map<unknown, Event>();
  for (const event of events) newest.set(event.metadata?.['path'], event);
  return [...newest.values()].sort((a, b) => a.eventId - b.eventId);
}
