import type { Event } from '../../orchestration/event.ts';
import { formatInstant } from '../../time/format-instant.ts';
import { codeOf } from '../code-words.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { counted, listed, named, upTo } from '../phrases.ts';
import type { WorldRecord } from '../world-record.ts';

/** When one piece was last built, by which code, and with which config. */
export function whenLastBuilt(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, materializations } = record;
  if (materializations.length === 0) {
    return { verdict: 'recorded', sentence: 'Never: nothing is materialized' };
  }
  const piece = words.first;
  const toOpen = record.unnamed(materializations);
  if (subject.kind === 'field' && toOpen.length > 0) {
    return {
      verdict: 'by hand',
      sentence: `Open ${upTo(toOpen.length, 'run’s config', 'runs’ configs')}, newest first, until one names ${piece === null ? `the ${words.one}` : named(piece)}`,
      detail: 'The events tell when each run was and which code it ran, but not for whom.',
      runsToOpen: toOpen.length,
      evidence: materializations,
    };
  }
  const latest = latestOf(record, piece);
  if (latest.length === 0) {
    return { verdict: 'recorded', sentence: `Never: no event names ${named(piece ?? '')}` };
  }
  const codes = latest.map(codeOf);
  const known = [...new Set(codes.filter((code) => code !== null))];
  const when = formatInstant(latest.at(-1)?.at ?? 0, record.view.zone ?? 'UTC');
  const by =
    known.length > 0
      ? `by ${listed(known).replaceAll(/(,| and) code (?=`)/g, '$1 ')}`
      : 'by code that no event tells';
  const runs = new Set(latest.map(({ runId }) => runId)).size;
  const takesConfig = record.configured.length > 0 && subject.kind !== 'field';
  const config = takesConfig
    ? `; its config stands in ${runs === 1 ? 'its run' : counted(runs, 'run')}`
    : subject.kind === 'field'
      ? ''
      : '; it takes no config';
  const sentence = `${when}, ${by}${config}`;
  if (codes.includes(null)) {
    return {
      verdict: 'not there',
      sentence,
      detail: 'These events name neither a code version nor a hash of the code.',
      evidence: latest,
    };
  }
  return takesConfig
    ? {
        verdict: 'by hand',
        sentence,
        detail: `Key, time and code stand in the event. The config stands with the run that it names: ${counted(runs, 'run')} to open.`,
        runsToOpen: runs,
        evidence: latest,
      }
    : { verdict: 'recorded', sentence, evidence: latest };
}

function latestOf(record: WorldRecord, piece: string | null): readonly Event[] {
  switch (record.subject.kind) {
    case 'keys':
      return piece === null ? [] : record.latestOfKey(piece);
    case 'field':
      return piece === null ? [] : record.latestNamed(piece);
    case 'single':
      return record.materializations.slice(-1);
  }
}
