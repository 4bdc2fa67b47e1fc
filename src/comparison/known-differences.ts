import { DIMENSION_SEPARATOR } from '../partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import {
  isFault,
  type Answer,
  type AskedNotebook,
  type Question,
  type Questions,
} from './question.ts';

/** What a question belongs to. */
export interface AskedOf {
  readonly questions: Questions;
  readonly notebook: AskedNotebook;
}

/** Why a difference is meant, in a sentence; null if it is not known. */
export function knownDifference(
  question: Question,
  ours: Answer,
  dagsters: Answer,
  asked: AskedOf,
): string | null {
  if (question.ask !== 'upstream' && question.ask !== 'downstream') return null;
  return differsByUnlistedKeys(question.edge, ours, dagsters, asked)
    ? 'A dynamic key that holds “|” makes keys of two dimensions that do not part again. Dagster counts them and maps to them, but lists none; Partita leaves them out everywhere (MULTI-5).'
    : null;
}

/** Whether Dagster has all of ours, and beyond them only keys whose text does not part again. */
function differsByUnlistedKeys(
  edge: number,
  ours: Answer,
  dagsters: Answer,
  { questions, notebook }: AskedOf,
): boolean {
  const { upstream = null, downstream = null } = questions.edges[edge] ?? {};
  const holdsSuch = [upstream, downstream].some((place) => {
    const definition = place === null ? undefined : questions.definitions[place]?.definition;
    return definition?.kind === 'multi' && holdsSeparator(definition, notebook);
  });
  const [mine, theirs] = [listOf(ours), listOf(dagsters)];
  if (!holdsSuch || mine === null || theirs === null) return false;
  // Of digests it can only be said that there are more.
  if (mine.keys === null || theirs.keys === null) return theirs.listed > mine.listed;
  const parting = theirs.keys.filter((key) => key.split(DIMENSION_SEPARATOR).length <= 2);
  return JSON.stringify(parting) === JSON.stringify(mine.keys);
}

function holdsSeparator(definition: PartitionsDefinition, notebook: AskedNotebook): boolean {
  if (definition.kind === 'multi') {
    return definition.dimensions.some((one) => holdsSeparator(one.definition, notebook));
  }
  if (definition.kind !== 'dynamic') return false;
  const keys = notebook.dynamicPartitions.get(definition.name) ?? [];
  return keys.some((key) => key.includes(DIMENSION_SEPARATOR));
}

/** How many keys an answer has, and which; null in place of them if it only digests them. */
function listOf(
  answer: Answer,
): { readonly listed: number; readonly keys: readonly string[] | null } | null {
  if (isFault(answer) || typeof answer !== 'object' || answer === null) return null;
  const { listed, keys } = answer as {
    readonly listed?: number;
    readonly keys?: readonly string[];
  };
  return listed === undefined ? null : { listed, keys: keys ?? null };
}
