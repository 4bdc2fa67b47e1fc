import { AssetGraph } from '../../src/definitions/graph.ts';
import type { Definitions } from '../../src/definitions/definitions.ts';
import { validateDefinitions } from '../../src/definitions/validate.ts';
import type { AutomationOutcome } from '../../src/orchestration/run-request.ts';
import type { TickLaunch } from '../../src/orchestration/tick-launch.ts';
import type { PartitionKey } from '../../src/partitions/context.ts';
import type { Answer } from '../../src/protocol/parse-guest-answer.ts';
import {
  parseAutomationAnswer,
  type AutomationAnswer,
} from '../../src/protocol/parse-guest-automation.ts';
import { parseLoadAnswer } from '../../src/protocol/parse-guest-answer.ts';
import type { SerializableErrorInfo } from '../../src/protocol/error-info.ts';
import type { GuestWorld } from '../../src/protocol/sandbox.ts';
import type { Guest } from '../../src/sdk/guest.ts';
import { guestOf } from '../sdk/guest-of.ts';
import type { WrittenDefinition } from '../partitions/vectors.ts';
import type { ErrorAnswer } from './compare-answers.ts';

/** An asset of a graph, as far as automations ask. */
export interface WrittenAsset {
  readonly key: string;
  readonly partitions?: WrittenDefinition;
  readonly deps?: readonly { readonly asset: string }[];
  readonly config?: { readonly fields: Readonly<Record<string, WrittenField>> };
}

interface WrittenField {
  readonly type: 'str' | 'int' | 'float' | 'bool' | 'any';
  readonly default?: unknown;
}

/** A request of a schedule or a sensor. */
export interface WrittenRequest {
  readonly partition?: string | Readonly<Record<string, string>>;
  readonly runKey?: string;
  readonly tags?: Readonly<Record<string, unknown>>;
  readonly runConfig?: unknown;
  readonly assets?: readonly string[];
  readonly range?: readonly [start: string, end: string];
  readonly skip?: string;
}

/** The dynamic keys of an instance. */
export type WrittenStore = Readonly<Record<string, readonly PartitionKey[]>>;

