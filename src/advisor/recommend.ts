import type { TurnedForm } from '../convert/asset-form.ts';
import type { Answers } from './answers.ts';
import { MOST_KEYS, RULES, type Finding, type Rule } from './rules.ts';

/** A rule with what the answers make of it. */
export interface RuleFinding extends Finding {
  readonly rule: Rule;
}

/** What the advisor recommends, and why. */
export interface Recommendation {
  /** Null as long as the answers speak for neither. */
  readonly form: TurnedForm | null;
  /** One sentence or two. */
  readonly sentence: string;
  /** The rules that speak for it; of none, the rules that hold. */
  readonly reasonsFor: readonly RuleFinding[];
  /** The rules that speak for the other side. */
  readonly reasonsAgainst: readonly RuleFinding[];
  /** The rules that nothing was answered for. */
  readonly open: readonly Rule[];
}

/**
 * Weighs the ten rules, each as much as any other. Two things are not weighed: values without end, or too
 * many of them, cannot be keys; and options beside keys make a hybrid.
 */
export function recommend(answers: Answers): Recommendation {
  const found = RULES.map((rule) => ({ rule, finding: rule.check(answers) }));
  const holding = found.flatMap(({ rule, finding }) =>
    finding?.holds ? [{ rule, ...finding }] : [],
  );
  const open = found.flatMap(({ rule, finding }) => (finding ? [] : [rule]));
  const ofSide = (side: Rule['side']) => holding.filter(({ rule }) => rule.side === side);
  const forKeys = ofSide('partitions');
  const forConfig = ofSide('config');
  const reasons = (keys: boolean) => ({
    reasonsFor: keys ? forKeys : forConfig,
    reasonsAgainst: keys ? forConfig : forKeys,
    open,
  });
  if (cannotBeKeys(answers)) {
    const sentence =
      forKeys.length > 0
        ? 'These values cannot be keys. What speaks for keys is had with larger pieces: a letter, a bucket, a day.'
        : 'These values cannot be keys.';
    return { form: 'config', sentence, ...reasons(false) };
  }
  if (forKeys.length > forConfig.length) {
    return answers.options === true
      ? {
          form: 'hybrid',
          sentence: 'The value is the key, and the options are config.',
          ...reasons(true),
        }
      : {
          form: 'partitions',
          sentence: 'Each value is a key, with a history of its own.',
          ...reasons(true),
        };
  }
  if (forConfig.length > forKeys.length) {
    const sentence = 'The value is a parameter of the run, and no list has to be kept.';
    return { form: 'config', sentence, ...reasons(false) };
  }
  if (forConfig.length > 0 && open.length === 0) {
    const sentence =
      'As much speaks for one as for the other. Config is less to begin with, and can be turned to keys later.';
    return { form: 'config', sentence, ...reasons(false) };
  }
  return {
    form: null,
    sentence: 'The answers speak for neither yet.',
    reasonsFor: holding,
    reasonsAgainst: [],
    open,
  };
}

function cannotBeKeys({ values, count }: Answers): boolean {
  return values === 'endless' || (count !== null && count > MOST_KEYS);
}
