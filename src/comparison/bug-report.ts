import type { Compared } from './compare-answers.ts';
import type { Questions } from './question.ts';
import { answerText, questionWords } from './question-words.ts';

/** The differences that are not known as a text in Markdown, with what is needed to see them again. */
export function bugReport(
  differences: readonly Compared[],
  about: {
    readonly questions: Questions;
    /** Dagster's version. */
    readonly version: string;
    /** The notebook's instant, in ISO. */
    readonly now: string;
    /** The definitions as a Python module. */
    readonly module: string;
  },
): string {
  const count = differences.length === 1 ? 'one answer' : `${differences.length} answers`;
  return [
    `Partita and Dagster ${about.version} differ in ${count}, at ${about.now}.`,
    ...differences.map(({ question, ours, dagsters }) =>
      [
        `### ${questionWords(question, about.questions)}`,
        '```json',
        JSON.stringify(question),
        '```',
        'Partita:',
        fenced(answerText(ours)),
        `Dagster ${about.version}:`,
        fenced(answerText(dagsters)),
      ].join('\n'),
    ),
    ['### The definitions', '```python', about.module.trimEnd(), '```'].join('\n'),
  ].join('\n\n');
}

/** Text in a fence that nothing in it can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