/** A definition as an expression of a cell. */
export function definitionExpression(written: WrittenDefinition): string {
  switch (written.kind) {
    case 'static':
      return `dg.StaticPartitionsDefinition(${JSON.stringify(written.keys)})`;
    case 'dynamic':
      return `dg.DynamicPartitionsDefinition({ name: ${JSON.stringify(written.name)} })`;
    case 'multi':
      return `dg.MultiPartitionsDefinition({ ${Object.entries(written.dimensions)
        .map(([name, one]) => `${JSON.stringify(name)}: ${definitionExpression(one)}`)
        .join(', ')} })`;
    case 'timeWindow': {
      const { kind, cron, ...rest } = written;
      return `dg.TimeWindowPartitionsDefinition(${timeOptions({ ...rest, cronSchedule: cron })})`;
    }
    default: {
      const { kind, start, end, ...rest } = written;
      const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}PartitionsDefinition`;
      return `dg.${name}(${timeOptions({ ...rest, startDate: start, endDate: end })})`;
    }
  }
}

/** Options of a definition of time; dates stand for themselves, and are not text in the format. */
export function timeOptions(options: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (name !== 'exclusions') return [`${name}: ${boundExpression(value)}`];
    const items = (value as readonly string[]).map((item) =>
      /^\d{4}-/.test(item) ? boundExpression({ datetime: item }) : JSON.stringify(item),
    );
    return [`exclusions: [${items.join(', ')}]`];
  });
  return `{ ${parts.join(', ')} }`;
}

function boundExpression(value: unknown): string {
  const { datetime } = (value ?? {}) as { readonly datetime?: string };
  if (datetime === undefined) return JSON.stringify(value);
  const wall = datetime.replace(/(Z|[+-]\d\d:\d\d)$/, '');
  return `new Date('${wall.includes('T') ? wall : `${wall}T00:00`}Z')`;
}

/** A cell that declares the assets, and a job of all of them. */
export function assetCells(
  assets: readonly WrittenAsset[],
  jobPartitions: WrittenDefinition | undefined,
): readonly string[] {
  const cells = assets.map(({ key, partitions, deps = [], config }) => {
    const options = [
      `key: ${JSON.stringify(key)}`,
      ...(partitions ? [`partitionsDef: ${definitionExpression(partitions)}`] : []),
      `deps: ${JSON.stringify(deps.map(({ asset }) => asset))}`,
      ...(config ? [`config: ${configExpression(config.fields)}`] : []),
    ];
    return `dg.asset({ ${options.join(', ')} }, () => undefined);`;
  });
  const given = jobPartitions ? `, { partitionsDef: ${definitionExpression(jobPartitions)} }` : '';
  return [...cells, `const my_job = dg.defineAssetJob('my_job'${given});`];
}

const ZOD_TYPES = {
  str: 'z.string()',
  int: 'z.int()',
  float: 'z.number()',
  bool: 'z.boolean()',
  any: 'z.any()',
};

function configExpression(fields: Readonly<Record<string, WrittenField>>): string {
  const parts = Object.entries(fields).map(([name, field]) => {
    const fallback = 'default' in field ? `.default(${JSON.stringify(field.default)})` : '';
    return `${JSON.stringify(name)}: ${ZOD_TYPES[field.type]}${fallback}`;
  });
  return `dg.Config({ ${parts.join(', ')} })`;
}

/** A request, or a skip reason among requests, as an expression of a cell. */
export function requestExpression(request: WrittenRequest): string {
  if (request.skip !== undefined) return `dg.SkipReason(${JSON.stringify(request.skip)})`;
  const { partition, runKey, tags, runConfig, assets, range } = request;
  const partitionKey =
    typeof partition === 'object'
      ? `dg.MultiPartitionKey(${JSON.stringify(partition)})`
      : JSON.stringify(partition);
  const allTags = range
    ? {
        ...tags,
        'dagster/asset_partition_range_start': range[0],
        'dagster/asset_partition_range_end': range[1],
      }
    : tags;
  const parts = [
    ...(partition === undefined ? [] : [`partitionKey: ${partitionKey}`]),
    ...Object.entries({ runKey, tags: allTags, runConfig, assetSelection: assets }).flatMap(
      ([name, value]) => (value === undefined ? [] : [`${name}: ${JSON.stringify(value)}`]),
    ),
  ];
  return `dg.RunRequest({ ${parts.join(', ')} })`;
}

/** Requests as a list. */
export function requestsExpression(requests: readonly WrittenRequest[] = []): string {
  return `[${requests.map(requestExpression).join(', ')}]`;
}

/** A notebook that runs in the test itself. */
export interface LoadedCells {
  readonly guest: Guest;
  readonly definitions: Definitions;
  readonly graph: AssetGraph;
}

/** Loads cells as Dagster loads a code location, or says why that fails. */
export function loadCells(
  cells: readonly string[],
  world: GuestWorld,
): LoadedCells | { readonly loadError: ErrorAnswer } {
  const { guest } = guestOf(cells);
  const { outcome } = parseLoadAnswer(guest.load(world), () => null);
  if (outcome?.status === 'threw') return { loadError: errorAnswerOf(outcome.error) };
  if (outcome?.status !== 'loaded') throw new Error(`Loading ended as ${outcome?.status}.`);
  const { definitions, problems } = validateDefinitions(outcome.definitions, {
    effectiveAt: world.now,
    dynamicPartitions: new Map(world.dynamicPartitions),
  });
  const problem = problems.find(({ severity }) => severity === 'error');
  if (problem) {
    const { kind = '', message, cause } = problem;
    const inner = { error: kind, message };
    return {
      loadError: {
        ...inner,
        ...(cause && {
          cause: { ...inner, cause: { error: cause.kind, message: cause.message } },
        }),
      },
    };
  }
  return { guest, definitions, graph: new AssetGraph(definitions.assets) };
}

/** What the guest is told of the world. */
export function worldAt(now: number, store: WrittenStore): GuestWorld {
  return { now, seed: 'vectors', dynamicPartitions: Object.entries(store), files: [] };
}

/** The guest's answer as the engine reads it. */
export function outcomeOf(answer: unknown): AutomationOutcome {
  const { outcome }: Answer<AutomationAnswer> = parseAutomationAnswer(answer, () => null);
  if (outcome === null) throw new Error('A library is missing.');
  return outcome;
}

/** An error as the vectors write it. */
export function errorAnswerOf({ name, message, cause }: SerializableErrorInfo): ErrorAnswer {
  // What a cell throws to stand for Python's own error.
  return { error: name, message, ...(cause && { cause: errorAnswerOf(cause) }) };
}

/** A run as the vectors write it. */
export function writtenRun({ jobName, tags, assetSelection, runConfig }: TickLaunch): unknown {
  const shown = Object.entries(tags).filter(([name]) => !name.startsWith('.'));
  return {
    job: jobName.startsWith('__ASSET_JOB') ? null : jobName,
    tags: Object.fromEntries(shown),
    ...(assetSelection && { assets: [...assetSelection].sort() }),
    ...(Object.keys(runConfig).length > 0 && { runConfig }),
  };
}

/** What cells throw where the vectors say that the function raises. */
export function raiseExpression(message: string): string {
  return `throw Object.assign(new Error(${JSON.stringify(message)}), { name: 'ValueError' });`;
}
