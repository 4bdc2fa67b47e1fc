import fc from 'fast-check';
import type { ConfigField, ConfigSchema, ConfigShape } from '../../src/config/config-schema.ts';
import type {
  AssetSpec,
  Definitions,
  JobSpec,
  OpStepSpec,
  ScheduleSpec,
  SensorSpec,
} from '../../src/definitions/definitions.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';

/** Pieces of text that end literals, comments, lines or f-strings, or look like code. */
const PIECES = [
  '"',
  "'",
  '"""',
  "'''",
  '\\',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\0',
  '\u2028',
  '\u2029',
  '\u0085',
  '\f',
  '#',
  '{',
  '}',
  '{__import__("os").system("id")}',
  '%s',
  ')',
  '(',
  '\n    import os\n',
  '"); import os; ("',
  '\\N{QUOTATION MARK}',
  '\\u0022',
  '\u202e',
  '\ufeff',
  '\ud800',
  '\udc00',
  '🦀',
  'é',
  'שלום',
  'ﬀ',
  '__import__',
  'lambda',
  'eval',
  'None',
  'x',
  'a b',
  '0',
];

const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 1 });
const few = <T>(arbitrary: fc.Arbitrary<T>, minLength = 0) =>
  fc.array(arbitrary, { minLength, maxLength: 2 });
const one = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 1 });
const record = fc.dictionary(hostile, hostile, { maxKeys: 2 });
const declaredAt = { cellId: fc.constant('c1'), name: maybe(hostile) };

const window: fc.Arbitrary<PartitionsDefinition> = fc.record({
  kind: fc.constant('timeWindow' as const),
  className: fc.constantFrom('hourly', 'daily', 'weekly', 'monthly', 'timeWindow'),
  startAt: fc.integer({ min: 0, max: 2e12 }),
  endAt: maybe(fc.integer({ min: 0, max: 2e12 })),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
  fmt: hostile,
  endOffset: fc.integer({ min: -2, max: 2 }),
  cronSchedule: fc.constantFrom('0 0 * * *', '15 * * * *', '0 0 1 * *'),
  exclusions: few(fc.oneof(fc.constant('0 0 1 * *'), fc.integer({ min: 0, max: 2e12 }))),
});
const plainPartitions: fc.Arbitrary<PartitionsDefinition> = fc.oneof(
  fc.record(
    { kind: fc.constant('static' as const), keys: few(hostile), listed: fc.boolean() },
    { requiredKeys: ['kind', 'keys'] },
  ),
  fc.record({ kind: fc.constant('dynamic' as const), name: hostile }),
  window,
);
const partitions: fc.Arbitrary<PartitionsDefinition> = fc.oneof(
  plainPartitions,
  fc.record({
    kind: fc.constant('multi' as const),
    dimensions: few(fc.record({ name: hostile, definition: plainPartitions }), 2),
  }),
);

const mapping: fc.Arbitrary<PartitionMapping> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.record({ kind: fc.constant('specific' as const), keys: few(hostile) }),
  fc.record({
    kind: fc.constant('static' as const),
    downstreamByUpstream: few(fc.tuple(hostile, few(hostile))),
  }),
  fc.record({
    kind: fc.constant('function' as const),
    upstreamByDownstream: few(fc.tuple(hostile, few(hostile))),
  }),
  fc.record({
    kind: fc.constant('multiToSingle' as const),
    partitionDimensionName: maybe(hostile),
  }),
  fc.record({
    kind: fc.constant('multi' as const),
    dimensions: few(
      fc.record({
        upstream: hostile,
        downstream: hostile,
        mapping: fc.constant({ kind: 'identity' as const }),
      }),
    ),
  }),
);

