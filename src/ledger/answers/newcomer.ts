import { nextOpening } from '../../partitions/time-queries.ts';
import { formatInstant } from '../../time/format-instant.ts';
import type { Finding } from '../finding.ts';
import type { LedgerWords } from '../ledger-words.ts';
import { named } from '../phrases.ts';
import type { WorldRecord } from '../world-record.ts';

/** What it takes to run a piece that nobody has seen before. */
export function whatOfANewcomer(
  { subject, keySpace, configured }: WorldRecord,
  words: LedgerWords,
): Finding {
  switch (subject.kind) {
    case 'single':
      return { verdict: 'not there', sentence: `Nothing here tells one ${words.one} from another` };
    case 'field': {
      const [asset] = configured;
      return {
        verdict: 'recorded',
        sentence: 'Type the name. Nothing to define',
        detail: `Any text is a \`${subject.field}\`, a misspelt one too.`,
        declared: [
          `${named(subject.configName ?? asset?.assetKey ?? '')}: \`${subject.field}\` is a text, and required`,
        ],
      };
    }
    case 'keys': {
      const { definition, definitionName } = subject;
      const name = definitionName === null ? 'the definition' : named(definitionName);
      if (definition.kind === 'dynamic') {
        return {
          verdict: 'recorded',
          sentence: 'Add the key; no edit',
          declared: [`${name}: dynamic keys of ${named(definition.name)}`],
        };
      }
      if (definition.kind === 'static') {
        return {
          verdict: 'by hand',
          sentence: `Add a key to ${name} first`,
          detail:
            'An unknown key is refused before it runs. The keys that there are keep their history.',
          declared: [`${name}: ${definition.keys.length} fixed keys`],
        };
      }
      const next = nextOpening(definition, keySpace.context);
      const zone = definition.kind === 'timeWindow' ? definition.timezone : 'UTC';
      return next
        ? {
            verdict: 'recorded',
            sentence: `${named(next.key)} comes by itself, ${formatInstant(next.opensAt, zone)}`,
            declared: [`${name}: keys come with time`],
          }
        : {
            verdict: 'by hand',
            sentence: `Add a key to ${name} first`,
            declared: [`${name}: its keys are fixed`],
          };
    }
  }
}
