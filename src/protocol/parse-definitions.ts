import type { ConfigField, ConfigSchema, ConfigShape } from '../config/config-schema.ts';
import type {
  AssetDependency,
  AssetSpec,
  BackfillPolicy,
  DeclaredAt,
  Definitions,
  ScheduleSpec,
  OpInputSpec,
  OpStepSpec,
  RetryPolicy,
} from '../definitions/definitions.ts';
import type {
  PartitionDimension,
  PartitionsDefinition,
} from '../partitions/definition/partitions-definition.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import {
  booleanOf,
  cutTextOf,
  fieldsOf,
  integerOf,
  listOf,
  numberOf,
  plainDataOf,
  plainRecordOf,
  ShapeError,
  textOf,
  textOrNullOf,
  textRecordOf,
  wordOf,
  type Fields,
} from './checked.ts';

const MAX_DECLARED = 10_000;
const MAX_KEYS = 1_000_000;
const MAX_KEY_CHARS = 1000;
const MAX_WORDS_CHARS = 10_000;
/** Characters of everything together; static keys are most of it. */
const MAX_CHARS = 10_000_000;
const MAX_INSTANT = 8.64e15;
const MAX_SCHEMA_DEPTH = 20;

/**
 * What the guest says the notebook declares, rebuilt part by part.
 *
 * @throws {ShapeError} if any part is not what it should be, or if there is too much of it.
 */
export function parseDefinitions(data: unknown): Definitions {
  return new DefinitionsReader().read(data);
}

/** Reads one snapshot. Definitions shared by many assets arrive as one object, and stay one. */
class DefinitionsReader {
  readonly #known = new Map<object, PartitionsDefinition>();
  #chars = 0;
  /** For metadata and run config together. */
  readonly #budget = { nodes: 200_000 };
  readonly #plain = (value: unknown, path: string) => plainRecordOf(value, path, this.#budget);

  read(data: unknown): Definitions {
    const fields = fieldsOf(data, 'definitions');
    const list = <Item>(name: string, item: (fields: Fields, path: string) => Item): Item[] =>
      listOf(fields(name), name, MAX_DECLARED, (value, path) => item(fieldsOf(value, path), path));
    return {
      partitionsDefinitions: list('partitionsDefinitions', (declared, path) => ({
        ...this.#declaredAt(declared, path),
        definition: this.#definition(declared('definition'), `${path}.definition`),
      })),
      configs: list('configs', (declared, path) => ({
        ...this.#declaredAt(declared, path),
        schema: this.#shape(declared('schema'), `${path}.schema`),
      })),
      assets: list('assets', (asset, path) => this.#asset(asset, path)),
      jobs: list('jobs', (job, path) => ({
        ...this.#declaredAt(job, path),
        jobName: this.#text(job('jobName'), `${path}.jobName`),
        assetKeys: listOf(job('assetKeys'), `${path}.assetKeys`, MAX_DECLARED, (key, at) =>
          this.#text(key, at),
        ),
        partitionsDef: this.#definitionOrNull(job('partitionsDef'), `${path}.partitionsDef`),
        ...this.#optional(job, 'ops', path, (ops, at) =>
          listOf(ops, at, MAX_DECLARED, (op, place) => this.#op(fieldsOf(op, place), place)),
        ),
        ...this.#optional(job, 'runConfig', path, this.#plain),
        ...this.#optional(job, 'tags', path, textRecordOf),
        ...this.#optional(job, 'partitionedConfig', path, booleanOf),
        description: this.#words(job('description'), `${path}.description`),
      })),
      schedules: list('schedules', (schedule, path) => ({
        ...this.#declaredAt(schedule, path),
        scheduleName: this.#text(schedule('scheduleName'), `${path}.scheduleName`),
        cronSchedule: listOf(schedule('cronSchedule'), `${path}.cronSchedule`, 100, (cron, at) =>
          this.#cron(cron, at),
        ),
        executionTimezone: this.#zone(schedule('executionTimezone'), `${path}.executionTimezone`),
        jobName: textOrNullOf(schedule('jobName'), `${path}.jobName`, MAX_KEY_CHARS),
        ...this.#optional(schedule, 'tags', path, textRecordOf),
        ...this.#automation(schedule, path),
        description: this.#words(schedule('description'), `${path}.description`),
      })),
      sensors: list('sensors', (sensor, path) => ({
        ...this.#declaredAt(sensor, path),
        sensorName: this.#text(sensor('sensorName'), `${path}.sensorName`),
        jobName: textOrNullOf(sensor('jobName'), `${path}.jobName`, MAX_KEY_CHARS),
        ...this.#automation(sensor, path),
        minimumIntervalMs: integerOf(
          sensor('minimumIntervalMs'),
          `${path}.minimumIntervalMs`,
          0,
          1e12,
        ),
        description: this.#words(sensor('description'), `${path}.description`),
      })),
      ...this.#optional(fields, 'goals', 'definitions', (goals, at) =>
        listOf(goals, at, MAX_DECLARED, (value, path) => {
          const goal = fieldsOf(value, path);
          return {
            cellId: this.#text(goal('cellId'), `${path}.cellId`),
            goalId: integerOf(goal('goalId'), `${path}.goalId`, 0, MAX_DECLARED),
            title: this.#words(goal('title'), `${path}.title`) ?? '',
            hint: this.#words(goal('hint'), `${path}.hint`),
            ...this.#optional(goal, 'check', path, (text, at) => this.#words(text, at) ?? ''),
          };
        }),
      ),
      ...this.#optional(fields, 'actions', 'definitions', (actions, at) =>
        listOf(actions, at, MAX_DECLARED, (value, path) => {
          const action = fieldsOf(value, path);
          return {
            cellId: this.#text(action('cellId'), `${path}.cellId`),
            title: this.#words(action('title'), `${path}.title`) ?? '',
            steps: listOf(action('steps'), `${path}.steps`, 100, this.#plain),
          };
        }),
      ),
      tests: list('tests', (test, path) => ({
        cellId: this.#text(test('cellId'), `${path}.cellId`),
        testId: integerOf(test('testId'), `${path}.testId`, 0, MAX_DECLARED),
        title: this.#words(test('title'), `${path}.title`) ?? '',
      })),
    };
  }