const { shape } = fc.letrec<{ schema: ConfigSchema; field: ConfigField; shape: ConfigShape }>(
  (tie) => ({
    schema: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'config' },
      fc.constantFrom(
        ...(['string', 'int', 'float', 'bool', 'any'] as const).map((kind) => ({ kind })),
      ),
      fc.record({ kind: fc.constant('enum' as const), values: few(hostile, 1) }),
      fc.dictionary(hostile, hostile, { minKeys: 1, maxKeys: 2 }).map((valueByName) => {
        return { kind: 'enum' as const, values: Object.keys(valueByName), valueByName };
      }),
      fc.record({ kind: fc.constant('array' as const), item: tie('schema') }),
      fc.record({ kind: fc.constant('noneable' as const), inner: tie('schema') }),
      fc.record({
        kind: fc.constant('map' as const),
        key: fc.constantFrom({ kind: 'string' as const }, { kind: 'int' as const }),
        value: tie('schema'),
      }),
      tie('shape'),
      fc.record({ kind: fc.constant('selector' as const), fields: few(tie('field'), 1) }),
    ),
    field: fc.record(
      {
        name: hostile,
        schema: tie('schema'),
        required: fc.boolean(),
        defaultValue: fc.oneof(hostile, record, fc.double(), fc.constant(null)),
        description: maybe(hostile),
      },
      { requiredKeys: ['name', 'schema', 'required', 'description'] },
    ),
    shape: fc.record({
      kind: fc.constant('shape' as const),
      fields: fc.array(tie('field'), { maxLength: 2, depthIdentifier: 'config' }),
      permissive: fc.boolean(),
    }),
  }),
);

const asset: fc.Arbitrary<AssetSpec> = fc.record(
  {
    ...declaredAt,
    assetKey: hostile,
    group: hostile,
    description: maybe(hostile),
    partitionsDef: maybe(partitions),
    deps: few(
      fc.record({
        assetKey: hostile,
        inputName: maybe(hostile),
        mapping: maybe(mapping),
        byKey: fc.boolean(),
        allowMissingPartitions: fc.boolean(),
      }),
    ),
    config: maybe(shape),
    configName: maybe(hostile),
    codeVersion: maybe(hostile),
    metadata: fc.dictionary(hostile, fc.oneof(hostile, record), { maxKeys: 2 }),
    tags: record,
    owners: few(hostile),
    kinds: few(hostile),
    external: fc.boolean(),
  },
  { noNullPrototype: true },
);

const step: fc.Arbitrary<OpStepSpec> = fc.record({
  stepKey: hostile,
  opName: hostile,
  description: maybe(hostile),
  config: maybe(shape),
  configName: maybe(hostile),
  inputs: few(
    fc.record({
      name: hostile,
      sources: few(fc.record({ stepKey: hostile, outputName: hostile }), 1),
      list: fc.boolean(),
    }),
  ),
  outputs: few(fc.record({ name: hostile, required: fc.boolean() }), 1),
});

const job: fc.Arbitrary<JobSpec> = fc.record(
  {
    ...declaredAt,
    jobName: hostile,
    ops: few(step),
    assetKeys: few(hostile),
    partitionsDef: maybe(partitions),
    runConfig: record,
    partitionedConfig: fc.boolean(),
    tags: record,
    description: maybe(hostile),
  },
  { requiredKeys: ['cellId', 'name', 'jobName', 'assetKeys', 'partitionsDef', 'description'] },
);

const automation = {
  ...declaredAt,
  jobName: maybe(hostile),
  description: maybe(hostile),
};
const schedule: fc.Arbitrary<ScheduleSpec> = fc.record(
  {
    ...automation,
    scheduleName: hostile,
    cronSchedule: few(fc.constantFrom('0 1 * * *', '@daily'), 1),
    executionTimezone: hostile,
    tags: record,
  },
  {
    requiredKeys: [
      'cellId',
      'name',
      'jobName',
      'description',
      'scheduleName',
      'cronSchedule',
      'executionTimezone',
    ],
  },
);
const sensor: fc.Arbitrary<SensorSpec> = fc.record({
  ...automation,
  sensorName: hostile,
  target: fc.record({ mixesPartitions: fc.boolean(), assetKeys: few(hostile) }),
  minimumIntervalMs: fc.integer({ min: 0, max: 1e6 }),
});

/** What no author would write, and an attacker might: every text is anything at all. */
export const hostileDefinitions: fc.Arbitrary<Definitions> = fc
  .record({
    partitionsDefinitions: one(fc.record({ ...declaredAt, definition: partitions })),
    configs: one(fc.record({ ...declaredAt, schema: shape })),
    assets: one(asset),
    jobs: one(job),
    schedules: one(schedule),
    sensors: one(sensor),
    tests: fc.constant([]),
  })
  // A schedule that follows from a job names it.
  .map(({ jobs, schedules, ...rest }) => ({
    ...rest,
    jobs,
    schedules: schedules.map((one) =>
      one.tags ? { ...one, jobName: jobs[0]?.jobName ?? one.jobName } : one,
    ),
  }));

/** Every text that stands in some plain data, names of members of dictionaries left out. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
