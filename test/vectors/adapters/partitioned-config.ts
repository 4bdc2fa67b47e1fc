import { createHash } from 'node:crypto';
import { parseStepAnswer } from '../../../src/protocol/parse-guest-answer.ts';
import type { WrittenDefinition } from '../../partitions/vectors.ts';
import { guestOf } from '../../sdk/guest-of.ts';
import {
  definitionExpression,
  errorAnswerOf,
  timeOptions,
  worldAt,
  type WrittenStore,
} from '../automation-cells.ts';
import { compared, type ErrorAnswer } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface PartitionedConfigCase extends VectorCase {
  readonly decorator: 'hourly' | 'daily' | 'weekly' | 'monthly' | 'static' | 'dynamic' | 'generic';
  readonly args: Readonly<Record<string, unknown>> & {
    readonly keys?: readonly string[];
    readonly partitions?: WrittenDefinition;
  };
  readonly startIsDatetime?: boolean;
  readonly userTags?: Readonly<Record<string, string>>;
  readonly dynamicPartitions?: WrittenStore;
  readonly now: string;
  readonly expect: {
    readonly definitionError?: unknown;
    readonly keysError?: unknown;
    readonly keys?: unknown;
    readonly perKey?: readonly (Readonly<Record<string, unknown>> & { readonly key: string })[];
  };
}

/** What the probe tells of one key. */
interface ProbedKey {
  readonly runConfig: unknown;
  readonly tags: unknown;
  readonly tagsWithJob: unknown;
}

/** Longer lists of keys are given by their ends and a hash. */
const LISTED_KEYS = 40;

/** Partitioned configs, made and asked in a cell. */
export const partitionedConfigAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as PartitionedConfigCase;
  const { expect } = asked;
  const perKey = expect.perKey ?? [];
  const probe = `const probe = dg.asset(() => {
    const attempt = (call) => {
      try { return call(); } catch (thrown) {
        return { error: thrown.kind ?? thrown.name, message: thrown.message };
      }
    };
    const keys = attempt(() => config.getPartitionKeys().map(String));
    const perKey = ${JSON.stringify(perKey.map(({ key }) => key))}.map((key) => ({
      runConfig: attempt(() => config.getRunConfigForPartitionKey(key)),
      tags: attempt(() => config.getTagsForPartitionKey(key)),
      tagsWithJob: attempt(() => config.getTagsForPartitionKey(key, { jobName: 'my_job' })),
    }));
    return { keys, perKey };
  });`;
  const { guest } = guestOf([`const config = ${configExpression(asked)};`, probe]);
  const answer = await guest.execute({
    stepId: 1,
    assetKey: 'probe',
    runId: 'run',
    runTags: {},
    partitionKeys: [],
    config: null,
    inputs: [],
    world: worldAt(Date.parse(asked.now), asked.dynamicPartitions ?? {}),
  });
  const { outcome } = parseStepAnswer(answer, () => null);
  if (outcome?.status !== 'success') {
    const error = outcome?.status === 'failure' ? errorAnswerOf(outcome.error) : outcome;
    return [compared('definitionError', expect.definitionError, error)];
  }
  const probed = outcome.value as {
    readonly keys: readonly string[] | ErrorAnswer;
    readonly perKey: readonly ProbedKey[];
  };
  return [
    compared('definitionError', expect.definitionError, undefined),
    'error' in probed.keys
      ? compared('keysError', expect.keysError, probed.keys)
      : compared('keys', expect.keys, packed(probed.keys)),
    ...perKey.flatMap((one, at) => compareKey(one, probed.perKey[at] as ProbedKey)),
  ];
};

function compareKey(
  expected: Readonly<Record<string, unknown>> & { readonly key: string },
  probed: ProbedKey,
): readonly ComparedAnswer[] {
  const { key, runConfigError, tagsError } = expected;
  return [
    compared(`runConfig ${key}`, runConfigError ?? expected['runConfig'], probed.runConfig),
    compared(`tags ${key}`, tagsError ?? expected['tags'], probed.tags),
    compared(`tagsWithJob ${key}`, tagsError ?? expected['tagsWithJob'], probed.tagsWithJob),
  ];
}

function configExpression({ decorator, args, startIsDatetime, userTags }: PartitionedConfigCase) {
  const text = (name: string, value: string) => {
    if (value === '$key') return `${JSON.stringify(name)}: String(key)`;
    if (value === '$start') return `${JSON.stringify(name)}: start.toFormat('yyyy-MM-dd')`;
    return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  };
  const tags = userTags
    ? `({ ${Object.entries(userTags)
        .map(([name, value]) => text(name, value))
        .join(', ')} })`
    : null;
  const byKey = '(key) => ({ key: String(key) })';
  const tagsByKey = tags === null ? '' : `, tagsForPartitionKeyFn: (key) => ${tags}`;
  switch (decorator) {
    case 'static':
      return `dg.staticPartitionedConfig({ partitionKeys: ${JSON.stringify(args.keys)}${tagsByKey} }, ${byKey})`;
    case 'dynamic':
      return `dg.dynamicPartitionedConfig({ partitionFn: () => ${JSON.stringify(args.keys)}${tagsByKey} }, ${byKey})`;
    case 'generic':
      return `dg.partitionedConfig({ partitionsDef: ${definitionExpression(args.partitions as WrittenDefinition)}${tagsByKey} }, ${byKey})`;
    default: {
      const { start, ...rest } = args;
      const options = timeOptions({
        ...rest,
        startDate: startIsDatetime ? { datetime: start } : start,
      });
      const tagsByWindow = tags === null ? '' : `, tagsForPartitionFn: (start, end) => ${tags}`;
      const format = `toFormat("yyyy-MM-dd'T'HH:mm:ssZZZ")`;
      return `dg.${decorator}PartitionedConfig(${options.slice(0, -2)}${tagsByWindow} },
        (start, end) => ({ start: start.${format}, end: end.${format} }))`;
    }
  }
}

function packed(keys: readonly string[]): unknown {
  if (keys.length <= LISTED_KEYS) return { count: keys.length, keys };
  return {
    count: keys.length,
    head: keys.slice(0, 5),
    tail: keys.slice(-5),
    sha256: createHash('sha256').update(keys.join('\n')).digest('hex'),
  };
}
