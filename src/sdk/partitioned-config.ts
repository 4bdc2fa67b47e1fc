import { partitionTags, withoutReservedTags } from '../orchestration/partition-tags.ts';
import { DIMENSION_SEPARATOR } from '../partitions/definition/multi.ts';
import { partsOfKey } from '../partitions/multi-keys.ts';
import {
  functionArgument,
  listArgument,
  optionalText,
  optionsOf,
  show,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import type { Evaluation } from './evaluation.ts';
import type { PartitionedConfig } from './job.ts';
import {
  dateTimeForCell,
  keyArgument,
  partitionsDefArgument,
  partitionsDefinitionConstructors,
  PartitionsDefinitionObject,
  type TimeWindowDefinitionObject,
} from './partitions-definitions.ts';
import { runConfigArgument } from './run-config.ts';

/** A function of cells that gets a key, or the start and end of its window. */
type ConfigFunction = (...args: unknown[]) => unknown;

/** How one kind of partitioned config calls the functions of its author. */
interface ConfigFunctions {
  readonly partitionsDef: PartitionsDefinitionObject;
  readonly runConfigFor: (key: unknown) => unknown;
  /** Null if it gives no tags. */
  readonly tagsFor: ((key: unknown) => unknown) | null;
  /** What a call of the object calls; null if it was not made by a decorator (PC-3). */
  readonly decorated: ConfigFunction | null;
}

/**
 * A partitioned config as cells hold it: a function with members. What the author's functions
 * give is copied, so that changing it changes nothing (PC-2).
 */
function partitionedConfigOf(functions: ConfigFunctions): PartitionedConfig {
  const { partitionsDef, runConfigFor, tagsFor, decorated } = functions;
  const handle = (...args: unknown[]): unknown => {
    if (decorated) return decorated(...args);
    throw wrongArgument(
      'Only PartitionedConfig objects created using one of the partitioned config decorators can be directly invoked.',
      'DagsterInvalidInvocationError',
    );
  };
  const members: PartitionedConfig & { getPartitionKeys(options?: unknown): unknown } = {
    partitionsDef,
    getPartitionKeys: (options) => partitionsDef.getPartitionKeys(options),
    getRunConfigForPartitionKey: (key) =>
      runConfigArgument(runConfigFor(key), 'What a partitioned config gives'),
    getTagsForPartitionKey: (key, options) => {
      const { jobName } = optionsOf(options, 'getTagsForPartitionKey', ['jobName']);
      const tags = userTags(tagsFor?.(key));
      const text = keyArgument(key, 'The partition key');
      if (partitionsDef.definition.kind === 'multi') partsOfKey(text);
      return {
        ...tags,
        ...partitionTags(text, partitionsDef.definition, optionalText(jobName, 'jobName')),
      };
    },
  };
  Object.defineProperty(handle, WORDS, { value: 'a partitioned config' });
  return Object.assign(handle, members);
}

/**
 * The author's tags (PC-4, RR-3).
 *
 * @throws {InvalidDefinitionError} if one has a prefix that is Dagster's.
 */
function userTags(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrongArgument(`Tags must be an object of texts, not ${show(value)}.`);
  }
  return withoutReservedTags(tagTexts(value));
}

/** Tags as text, as Dagster keeps them: what is not text is written as JSON (RR-3). */
export function tagTexts(tags: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value ?? null),
    ]),
  );
}

/**
 * Keys that a function of the author's lists: as plain data they are the ones that it lists for the
 * notebook's now.
 */
class FunctionDefinitionObject extends PartitionsDefinitionObject {
  readonly #keys: (now: unknown) => readonly unknown[];

  constructor(evaluation: Evaluation, listKeys: ConfigFunction) {
    const keysAt = (now: unknown): readonly unknown[] =>
      listArgument(listKeys(now), 'What partitionFn gives');
    const given = keysAt(dateTimeForCell(evaluation.world.now, 'utc', evaluation));
    const keys = given.map((key) => keyArgument(key, 'A key of partitionFn'));
    super(evaluation, { kind: 'static', keys: [...new Set(keys)], listed: true });
    this.#keys = keysAt;
  }

  override getPartitionKeys(options?: unknown): readonly unknown[] {
    const { currentTime } = optionsOf(options, 'getPartitionKeys', ['currentTime']);
    return currentTime === undefined || currentTime === null
      ? super.getPartitionKeys()
      : this.#keys(currentTime);
  }
}

const TIME_OPTIONS = [
  'startDate',
  'minuteOffset',
  'timezone',
  'fmt',
  'endOffset',
  'exclusions',
] as const;