  /** What schedules and sensors have in common and may lack. */
  #automation(fields: Fields, path: string): Pick<ScheduleSpec, 'target' | 'defaultStatus'> {
    return {
      ...this.#optional(fields, 'target', path, (value, at) => {
        const target = fieldsOf(value, at);
        return {
          mixesPartitions: booleanOf(target('mixesPartitions'), `${at}.mixesPartitions`),
          assetKeys: listOf(target('assetKeys'), `${at}.assetKeys`, MAX_DECLARED, (key, place) =>
            this.#text(key, place),
          ),
        };
      }),
      ...this.#optional(fields, 'defaultStatus', path, (value, at) =>
        wordOf(value, at, ['RUNNING', 'STOPPED'] as const),
      ),
    };
  }

  #asset(asset: Fields, path: string): AssetSpec {
    const words = (name: string) =>
      listOf(asset(name), `${path}.${name}`, 100, (word, at) => this.#text(word, at));
    return {
      ...this.#declaredAt(asset, path),
      assetKey: this.#text(asset('assetKey'), `${path}.assetKey`),
      group: this.#text(asset('group'), `${path}.group`),
      description: this.#words(asset('description'), `${path}.description`),
      partitionsDef: this.#definitionOrNull(asset('partitionsDef'), `${path}.partitionsDef`),
      deps: listOf(asset('deps'), `${path}.deps`, MAX_DECLARED, (dep, at) =>
        this.#dependency(fieldsOf(dep, at), at),
      ),
      config: asset('config') === null ? null : this.#shape(asset('config'), `${path}.config`),
      configName: textOrNullOf(asset('configName'), `${path}.configName`, MAX_KEY_CHARS),
      codeVersion: textOrNullOf(asset('codeVersion'), `${path}.codeVersion`, MAX_KEY_CHARS),
      ...this.#optional(asset, 'metadata', path, this.#plain),
      tags: textRecordOf(asset('tags'), `${path}.tags`),
      owners: words('owners'),
      kinds: words('kinds'),
      external: booleanOf(asset('external'), `${path}.external`),
      ...this.#optional(asset, 'backfillPolicy', path, backfillPolicyOf),
      ...this.#optional(asset, 'retryPolicy', path, retryPolicyOf),
      ...this.#optional(asset, 'ownIOManager', path, booleanOf),
    };
  }

  #op(op: Fields, path: string): OpStepSpec {
    return {
      stepKey: this.#text(op('stepKey'), `${path}.stepKey`),
      opName: this.#text(op('opName'), `${path}.opName`),
      description: this.#words(op('description'), `${path}.description`),
      config: op('config') === null ? null : this.#shape(op('config'), `${path}.config`),
      configName: textOrNullOf(op('configName'), `${path}.configName`, MAX_KEY_CHARS),
      inputs: listOf(op('inputs'), `${path}.inputs`, 1000, (value, at): OpInputSpec => {
        const input = fieldsOf(value, at);
        return {
          name: this.#text(input('name'), `${at}.name`),
          sources: listOf(input('sources'), `${at}.sources`, MAX_DECLARED, (one, place) => {
            const source = fieldsOf(one, place);
            return {
              stepKey: this.#text(source('stepKey'), `${place}.stepKey`),
              outputName: this.#text(source('outputName'), `${place}.outputName`),
            };
          }),
          list: booleanOf(input('list'), `${at}.list`),
        };
      }),
      outputs: listOf(op('outputs'), `${path}.outputs`, 1000, (value, at) => {
        const output = fieldsOf(value, at);
        return {
          name: this.#text(output('name'), `${at}.name`),
          required: booleanOf(output('required'), `${at}.required`),
        };
      }),
      ...this.#optional(op, 'retryPolicy', path, retryPolicyOf),
    };
  }

  /** A field that may be absent; then so it stays. */
  #optional<Name extends string, Value>(
    fields: Fields,
    name: Name,
    path: string,
    read: (value: unknown, path: string) => Value,
  ): { readonly [Key in Name]?: Value } {
    const value = fields(name);
    if (value === undefined) return {};
    return { [name]: read(value, `${path}.${name}`) } as { readonly [Key in Name]?: Value };
  }

  #dependency(dep: Fields, path: string): AssetDependency {
    return {
      assetKey: this.#text(dep('assetKey'), `${path}.assetKey`),
      inputName: textOrNullOf(dep('inputName'), `${path}.inputName`, MAX_KEY_CHARS),
      mapping: dep('mapping') === null ? null : this.#mapping(dep('mapping'), `${path}.mapping`, 0),
      byKey: booleanOf(dep('byKey'), `${path}.byKey`),
      allowMissingPartitions: booleanOf(
        dep('allowMissingPartitions'),
        `${path}.allowMissingPartitions`,
      ),
    };
  }

  #declaredAt(declared: Fields, path: string): DeclaredAt {
    return {
      cellId: this.#text(declared('cellId'), `${path}.cellId`),
      name: textOrNullOf(declared('name'), `${path}.name`, MAX_KEY_CHARS),
    };
  }

  #definitionOrNull(value: unknown, path: string): PartitionsDefinition | null {
    return value === null ? null : this.#definition(value, path);
  }

  #definition(value: unknown, path: string, depth = 0): PartitionsDefinition {
    const known = typeof value === 'object' && value !== null && this.#known.get(value);
    if (known) return known;
    const definition = this.#newDefinition(fieldsOf(value, path), path, depth);
    this.#known.set(value as object, definition);
    return definition;
  }

  #newDefinition(fields: Fields, path: string, depth: number): PartitionsDefinition {
    const kind = wordOf(fields('kind'), `${path}.kind`, [
      'static',
      'timeWindow',
      'dynamic',
      'multi',
    ]);
    switch (kind) {
      case 'static':
        return {
          kind,
          keys: this.#keys(fields('keys'), `${path}.keys`),
          ...this.#optional(fields, 'listed', path, booleanOf),
        };
      case 'dynamic':
        return { kind, name: this.#text(fields('name'), `${path}.name`) };
      case 'timeWindow':
        return {
          kind,
          className: wordOf(fields('className'), `${path}.className`, [
            'hourly',
            'daily',
            'weekly',
            'monthly',
            'timeWindow',
          ]),
          startAt: instantOf(fields('startAt'), `${path}.startAt`),
          endAt: fields('endAt') === null ? null : instantOf(fields('endAt'), `${path}.endAt`),
          timezone: this.#zone(fields('timezone'), `${path}.timezone`),
          fmt: textOf(fields('fmt'), `${path}.fmt`, 200),
          endOffset: integerOf(fields('endOffset'), `${path}.endOffset`, -1e6, 1e6),
          cronSchedule: this.#cron(fields('cronSchedule'), `${path}.cronSchedule`),
          exclusions: listOf(
            fields('exclusions'),
            `${path}.exclusions`,
            MAX_DECLARED,
            (item, at) => (typeof item === 'string' ? this.#cron(item, at) : instantOf(item, at)),
          ),
        };
      case 'multi':
        if (depth > 0) throw new ShapeError(path, 'a definition of one dimension');
        return {
          kind,
          dimensions: listOf(
            fields('dimensions'),
            `${path}.dimensions`,
            10,
            (value, at): PartitionDimension => {
              const dimension = fieldsOf(value, at);
              return {
                name: this.#text(dimension('name'), `${at}.name`),
                definition: this.#definition(
                  dimension('definition'),
                  `${at}.definition`,
                  depth + 1,
                ),
              };
            },
          ),
        };
    }
  }

  #pairs(
    value: unknown,
    path: string,
  ): readonly (readonly [PartitionKey, readonly PartitionKey[]])[] {
    return listOf(value, path, MAX_KEYS, (pair, at) => {
      if (!Array.isArray(pair)) throw new ShapeError(at, 'a pair');
      return [this.#text(pair[0], at), this.#keys(pair[1], at)] as const;
    });
  }

  #mapping(value: unknown, path: string, depth: number): PartitionMapping {
    const fields = fieldsOf(value, path);
    const kind = wordOf(fields('kind'), `${path}.kind`, [
      'identity',
      'all',
      'last',
      'specific',
      'static',
      'timeWindow',
      'multiToSingle',
      'multi',
      'function',
    ]);
    switch (kind) {
      case 'identity':
      case 'all':
      case 'last':
        return { kind };
      case 'specific':
        return { kind, keys: this.#keys(fields('keys'), `${path}.keys`) };
      case 'static':
        return {
          kind,
          downstreamByUpstream: this.#pairs(
            fields('downstreamByUpstream'),
            `${path}.downstreamByUpstream`,
          ),
        };
      case 'function':
        if (depth > 0) throw new ShapeError(path, 'a mapping of whole keys');
        return {
          kind,
          upstreamByDownstream: this.#pairs(
            fields('upstreamByDownstream'),
            `${path}.upstreamByDownstream`,
          ),
        };
      case 'timeWindow':
        return {
          kind,
          startOffset: integerOf(fields('startOffset'), `${path}.startOffset`, -1e6, 1e6),
          endOffset: integerOf(fields('endOffset'), `${path}.endOffset`, -1e6, 1e6),
          allowNonexistentUpstreamPartitions: booleanOf(
            fields('allowNonexistentUpstreamPartitions'),
            `${path}.allowNonexistentUpstreamPartitions`,
          ),
        };
      case 'multiToSingle':
        return {
          kind,
          partitionDimensionName: textOrNullOf(
            fields('partitionDimensionName'),
            `${path}.partitionDimensionName`,
            MAX_KEY_CHARS,
          ),
        };
      case 'multi':
        if (depth > 0) throw new ShapeError(path, 'a mapping of one dimension');
        return {
          kind,
          dimensions: listOf(fields('dimensions'), `${path}.dimensions`, 10, (value, at) => {
            const dimension = fieldsOf(value, at);
            return {
              upstream: this.#text(dimension('upstream'), `${at}.upstream`),
              downstream: this.#text(dimension('downstream'), `${at}.downstream`),
              mapping: this.#mapping(dimension('mapping'), `${at}.mapping`, depth + 1),
            };
          }),
        };
    }
  }

  #shape(value: unknown, path: string): ConfigShape {
    const schema = this.#schema(value, path, 0);
    if (schema.kind !== 'shape') throw new ShapeError(path, 'a shape');
    return schema;
  }

  #schema(value: unknown, path: string, depth: number): ConfigSchema {
    if (depth > MAX_SCHEMA_DEPTH) throw new ShapeError(path, 'so deep');
    const fields = fieldsOf(value, path);
    const inner = (name: string) => this.#schema(fields(name), `${path}.${name}`, depth + 1);
    const kind = wordOf(fields('kind'), `${path}.kind`, [
      'string',
      'int',
      'float',
      'bool',
      'any',
      'enum',
      'array',
      'map',
      'noneable',
      'selector',
      'shape',
    ]);
    switch (kind) {
      case 'string':
      case 'int':
      case 'float':
      case 'bool':
      case 'any':
        return { kind };
      case 'enum':
        return {
          kind,
          values: listOf(fields('values'), `${path}.values`, MAX_DECLARED, (item, at) =>
            this.#text(item, at),
          ),
          ...this.#members(fields('valueByName'), `${path}.valueByName`),
        };
      case 'array':
        return { kind, item: inner('item') };
      case 'map':
        return { kind, key: inner('key'), value: inner('value') };
      case 'noneable':
        return { kind, inner: inner('inner') };
      case 'selector':
        return { kind, fields: this.#fields(fields('fields'), `${path}.fields`, depth) };
      case 'shape':
        return {
          kind,
          fields: this.#fields(fields('fields'), `${path}.fields`, depth),
          permissive: booleanOf(fields('permissive'), `${path}.permissive`),
        };
    }
  }

  /** What the members of an enum stand for, if they do not stand for themselves. */
  #members(
    value: unknown,
    path: string,
  ): { readonly valueByName?: Readonly<Record<string, string | number>> } {
    if (value === undefined) return {};
    const members = Object.entries(this.#plain(value, path)).map(
      ([name, member]): [string, string | number] => [
        name,
        typeof member === 'number' ? member : this.#text(member, `${path}.${name}`),
      ],
    );
    return { valueByName: Object.fromEntries(members) };
  }

  #fields(value: unknown, path: string, depth: number): readonly ConfigField[] {
    return listOf(value, path, 1000, (item, at) => {
      const field = fieldsOf(item, at);
      const defaultValue = field('defaultValue');
      return {
        name: this.#text(field('name'), `${at}.name`),
        schema: this.#schema(field('schema'), `${at}.schema`, depth + 1),
        required: booleanOf(field('required'), `${at}.required`),
        ...(defaultValue === undefined
          ? {}
          : { defaultValue: plainDataOf(defaultValue, `${at}.defaultValue`) }),
        ...(field('refusesNull') === true && { refusesNull: true }),
        description: this.#words(field('description'), `${at}.description`),
      };
    });
  }

  #keys(value: unknown, path: string): readonly string[] {
    return listOf(value, path, MAX_KEYS, (key, at) => this.#text(key, at));
  }

  #text(value: unknown, path: string): string {
    const text = textOf(value, path, MAX_KEY_CHARS);
    this.#chars += text.length + 8;
    if (this.#chars > MAX_CHARS) {
      throw new ShapeError(path, `within the ${MAX_CHARS / 1e6} MB that definitions may take`);
    }
    return text;
  }

  /** What people read: a long text is cut, and not refused. */
  #words(value: unknown, path: string): string | null {
    if (value === null || value === undefined) return null;
    const words = cutTextOf(value, path, MAX_WORDS_CHARS);
    this.#chars += words.length;
    return words;
  }

  /** Only its characters are looked at: whether it is a schedule is for its reader to say. */
  #cron(value: unknown, path: string): string {
    const cron = this.#text(value, path);
    if (!/^[\w*/,\-#@? ]{1,200}$/.test(cron)) throw new ShapeError(path, 'a cron expression');
    return cron;
  }

  #zone(value: unknown, path: string): string {
    const zone = this.#text(value, path);
    // Known without asking: the first question is a dear one.
    if (zone === 'UTC') return zone;
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
    } catch {
      throw new ShapeError(path, 'a time zone');
    }
    return zone;
  }
}

function instantOf(value: unknown, path: string): number {
  return integerOf(value, path, -MAX_INSTANT, MAX_INSTANT);
}

function backfillPolicyOf(value: unknown, path: string): BackfillPolicy {
  const most = fieldsOf(value, path)('maxPartitionsPerRun');
  return {
    maxPartitionsPerRun:
      most === null ? null : integerOf(most, `${path}.maxPartitionsPerRun`, 1, MAX_KEYS),
  };
}

function retryPolicyOf(value: unknown, path: string): RetryPolicy {
  const policy = fieldsOf(value, path);
  return {
    maxRetries: integerOf(policy('maxRetries'), `${path}.maxRetries`, 0, MAX_KEYS),
    delaySeconds: numberOf(policy('delaySeconds'), `${path}.delaySeconds`, 0, 1e9),
  };
}
