import { isFault, type Answer, type Question, type Questions } from './question.ts';

/** The parts of an answer sheet, in the order in which they are shown. */
export const TOPICS = [
  'definitions',
  'keys',
  'mappings',
  'ticks',
  'config',
  'runs',
  'staleness',
] as const;

export type Topic = (typeof TOPICS)[number];

export function topicOf({ ask }: Question): Topic {
  switch (ask) {
    case 'load':
    case 'asset':
    case 'job':
      return 'definitions';
    case 'keys':
    case 'window':
    case 'has':
    case 'tags':
      return 'keys';
    case 'mapping':
    case 'upstream':
    case 'downstream':
      return 'mappings';
    case 'tick':
      return 'ticks';
    case 'ticks':
    case 'config':
      return ask;
    case 'backfill':
    case 'run':
      return 'runs';
    case 'stale':
      return 'staleness';
  }
}

/** What is asked, as a clause without a question mark. */
export function questionWords(question: Question, { definitions, edges }: Questions): string {
  const named = (place: number) => definitions[place]?.name ?? '';
  switch (question.ask) {
    case 'load':
      return 'Whether the definitions load';
    case 'asset':
      return `What ${question.assetKey} depends on, and its partitions`;
    case 'job':
      return `What ${question.jobName} runs`;
    case 'keys':
      return `The keys of ${named(question.definition)}`;
    case 'window':
      return `The time of ${question.key} in ${named(question.definition)}`;
    case 'has':
      return `Whether “${question.key}” is a key of ${named(question.definition)}`;
    case 'tags':
      return `The tags of a run of ${question.key} of ${named(question.definition)}`;
    case 'ticks':
      return `The next ticks of ${question.scheduleName}`;
    case 'tick':
      return `The runs that ${question.name} asks for at ${new Date(question.at).toISOString()}`;
    case 'backfill':
      return `The runs of a backfill of ${keysWords(question.keys)} of ${question.assetKeys.join(', ')}`;
    case 'stale': {
      const key = question.key === null ? '' : `${question.key} of `;
      return `Whether ${key}${question.assetKey} is stale after ${question.runs.length} runs`;
    }
    case 'run':
      return `What a run of ${question.key} of ${question.jobName} is given`;
    case 'config':
      return `Run config of ${question.assetKey ?? question.jobName}: ${question.about}`;
    default: {
      const { upstreamKey = '', downstreamKey = '' } = edges[question.edge] ?? {};
      if (question.ask === 'mapping') return `The mapping from ${upstreamKey} to ${downstreamKey}`;
      return question.ask === 'upstream'
        ? `What ${keysWords(question.keys)} of ${downstreamKey} read in ${upstreamKey}`
        : `What reads ${keysWords(question.keys)} of ${upstreamKey} in ${downstreamKey}`;
    }
  }
}

function keysWords(keys: readonly string[] | null): string {
  if (keys === null) return 'all keys';
  const [first = '', ...others] = keys;
  return others.length === 0 ? first : `${first} … ${others.at(-1)} (${keys.length} keys)`;
}

/** More of an answer than this is not shown. */
const MOST_TEXT = 4000;

/** An answer as text of several lines. */
export function answerText(answer: Answer): string {
  const text = isFault(answer)
    ? `${answer.error}: ${answer.message}`
    : JSON.stringify(answer, null, 1);
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)} …` : text;
}
