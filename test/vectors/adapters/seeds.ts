import type { ScheduleSpec } from '../../../src/definitions/definitions.ts';
import type { EventDraft } from '../../../src/orchestration/event.ts';
import { defaultMapping } from '../../../src/partitions/mapping/default-mapping.ts';
import { mapToUpstream } from '../../../src/partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../../src/partitions/mapping/partition-mapping.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { fromKeys, keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import {
  contextOf,
  definitionOf,
  mappingOf,
  type WrittenDefinition,
  type WrittenMapping,
} from '../../partitions/vectors.ts';
import { guestOf } from '../../sdk/guest-of.ts';
import { compared } from '../compare-answers.ts';
import { inKeyOrder, writtenErrors, writtenEvents, type WrittenEvent } from '../played-runs.ts';
import {
  assetJob,
  customersAsBoth,
  customersAsConfig,
  customersAsPartitions,
  dailyAsset,
  multiAsset,
  opJobs,
} from '../seed-cells.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface SeedCase extends VectorCase {
  readonly what: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expect: unknown;
}

/** When the examples are run, unless a case says so. */
const NOW = '2024-06-10T12:00:00Z';

/** Adapters of the files whose form a case may have. */
const others = import.meta.glob<Readonly<Record<string, VectorAdapter>>>(
  ['./*.ts', '!./seeds.ts'],
  { eager: true },
);

/** The examples of the two seed documents: their cells run in a sandbox of the test's own. */
export const seedsAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as SeedCase;
  const file = otherFormOf(asked);
  if (file) return delegated(file, asked);
  const { expect } = asked;
  if (asked.id.includes('mapping') || asked.id.includes('-default-')) return mappingAnswers(asked);
  const actual = await actualOf(asked);
  if (isRun(expect)) return runAnswers(expect, actual);
  return [compared(asked.what, zoned(withoutRaised(expect)), withoutRaised(actual))];
};

/** The vector file whose form the case has; null if it has one of its own. */
function otherFormOf({ input, expect }: SeedCase): string | null {
  if ('cron' in input) return 'schedule-ticks';
  if ('ticks' in input) return 'sensors';
  if ('target' in input) return 'backfill';
  if ('runs' in input) return Array.isArray(expect) ? 'io' : 'materialize';
  return null;
}

async function delegated(file: string, asked: SeedCase): Promise<readonly ComparedAnswer[]> {
  const named = file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const adapter = others[`./${file}.ts`]?.[`${named}Adapter`];
  if (!adapter) return [compared(asked.what, asked.expect, `not yet: ${file}`)];
  return adapter({ ...asked.input, id: asked.id, expect: asked.expect });
}

function mappingAnswers({ input, expect }: SeedCase): readonly ComparedAnswer[] {
  const written = input as {
    readonly definition?: WrittenDefinition;
    readonly upstream?: WrittenDefinition | 'daily';
    readonly downstream?: WrittenDefinition | 'daily';
    readonly mapping?: WrittenMapping;
    readonly key: string;
  };
  const daily: WrittenDefinition = { kind: 'daily', start: '2022-01-01' };
  const made = (one: WrittenDefinition | 'daily' | undefined) => {
    const given = one ?? written.definition;
    return definitionOf(given === undefined || given === 'daily' ? daily : given);
  };
  const [upstreamDef, downstreamDef] = [made(written.upstream), made(written.downstream)];
  const context = contextOf({ now: NOW });
  const upstream = indexPartitions(upstreamDef, context);
  const downstream = indexPartitions(downstreamDef, context);
  const mapping = written.mapping
    ? mappingOf(written.mapping)
    : defaultMapping(upstreamDef, downstreamDef);
  const { subset } = fromKeys(downstream, [written.key]);
  const found = mapToUpstream({ mapping, upstream, downstream, subset });
  const actual = {
    mapping: classOf(mapping),
    keys: keysOf(upstream, found.subset),
    requiredButNonexistent: found.requiredButNonexistent,
  };
  return [compared('mapping', expect, actual)];
}

function classOf({ kind }: PartitionMapping): string {
  return `${kind[0]?.toUpperCase()}${kind.slice(1)}PartitionMapping`;
}

/** A run as the cells tell of it. */
interface TellableRun {
  readonly success: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly runConfig: unknown;
  readonly events: readonly EventDraft[];
  readonly values: Readonly<Record<string, unknown>>;
}

interface ExpectedRun {
  readonly success: boolean;
  readonly tags: unknown;
  readonly runConfig?: unknown;
  readonly events: readonly WrittenEvent[];
  readonly logs?: unknown;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
}

