import { DIMENSION_SEPARATOR } from '../partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { equalAnswers } from './equal-answers.ts';
import {
  isFault,
  type Answer,
  type AnswerValue,
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
  if (!holdsSuch || !isRecord(ours) || !isRecord(dagsters)) return false;
  const { keys, parting, missing } = dagsters;
  const ofTwo = Array.isArray(keys) ? (keys as readonly string[]).filter(parts) : null;
  const expected = ofTwo ? { listed: ofTwo.length, keys: ofTwo } : parting;
  return (
    isRecord(expected) &&
    equalAnswers(ours, missing === undefined ? expected : { ...expected, missing })
  );
}

/** Whether a text is no key of more than two dimensions. */
export function parts(key: string): boolean {
  return key.split(DIMENSION_SEPARATOR).length <= 2;
}

function holdsSeparator(definition: PartitionsDefinition, notebook: AskedNotebook): boolean {
  if (definition.kind === 'multi') {
    return definition.dimensions.some((one) => holdsSeparator(one.definition, notebook));
  }
  if (definition.kind !== 'dynamic') return false;
  const keys = notebook.dynamicPartitions.get(definition.name) ?? [];
  return keys.some((key) => key.includes(DIMENSION_SEPARATOR));
}

function isRecord(answer: Answer | undefined): answer is Readonly<Record<string, AnswerValue>> {
  return (
    typeof answer === 'object' && answer !== null && !Array.isArray(answer) && !isFault(answer)
  );
}