/** `dg.PartitionedConfig` and its seven decorators (PC-1, PC-5). */
export function partitionedConfigConstructors(evaluation: Evaluation) {
  const definitions = partitionsDefinitionConstructors(evaluation);
  const byKey = (
    partitionsDef: PartitionsDefinitionObject,
    configFor: unknown,
    tagsFor: unknown,
    call: string,
  ): PartitionedConfig => {
    const decorated = functionArgument(
      configFor,
      `The second argument of ${call}`,
    ) as ConfigFunction;
    return partitionedConfigOf({
      partitionsDef,
      decorated,
      runConfigFor: (key) => decorated(keyForCell(partitionsDef, key)),
      tagsFor: optionalFunctionOfKey(partitionsDef, tagsFor),
    });
  };
  const byWindow =
    (
      kind: 'Hourly' | 'Daily' | 'Weekly' | 'Monthly',
      more: readonly ('hourOffset' | 'dayOffset')[],
    ) =>
    (options: unknown, configFor: unknown): PartitionedConfig => {
      const call = `dg.${kind.toLowerCase()}PartitionedConfig`;
      const { tagsForPartitionFn, ...given } = optionsOf(options, call, [
        ...TIME_OPTIONS,
        ...more,
        'tagsForPartitionFn',
      ]);
      const partitionsDef = definitions[`${kind}PartitionsDefinition`](given);
      const decorated = functionArgument(
        configFor,
        `The second argument of ${call}`,
      ) as ConfigFunction;
      const tagsFor =
        tagsForPartitionFn === undefined || tagsForPartitionFn === null
          ? null
          : (functionArgument(tagsForPartitionFn, 'tagsForPartitionFn') as ConfigFunction);
      const ofWindow = (call: ConfigFunction) => (key: unknown) => {
        const { start, end } = windowOf(partitionsDef, key);
        return call(start, end);
      };
      return partitionedConfigOf({
        partitionsDef,
        decorated,
        runConfigFor: ofWindow(decorated),
        tagsFor: tagsFor && ofWindow(tagsFor),
      });
    };
  return {
    PartitionedConfig: (options: unknown): PartitionedConfig => {
      const given = optionsOf(options, 'dg.PartitionedConfig', [
        'partitionsDef',
        'runConfigForPartitionKeyFn',
        'tagsForPartitionKeyFn',
      ]);
      const partitionsDef = partitionsDefArgument(given.partitionsDef, 'partitionsDef');
      if (typeof given.runConfigForPartitionKeyFn !== 'function') {
        throw wrongArgument(
          'dg.PartitionedConfig needs a `runConfigForPartitionKeyFn`, a function of the key.',
          'CheckError',
        );
      }
      const configFor = given.runConfigForPartitionKeyFn as ConfigFunction;
      return partitionedConfigOf({
        partitionsDef,
        decorated: null,
        runConfigFor: (key) => configFor(keyForCell(partitionsDef, key)),
        tagsFor: optionalFunctionOfKey(partitionsDef, given.tagsForPartitionKeyFn),
      });
    },
    hourlyPartitionedConfig: byWindow('Hourly', []),
    dailyPartitionedConfig: byWindow('Daily', ['hourOffset']),
    weeklyPartitionedConfig: byWindow('Weekly', ['hourOffset', 'dayOffset']),
    monthlyPartitionedConfig: byWindow('Monthly', ['hourOffset', 'dayOffset']),
    staticPartitionedConfig: (options: unknown, configFor: unknown): PartitionedConfig => {
      const call = 'dg.staticPartitionedConfig';
      const given = optionsOf(options, call, ['partitionKeys', 'tagsForPartitionKeyFn']);
      const partitionsDef = definitions.StaticPartitionsDefinition(given.partitionKeys);
      return byKey(partitionsDef, configFor, given.tagsForPartitionKeyFn, call);
    },
    dynamicPartitionedConfig: (options: unknown, configFor: unknown): PartitionedConfig => {
      const call = 'dg.dynamicPartitionedConfig';
      const given = optionsOf(options, call, ['partitionFn', 'tagsForPartitionKeyFn']);
      const list = functionArgument(given.partitionFn, 'partitionFn') as ConfigFunction;
      const partitionsDef = new FunctionDefinitionObject(evaluation, list);
      return byKey(partitionsDef, configFor, given.tagsForPartitionKeyFn, call);
    },
    partitionedConfig: (options: unknown, configFor: unknown): PartitionedConfig => {
      const call = 'dg.partitionedConfig';
      const given = optionsOf(options, call, ['partitionsDef', 'tagsForPartitionKeyFn']);
      const partitionsDef = partitionsDefArgument(given.partitionsDef, 'partitionsDef');
      return byKey(partitionsDef, configFor, given.tagsForPartitionKeyFn, call);
    },
  };
}

function optionalFunctionOfKey(
  partitionsDef: PartitionsDefinitionObject,
  value: unknown,
): ((key: unknown) => unknown) | null {
  if (value === undefined || value === null) return null;
  const call = functionArgument(value, 'tagsForPartitionKeyFn') as ConfigFunction;
  return (key) => call(keyForCell(partitionsDef, key));
}

/** The key as cells see it; one that does not fit stays as it is, since keys are not checked (PC-2). */
function keyForCell(partitionsDef: PartitionsDefinitionObject, key: unknown): unknown {
  const text = keyArgument(key, 'The partition key');
  const { definition } = partitionsDef;
  return definition.kind === 'multi' && text.split(DIMENSION_SEPARATOR).length !== 2
    ? text
    : partitionsDef.keyForCell(text);
}

function windowOf(partitionsDef: PartitionsDefinitionObject, key: unknown) {
  return (partitionsDef as TimeWindowDefinitionObject).timeWindowForPartitionKey(key);
}