function isRun(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'events' in answer;
}

/** A schedule that names no zone ticks in UTC, in Dagster and here; here it says so. */
function zoned(answer: unknown): unknown {
  const isSchedule = typeof answer === 'object' && answer !== null && 'timezone' in answer;
  return isSchedule ? { ...answer, timezone: answer.timezone ?? 'UTC' } : answer;
}

/** What was raised instead of an answer, as the answer. */
function withoutRaised(answer: unknown): unknown {
  const isRaised = typeof answer === 'object' && answer !== null && 'raised' in answer;
  return isRaised ? answer.raised : answer;
}

function runAnswers(expected: unknown, actual: unknown): readonly ComparedAnswer[] {
  const { errors = [], events, ...others } = expected as ExpectedRun;
  if (!isRun(actual)) return [compared('run', expected, withoutRaised(actual))];
  const run = actual as TellableRun;
  const logs = run.events.flatMap(({ type, level, stepKey, message, byAuthor }) => {
    if (type !== 'LOG') return [];
    if (byAuthor) return [{ level, step: stepKey, message }];
    // Lines of Dagster's own have a number for a level; those below a warning are left out.
    const number = { WARNING: '30', ERROR: '40', CRITICAL: '50' }[level as 'ERROR'];
    return number === undefined ? [] : [{ level: number, step: stepKey, message }];
  });
  const { success, tags, runConfig, values } = run;
  // Values are compared that the case tells of.
  const told = Object.keys(others.values ?? {}).map((name) => [name, values[name]]);
  const answers: Readonly<Record<string, unknown>> = {
    ...{ success, tags, runConfig, logs },
    values: Object.fromEntries(told) as unknown,
  };
  return [
    compared('events', inKeyOrder(events), inKeyOrder(writtenEvents(run.events))),
    compared('errors', errors, writtenErrors(run.events, '<base>/')),
    ...Object.entries(others).map(([name, value]) => compared(name, value, answers[name])),
  ];
}

/** What the cells answer to the question of a case. */
async function actualOf({ id, input }: SeedCase): Promise<unknown> {
  const { partition, runConfig, graph, partitions } = input as {
    readonly partition?: unknown;
    readonly runConfig?: unknown;
    readonly graph?: { readonly assets: readonly { readonly partitions?: WrittenDefinition }[] };
    readonly partitions?: WrittenDefinition;
  };
  const now = (input['now'] ?? NOW) as string;
  const ask = (body: string, cells: readonly string[], at = now) => seen(body, cells, at);
  const definition = graph?.assets[0]?.partitions;
  const customers = definition?.kind === 'static' ? definition.keys : [];
  if (id.startsWith('seed-a-config')) {
    return ask(materializing(partition, runConfig), customersAsConfig);
  }
  if (id.startsWith('seed-a-hybrid')) {
    return ask(materializing(partition, runConfig), customersAsBoth(customers));
  }
  if (id.startsWith('seed-a-partitions-') && graph) {
    return ask(materializing(partition, runConfig), customersAsPartitions(customers));
  }
  if (partitions && partition === undefined) {
    return indexPartitions(definitionOf(partitions), contextOf({ now })).keys();
  }
  if (partitions?.kind === 'daily') {
    return ask(materializing(partition, runConfig), dailyAsset(textOf(partitions.start)));
  }
  if (partitions?.kind === 'multi') {
    const { date, color } = partitions.dimensions;
    const start = date && 'start' in date ? textOf(date.start) : '';
    const colours = color?.kind === 'static' ? color.keys : [];
    return ask(materializing(partition, runConfig), multiAsset(start, colours));
  }
  if (id === 'seed-b-asset-job') return ask(executing('partitioned_asset_job', input), assetJob);
  const { body, at } = opQuestion(id, input);
  return ask(body, opJobs, at ?? now);
}

