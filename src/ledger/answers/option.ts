import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { capitalized, counted, named } from '../phrases.ts';
import { optionsOf } from '../subject.ts';
import type { WorldRecord } from '../world-record.ts';

/** What it takes to give one run an option. */
export function howToGiveAnOption(
  { subject, configured }: WorldRecord,
  { option }: LedgerWords,
): Finding {
  const [first] = configured;
  if (!first) {
    return {
      verdict: 'not there',
      sentence:
        subject.kind === 'keys'
          ? 'Not what keys are for; add config beside them'
          : 'No asset takes config; add one',
    };
  }
  const field = optionsOf(subject.assets).find(({ name }) => name === option);
  const configName = first.configName ?? first.assetKey;
  if (!field) {
    return {
      verdict: 'by hand',
      sentence: `Add a field to ${named(configName)}`,
      detail: 'With a default, nothing else changes: earlier runs and their configs stay valid.',
      declared: [
        `${named(configName)}: ${first.config?.fields.map(({ name }) => named(name)).join(', ') ?? ''}`,
      ],
    };
  }
  const usual =
    field.defaultValue === undefined
      ? ''
      : `, ${named(JSON.stringify(field.defaultValue))} unless typed`;
  return {
    verdict: 'recorded',
    sentence: `A field of ${named(configName)}${usual}`,
    declared: [`${named(configName)}: ${named(field.name)}${usual}`],
  };
}

/** Which pieces stand as built with another value of the option: no event holds a config. */
export function whoWasBuiltWithAnother(record: WorldRecord, words: LedgerWords): Finding {
  const { subject, materializations } = record;
  const field = optionsOf(subject.assets).find(({ name }) => name === words.option);
  // Nothing to tell is no merit: it counts for no world.
  if (!field) return { verdict: 'not there', sentence: 'There is no such option' };
  const newest = new Map(
    materializations.map((event) => [JSON.stringify([event.assetKey, event.partitionKey]), event]),
  );
  const standing = [...newest.values()].sort((a, b) => a.eventId - b.eventId);
  const asked = subject.kind === 'keys' ? standing : materializations;
  const toOpen = new Set(asked.map(({ runId }) => runId)).size;
  if (toOpen === 0) return { verdict: 'recorded', sentence: 'None: nothing was built' };
  return {
    verdict: 'by hand',
    sentence: `No event holds a config: open ${counted(toOpen, 'run')}`,
    detail:
      subject.kind === 'keys'
        ? `${capitalized(counted(standing.length, 'materialization'))} stand, one a key and asset; each names its run.`
        : `Which of them stands for which ${words.one} is in the config too.`,
    runsToOpen: toOpen,
    evidence: asked,
  };
}
