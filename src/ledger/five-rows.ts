import { countOf } from '../partitions/subset/subset-algebra.ts';
import { answerOf, type Finding } from './finding.ts';
import { everybodyTonight } from './answers/tonight.ts';
import { ROW_IDS, type LedgerAnswer, type RowId } from './ledger-answer.ts';
import type { LedgerWords } from './ledger-words.ts';
import { capitalized, counted, named } from './phrases.ts';
import type { WorldRecord } from './world-record.ts';

const ROW_NAMES: Readonly<Record<RowId, string>> = {
  tracking: 'Materialization tracking',
  backfilling: 'Backfilling',
  scheduling: 'Scheduling',
  interface: 'UI experience',
  setup: 'Setup complexity',
};

const QUERIES: Readonly<Record<RowId, (record: WorldRecord, words: LedgerWords) => Finding>> = {
  tracking: howHistoriesAreKept,
  backfilling: howHistoryIsRedone,
  scheduling: everybodyTonight,
  interface: whatTheScreenShows,
  setup: whatIsToBeDeclared,
};

/** The five rows by which partitions and config are often compared, as this history has them. */
export function fiveRowsOf(record: WorldRecord, words: LedgerWords): readonly LedgerAnswer[] {
  return ROW_IDS.map((id) => answerOf(id, ROW_NAMES[id], QUERIES[id](record, words)));
}

/** How many histories the log holds: one a key, or one an asset. */
function howHistoriesAreKept(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, materializations } = record;
  const made = counted(materializations.length, 'materialization');
  if (subject.kind === 'keys') {
    const keys = new Set(materializations.map(({ partitionKey }) => partitionKey)).size;
    return {
      verdict: 'recorded',
      sentence: `A history for each ${words.one}: ${made} of ${counted(keys, words.one, words.many)}`,
      evidence: materializations,
    };
  }
  const sentence = `One history of the asset, not one for each ${words.one}: ${made}`;
  if (subject.kind === 'single') {
    return { verdict: 'recorded', sentence: `One history: ${made}`, evidence: materializations };
  }
  const toOpen = record.unnamed(materializations).length;
  return {
    verdict: toOpen > 0 || materializations.length === 0 ? 'by hand' : 'recorded',
    sentence,
    runsToOpen: toOpen,
    evidence: materializations,
  };
}

/** What it takes to make some of the history again. */
function howHistoryIsRedone(
  { subject, runs, materializations }: WorldRecord,
  words: LedgerWords,
): Finding {
  if (subject.kind === 'keys') {
    const { index } = subject;
    return {
      verdict: 'recorded',
      sentence: `Any of ${counted(index.count, words.one, words.many)} in one launch, as one backfill`,
      evidence: materializations,
    };
  }
  if (subject.kind === 'single') {
    return { verdict: 'recorded', sentence: 'One run makes it again', evidence: materializations };
  }
  return {
    verdict: 'by hand',
    sentence:
      runs.length === 0
        ? `Run by run, by hand, with \`${subject.field}\` typed each time`
        : `Run by run: ${counted(runs.length, 'run')} to find and execute again`,
    detail: `Nothing tells which runs were for which ${words.one} but their configs.`,
    runsToOpen: runs.length,
    evidence: materializations,
  };
}

/** What one sees without opening anything, and what one types. */
function whatTheScreenShows(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, view, materializations } = record;
  const { presses, valuesTyped } = view.effort;
  const effort = `So far: ${counted(presses, 'press', 'presses')}, ${counted(valuesTyped, 'value')} typed.`;
  if (subject.kind === 'keys') {
    const { index } = subject;
    const failed = countOf(record.failedKeys());
    return {
      verdict: 'recorded',
      sentence: `A bar of ${counted(index.count, words.one, words.many)}: ${countOf(record.doneKeys())} materialized${failed > 0 ? `, ${failed} failed` : ''}`,
      detail: effort,
      evidence: materializations,
    };
  }
  if (subject.kind === 'single') {
    return {
      verdict: 'recorded',
      sentence: 'One square',
      detail: effort,
      evidence: materializations,
    };
  }
  const assets = subject.assets.length;
  return {
    verdict: 'by hand',
    sentence: `One square for all; type \`${subject.field}\` before each run${assets > 1 ? `, for each of ${assets} assets` : ''}`,
    detail: effort,
    evidence: materializations,
  };
}

/** What has to stand in the code before the first run. */
function whatIsToBeDeclared(
  { subject, configured, view }: WorldRecord,
  words: LedgerWords,
): Finding {
  const { linesOfCode, linesChanged } = view.effort;
  const lines = `${capitalized(counted(linesOfCode, 'line'))} of code${linesChanged > 0 ? `, ${linesChanged} of them changed since` : ''}.`;
  const fields = new Set(
    configured.flatMap(({ config }) => config?.fields.map(({ name }) => name) ?? []),
  );
  const configNames = new Set(configured.map(({ configName, assetKey }) => configName ?? assetKey));
  const config = fields.size > 0 ? `${counted(fields.size, 'field')} of config` : null;
  const declared = [...configNames].map(
    (name) => `${named(name)}: ${[...fields].map(named).join(', ')}`,
  );
  if (subject.kind !== 'keys') {
    return {
      verdict: 'recorded',
      sentence: `${config === null ? 'Nothing' : capitalized(config)}; no keys to keep`,
      detail: lines,
      declared,
    };
  }
  const { definition, definitionName, index } = subject;
  const keys = counted(index.count, words.one, words.many);
  const isListed = definition.kind === 'static' || definition.kind === 'multi';
  return {
    // A list is kept by hand; time and sensors bring the keys of others.
    verdict: isListed ? 'by hand' : 'recorded',
    sentence: `${isListed ? `${capitalized(keys)}, declared before the first run` : 'A rule for the keys; no list to keep'}${config === null ? '' : `, and ${config}`}`,
    detail: lines,
    declared: [`${definitionName === null ? 'Keys' : named(definitionName)}: ${keys}`, ...declared],
  };
}
