import type { BackfillPolicy, RetryPolicy } from '../definitions/definitions.ts';
import { optionalInteger, optionsOf, show, wrongArgument, WORDS } from './arguments.ts';

/** How many partitions one run of a backfill may take, as cells hold it. */
class BackfillPolicyObject {
  readonly policy: BackfillPolicy;

  constructor(policy: BackfillPolicy) {
    this.policy = policy;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.BackfillPolicy';
  }
}

/** How often a failed step is tried again, as cells hold it. */
class RetryPolicyObject {
  readonly policy: RetryPolicy;

  constructor(policy: RetryPolicy) {
    this.policy = policy;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.RetryPolicy';
  }
}

function multiRun(options?: unknown): BackfillPolicyObject {
  const given = optionsOf(options, 'dg.BackfillPolicy.multiRun', ['maxPartitionsPerRun']);
  const most = optionalInteger(given.maxPartitionsPerRun, 'maxPartitionsPerRun') ?? 1;
  if (most < 0) {
    throw wrongArgument(`maxPartitionsPerRun must be at least 1, not ${most}.`, 'CheckError');
  }
  // In Dagster, too, 0 is no limit (BP-1).
  return new BackfillPolicyObject({ maxPartitionsPerRun: most === 0 ? null : most });
}

function retryPolicy(options?: unknown): RetryPolicyObject {
  const given = optionsOf(options, 'dg.RetryPolicy', ['maxRetries', 'delay']);
  const maxRetries = optionalInteger(given.maxRetries, 'maxRetries') ?? 1;
  const delaySeconds = given.delay ?? 0;
  if (maxRetries < 0) throw wrongArgument(`maxRetries must be at least 0, not ${maxRetries}.`);
  if (typeof delaySeconds !== 'number' || !(delaySeconds >= 0 && delaySeconds < Infinity)) {
    throw wrongArgument(`delay must be a number of seconds, not ${show(delaySeconds)}.`);
  }
  return new RetryPolicyObject({ maxRetries, delaySeconds });
}

/** `dg.BackfillPolicy` and `dg.RetryPolicy`. */
export const policyConstructors = {
  BackfillPolicy: Object.freeze({
    singleRun: () => new BackfillPolicyObject({ maxPartitionsPerRun: null }),
    multiRun,
  }),
  RetryPolicy: retryPolicy,
};

/** The option `backfillPolicy`; null if it is not given. */
export function backfillPolicyArgument(value: unknown): BackfillPolicy | null {
  if (value === undefined || value === null) return null;
  if (value instanceof BackfillPolicyObject) return value.policy;
  throw wrongArgument(
    `backfillPolicy must be made by dg.BackfillPolicy.singleRun() or .multiRun(), not ${show(value)}.`,
  );
}

/** The option `retryPolicy`; null if it is not given. */
export function retryPolicyArgument(value: unknown): RetryPolicy | null {
  if (value === undefined || value === null) return null;
  if (value instanceof RetryPolicyObject) return value.policy;
  throw wrongArgument(
    `retryPolicy must be made by dg.RetryPolicy({ maxRetries }), not ${show(value)}.`,
  );
}