/** What is asked of the jobs of ops, as the body of a function. */
function opQuestion(
  id: string,
  input: Readonly<Record<string, unknown>>,
): { readonly body: string; readonly at?: string } {
  const what = id.replace('seed-b-', '');
  const given = JSON.stringify(input['runConfig']) ?? 'undefined';
  const at = (input['at'] ?? input['now']) as string | undefined;
  if (what === 'config-direct-call') {
    const zoned = (name: string) =>
      `DateTime.fromISO(${JSON.stringify(input[name])}, { zone: 'utc' })`;
    return { body: `return my_partitioned_config(${zoned('start')}, ${zoned('end')});` };
  }
  if (what.startsWith('validate-run-config')) {
    return { body: `return dg.validateRunConfig(do_stuff_partitioned, ${given});` };
  }
  if (what === 'offset-config-keys') {
    return { body: 'return my_offset_partitioned_config.getPartitionKeys();', ...(at && { at }) };
  }
  if (what === 'offset-config-first') {
    const key = JSON.stringify(input['key']);
    return {
      body: `const runConfig = my_offset_partitioned_config.getRunConfigForPartitionKey(${key});
dg.validateRunConfig(do_more_stuff_partitioned, runConfig);
return { runConfig, valid: true };`,
    };
  }
  if (what === 'continent-keys') return { body: 'return continent_config.getPartitionKeys();' };
  const schedule = /^(continent|antarctica|do-stuff)-schedule/.exec(what)?.[1];
  if (schedule !== undefined) {
    const names = { continent: 'continent', antarctica: 'antarctica' } as Record<string, string>;
    const name = `${names[schedule] ?? 'do_stuff_partitioned'}_schedule`;
    const spec = guestOf(opJobs).load();
    const declared =
      spec.status === 'loaded'
        ? spec.definitions.schedules.find(({ scheduleName }) => scheduleName === name)
        : undefined;
    return { body: evaluating(name, at ?? NOW, declared), at: at ?? NOW };
  }
  const job = what.startsWith('continent')
    ? 'continent_job'
    : what.startsWith('offset')
      ? 'do_more_stuff_partitioned'
      : what.startsWith('do-stuff-partitioned')
        ? 'do_stuff_partitioned'
        : 'do_stuff';
  return { body: executing(job, input) };
}

function materializing(partition: unknown, runConfig: unknown): string {
  const key =
    typeof partition === 'object' && partition !== null
      ? `dg.MultiPartitionKey(${JSON.stringify(partition)})`
      : JSON.stringify(partition ?? null);
  return `const result = await dg.materialize(assets, {
  raiseOnError: false,
  partitionKey: ${key},
  runConfig: ${JSON.stringify(runConfig ?? {})},
});
const values = {};
for (const asset of assets) {
  try {
    const value = result.outputForNode(asset.key.toUserString());
    if (value !== null && value !== undefined) values[asset.key.toUserString()] = value;
  } catch {}
}
return { success: result.success, tags: result.run.tags, events: result.events, values };`;
}

function executing(job: string, input: Readonly<Record<string, unknown>>): string {
  const { partition = null, runConfig } = input;
  return `const result = await ${job}.executeInProcess({
  raiseOnError: false,
  partitionKey: ${JSON.stringify(partition)},
  runConfig: ${JSON.stringify(runConfig) ?? 'undefined'},
});
const { tags, runConfig } = result.run;
return { success: result.success, tags, runConfig, events: result.events, values: {} };`;
}

function evaluating(schedule: string, at: string, declared: ScheduleSpec | undefined): string {
  const { scheduleName, cronSchedule = [], executionTimezone } = declared ?? {};
  const [only, ...more] = cronSchedule;
  const told = {
    name: scheduleName,
    cron: more.length > 0 ? cronSchedule : only,
    timezone: executionTimezone,
  };
  return `const scheduledExecutionTime = DateTime.fromISO('${at}', { zone: 'utc' });
const tick = await ${schedule}.evaluateTick(dg.buildScheduleContext({ scheduledExecutionTime }));
return {
  ...${JSON.stringify(told)},
  runRequests: tick.runRequests.map((one) => ({
    runKey: one.runKey ?? null,
    partition: one.partitionKey ?? null,
    tags: one.tags,
    runConfig: one.runConfig,
  })),
  skip: tick.skipMessage ?? null,
};`;
}

/** What the body of a function gives back in the sandbox, or what it raises. */
async function seen(body: string, cells: readonly string[], at: string): Promise<unknown> {
  const guest = guestOf([
    ...cells,
    `const probe_of_test = dg.asset({ name: 'probe' }, async () => { ${body} });`,
  ]);
  const world = { ...guest.world, now: Date.parse(at) };
  const answer = await guest.execute('probe', { world });
  if (answer.status === 'success') return answer.value;
  if (answer.status !== 'failure') return answer.status;
  const { kind, name, message } = answer.error;
  return { raised: { error: kind ?? name, message } };
}

function textOf(start: string | { readonly datetime: string }): string {
  return typeof start === 'string' ? start : start.datetime.slice(0, 10);
}
