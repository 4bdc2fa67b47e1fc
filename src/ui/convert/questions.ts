import type { Answers } from '../../advisor/answers.ts';

/** A question of the advisor. */
export interface Question {
  readonly name: keyof Answers;
  readonly words: string;
  /** What may be chosen; null for a number that is typed. */
  readonly choices: readonly { readonly value: string; readonly label: string }[] | null;
}

const YES_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

/** In the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'values',
    words: 'Are the values known before a run?',
    choices: [
      { value: 'listed', label: 'All' },
      { value: 'arriving', label: 'As they come' },
      { value: 'endless', label: 'No end to them' },
    ],
  },
  { name: 'count', words: 'How many values are there?', choices: null },
  { name: 'runsPerDay', words: 'How many runs a day, of all values together?', choices: null },
  { name: 'status', words: 'Does anyone ask of one value whether it is done?', choices: YES_NO },
  { name: 'fresh', words: 'Must you see which values are out of date?', choices: YES_NO },
  {
    name: 'redo',
    words: 'Is history redone?',
    choices: [
      { value: 'pieces', label: 'Value by value' },
      { value: 'whole', label: 'All at once' },
      { value: 'never', label: 'Never' },
    ],
  },
  { name: 'scheduled', words: 'Does it run for every value by itself?', choices: YES_NO },
  { name: 'options', words: 'Do options change the result, beside the value?', choices: YES_NO },
];

/** An answer as its control holds it; empty for none. */
export function answerText(answer: Answers[keyof Answers]): string {
  return answer === null ? '' : String(answer);
}

/** What a control's text answers; null for nothing. */
export function readAnswer(question: Question, text: string): Answers[keyof Answers] {
  if (question.choices === null) {
    const count = Number(text.replaceAll(/[,\s]/g, ''));
    return text.trim() === '' || !Number.isFinite(count) || count < 0 ? null : count;
  }
  if (text === 'true' || text === 'false') return text === 'true';
  // Its choices are the words of `Answers`.
  return text as Answers['values'] | Answers['redo'];
}
