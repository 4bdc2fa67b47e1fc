/*
 * The cell language as types, for the editor: what is in scope in every cell. Written by hand;
 * `test/sdk/dg-types.test.ts` compiles cells against it.
 */
import type { assert as chaiAssert } from 'chai';
import type {
  DateTime as LuxonDateTime,
  Duration as LuxonDuration,
  Interval as LuxonInterval,
} from 'luxon';
import type { z as zodNamespace, ZodObject, ZodType, output } from 'zod';

/** An instant as cells may write it: text in the definition's format, a DateTime, or a Date. */
type Instant = string | LuxonDateTime | Date;

/** What may be made with `new` as well as without. */
interface Newable<Args extends readonly unknown[], Made> {
  (...args: Args): Made;
  new (...args: Args): Made;
}

declare const keyType: unique symbol;
declare const valueType: unique symbol;
declare const partitionsType: unique symbol;
declare const severalType: unique symbol;
declare const staticType: unique symbol;
declare const inputType: unique symbol;

/** The notebook's folder. */
interface Files {
  /** Names below `prefix`, sorted. */
  list(prefix?: string): string[];
  has(path: string): boolean;
  readText(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  readJson(path: string): Promise<any>;
  /** Rows as objects: a column of numbers gives numbers, an empty field null; dates stay text unless `types` says otherwise. */
  readCsv<Row = Record<string, any>>(
    path: string,
    options?: { types?: Readonly<Record<string, 'text' | 'number' | 'date'>> },
  ): Promise<Row[]>;
  write(
    path: string,
    content: string | Uint8Array | ArrayBuffer | readonly Readonly<Record<string, unknown>>[],
  ): Promise<void>;
  remove(path: string): Promise<void>;
}

declare global {
  namespace dg {
    // Partitions definitions

    /** The set of partitions of an asset. `Key` is the type of its keys. */
    interface PartitionsDefinition<Key = unknown> {
      readonly [keyType]: Key;
      /** The keys that exist at the notebook's now, or at `currentTime`, in order. */
      getPartitionKeys(options?: { currentTime?: Instant }): Key[];
      hasPartitionKey(key: string | MultiPartitionKey): boolean;
      getNumPartitions(): number;
      /** Null if there is none. */
      getFirstPartitionKey(): Key | null;
      /** Null if there is none. */
      getLastPartitionKey(): Key | null;
      /** Both ends included. */
      getPartitionKeysInRange(range: PartitionKeyRange): Key[];
      getPaginatedPartitionKeys(options: { limit: number; ascending?: boolean; cursor?: string }): {
        results: Key[];
        cursor: string;
        hasMore: boolean;
      };
    }
    interface StaticPartitionsDefinition<Key extends string> extends PartitionsDefinition<Key> {
      readonly [staticType]: true;
    }
    interface TimeWindowPartitionsDefinition extends PartitionsDefinition<string> {
      timeWindowForPartitionKey(key: string): TimeWindow;
      startTimeForPartitionKey(key: string): LuxonDateTime;
      getNextPartitionKey(key: string): string | null;
      getPrevPartitionKey(key: string): string | null;
      getNextPartitionWindow(at: Instant): TimeWindow | null;
      getPrevPartitionWindow(at: Instant): TimeWindow | null;
      getPartitionKeyForTimestamp(at: Instant, options?: { endClosed?: boolean }): string;
      getPartitionKeysInTimeWindow(window: TimeWindow): string[];
      getCronSchedule(): string;
    }
    interface DynamicPartitionsDefinition extends PartitionsDefinition<string> {
      readonly name: string;
      buildAddRequest(keys: readonly string[]): DynamicPartitionsRequest;
      buildDeleteRequest(keys: readonly string[]): DynamicPartitionsRequest;
    }
    interface MultiPartitionsDefinition<
      Dimensions extends Record<string, PartitionsDefinition>,
    > extends PartitionsDefinition<MultiPartitionKey<KeysOf<Dimensions>>> {
      readonly partitionDimensionNames: (keyof Dimensions & string)[];
      getPartitionsDefForDimension<Name extends keyof Dimensions>(name: Name): Dimensions[Name];
      getMultipartitionKeysWithDimensionValue<Name extends keyof Dimensions>(
        name: Name,
        key: KeyOf<Dimensions[Name]>,
      ): MultiPartitionKey<KeysOf<Dimensions>>[];
      timeWindowForPartitionKey(key: string | MultiPartitionKey): TimeWindow;
    }
    type KeyOf<Definition> = Definition extends PartitionsDefinition<infer Key> ? Key : never;
    type KeysOf<Dimensions> = { readonly [Name in keyof Dimensions]: KeyOf<Dimensions[Name]> };

    interface CalendarOptions {
      startDate: Instant;
      /** Windows end at or before it. */
      endDate?: Instant;
      minuteOffset?: number;
      /** IANA name; UTC unless given. */
      timezone?: string;
      /** strftime format of the keys. */
      fmt?: string;
      /** Windows to add after the last that has ended; if negative, to leave off. */
      endOffset?: number;
      /** Window starts to leave out: cron expressions or instants. */
      exclusions?: readonly Instant[];
    }
    const StaticPartitionsDefinition: {
      <const Key extends string>(keys: readonly Key[]): StaticPartitionsDefinition<Key>;
      new <const Key extends string>(keys: readonly Key[]): StaticPartitionsDefinition<Key>;
    };
    const HourlyPartitionsDefinition: Newable<[CalendarOptions], TimeWindowPartitionsDefinition>;
    const DailyPartitionsDefinition: Newable<
      [CalendarOptions & { hourOffset?: number }],
      TimeWindowPartitionsDefinition
    >;
    const WeeklyPartitionsDefinition: Newable<
      [CalendarOptions & { hourOffset?: number; /** Sunday is 0. */ dayOffset?: number }],
      TimeWindowPartitionsDefinition
    >;
    const MonthlyPartitionsDefinition: Newable<
      [
        CalendarOptions & {
          hourOffset?: number;
          /** Day of the month, from 1. */ dayOffset?: number;
        },
      ],
      TimeWindowPartitionsDefinition
    >;
    const TimeWindowPartitionsDefinition: Newable<
      [
        {
          start: Instant;
          fmt: string;
          end?: Instant;
          cronSchedule?: string;
          scheduleType?: 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY';
          minuteOffset?: number;
          hourOffset?: number;
          dayOffset?: number;
          timezone?: string;
          endOffset?: number;
          exclusions?: readonly Instant[];
        },
      ],
      TimeWindowPartitionsDefinition
    >;
    const DynamicPartitionsDefinition: Newable<[{ name: string }], DynamicPartitionsDefinition>;
    const MultiPartitionsDefinition: {
      <Dimensions extends Record<string, PartitionsDefinition>>(
        dimensions: Dimensions,
      ): MultiPartitionsDefinition<Dimensions>;
      new <Dimensions extends Record<string, PartitionsDefinition>>(
        dimensions: Dimensions,
      ): MultiPartitionsDefinition<Dimensions>;
    };

    /** A key in two dimensions; as text `a|b`, dimensions in name order. */
    interface MultiPartitionKey<Keys = Readonly<Record<string, unknown>>> {
      readonly keysByDimension: Keys;
      toString(): string;
    }
    const MultiPartitionKey: {
      <const Keys extends Record<string, string>>(keys: Keys): MultiPartitionKey<Keys>;
      new <const Keys extends Record<string, string>>(keys: Keys): MultiPartitionKey<Keys>;
    };
    /** From key to key, both included. */
    interface PartitionKeyRange {
      readonly start: string;
      readonly end: string;
    }
    const PartitionKeyRange: Newable<[start: string, end: string], PartitionKeyRange>;
    /** Its start included, its end not; in the zone of the definition. */
    interface TimeWindow {
      readonly start: LuxonDateTime;
      readonly end: LuxonDateTime;
    }
    const TimeWindow: Newable<[start: LuxonDateTime, end: LuxonDateTime], TimeWindow>;
    interface DynamicPartitionsRequest {
      readonly action: 'add' | 'delete';
      readonly partitionsDefName: string;
      readonly partitionKeys: readonly string[];
    }

    // Mappings

    /** How the partitions of two assets correspond. `Several` tells how many upstream keys one may have. */
    interface PartitionMapping<Several extends Count = 'any'> {
      readonly [severalType]: Several;
    }
    /** `one`; `one or none`; or `any` number of keys. */
    type Count = 'one' | 'one or none' | 'any';
    const IdentityPartitionMapping: Newable<[], PartitionMapping<'one'>>;
    const AllPartitionMapping: Newable<[], PartitionMapping<'any'>>;
    const LastPartitionMapping: Newable<[], PartitionMapping<'one or none'>>;
    const SpecificPartitionsPartitionMapping: Newable<
      [keys: readonly (string | MultiPartitionKey)[]],
      PartitionMapping<'any'>
    >;
    const StaticPartitionMapping: Newable<
      [downstreamByUpstream: Readonly<Record<string, string | readonly string[]>>],
      PartitionMapping<'any'>
    >;
    interface WindowOffsets {
      /** In downstream windows. */
      startOffset?: number;
      endOffset?: number;
      allowNonexistentUpstreamPartitions?: boolean;
    }
    const TimeWindowPartitionMapping: {
      <const Offsets extends WindowOffsets = {}>(
        options?: Offsets,
      ): PartitionMapping<CountOfOffsets<Offsets>>;
      new <const Offsets extends WindowOffsets = {}>(
        options?: Offsets,
      ): PartitionMapping<CountOfOffsets<Offsets>>;
    };
    /** Equal offsets give one window, or none before the first. Between windows of unlike length there can be several. */
    type CountOfOffsets<Offsets extends WindowOffsets> = Offsets extends {
      startOffset: infer Start;
      endOffset: infer End;
    }
      ? [Start, End] extends [End, Start]
        ? 'one or none'
        : 'any'
      : 'any';
    const MultiToSingleDimensionPartitionMapping: Newable<
      [options?: { partitionDimensionName?: string }],
      PartitionMapping<'any'>
    >;
    interface DimensionPartitionMapping {
      readonly dimensionName: string;
    }
    const DimensionPartitionMapping: Newable<
      [{ dimensionName: string; partitionMapping: PartitionMapping<Count> }],
      DimensionPartitionMapping
    >;
    const MultiPartitionMapping: Newable<
      [dimensions: Readonly<Record<string, DimensionPartitionMapping>>],
      PartitionMapping<'any'>
    >;

    // Assets

    /** An asset: what it returns is `Value`, by partitions of `Definition`. */
    interface Asset<Value = unknown, Definition = unknown> {
      readonly key: AssetKey;
      readonly [valueType]: Value;
      readonly [partitionsType]: Definition;
    }
    interface AssetKey {
      readonly path: readonly string[];
      toUserString(): string;
    }
    const AssetKey: Newable<[path: string | readonly string[]], AssetKey>;
    type CoercibleToAsset = Asset | AssetKey | string;

    interface AssetDep {
      readonly mapping: unknown;
    }
    const AssetDep: Newable<
      [asset: CoercibleToAsset, options?: { partitionMapping?: PartitionMapping<Count> }],
      AssetDep
    >;
    /** Any input that is not just an asset. Not generic, so that what is inferred of one stays exact. */
    interface AnyAssetIn {
      readonly [inputType]: true;
    }
    /** An input with how it is loaded; `Loaded` is what the function gets. */
    interface AssetIn<Source, Mapping, ByKey extends boolean> extends AnyAssetIn {
      readonly source: Source;
      readonly mapping: Mapping;
      readonly byKey: ByKey;
    }
    interface AssetInOptions<Mapping, ByKey extends boolean> {
      partitionMapping?: Mapping;
      metadata?: { allow_missing_partitions?: boolean };
      /** Extension: the input is always a record by key. */
      byKey?: ByKey;
    }
    const AssetIn: {
      <
        Source extends CoercibleToAsset,
        Mapping extends PartitionMapping<Count> | undefined = undefined,
        ByKey extends boolean = false,
      >(
        asset: Source,
        options?: AssetInOptions<Mapping, ByKey>,
      ): AssetIn<Source, Mapping, ByKey>;
      new <
        Source extends CoercibleToAsset,
        Mapping extends PartitionMapping<Count> | undefined = undefined,
        ByKey extends boolean = false,
      >(
        asset: Source,
        options?: AssetInOptions<Mapping, ByKey>,
      ): AssetIn<Source, Mapping, ByKey>;
    };

    type Inputs = Readonly<Record<string, CoercibleToAsset | AnyAssetIn>>;
    /** What the function gets under one name. */
    type Loaded<Input, Downstream> =
      Input extends AssetIn<infer Source, infer Mapping, infer ByKey>
        ? ByKey extends true
          ? Readonly<Record<string, ValueOf<Source>>>
          : ByCount<ValueOf<Source>, CountOf<Source, Mapping, Downstream>>
        : ByCount<ValueOf<Input>, CountOf<Input, undefined, Downstream>>;
    type ValueOf<Source> = Source extends Asset<infer Value> ? Value : unknown;
    type ByCount<Value, Several> = Several extends 'one'
      ? Value
      : Several extends 'one or none'
        ? Value | null
        : unknown extends Value
          ? unknown
          : Value | Readonly<Record<string, Value>> | null;
    /** An upstream without partitions is one value; the default between equal kinds of keys is one. */
    type CountOf<Source, Mapping, Downstream> =
      Source extends Asset<any, infer Upstream>
        ? [Upstream] extends [null]
          ? 'one'
          : Mapping extends PartitionMapping<infer Several>
            ? Several
            : [Downstream] extends [null]
              ? 'any'
              : SameKeys<Upstream, Downstream>
        : 'any';
    /** Static definitions with the same keys map one to one. Of time windows the lengths are not known here. */
    type SameKeys<Upstream, Downstream> =
      Upstream extends StaticPartitionsDefinition<infer A>
        ? Downstream extends StaticPartitionsDefinition<infer B>
          ? [A, B] extends [B, A]
            ? 'one'
            : 'any'
          : 'any'
        : 'any';

    interface SpecOptions {
      deps?: readonly (CoercibleToAsset | AssetDep)[];
      group?: string;
      description?: string;
      metadata?: Metadata;
      tags?: Readonly<Record<string, string>>;
      owners?: readonly string[];
      kinds?: readonly string[];
      codeVersion?: string;
    }
    interface AssetOptions<
      Definition extends PartitionsDefinition | null,
      Ins extends Inputs,
      Fields,
    > extends SpecOptions {
      /** The constant's name unless given. */
      name?: string;
      key?: string | readonly string[] | AssetKey;
      keyPrefix?: string | readonly string[];
      partitionsDef?: Definition;
      /** Upstream assets whose values are loaded, by the name under which the function gets them. */
      ins?: Ins;
      config?: ConfigClass<Fields>;
    }
    type Returned<Result> =
      Awaited<Result> extends MaterializeResult<infer Value>
        ? Value
        : Awaited<Result> extends Output<infer Value>
          ? Value
          : Awaited<Result>;

    /** Declares an asset: options, then the function that computes it. */
    function asset<Result>(
      compute: (context: AssetExecutionContext<unknown, null>) => Result,
    ): Asset<Returned<Result>, null>;
    function asset<
      Result,
      Definition extends PartitionsDefinition | null = null,
      const Ins extends Inputs = {},
      Fields = null,
    >(
      options: AssetOptions<Definition, Ins, Fields>,
      compute: (
        context: AssetExecutionContext<KeyOf<Definition>, Fields>,
        inputs: { readonly [Name in keyof Ins]: Loaded<Ins[Name], Definition> },
      ) => Result,
    ): Asset<Returned<Result>, Definition>;

    /** An asset that something else materializes. */
    const AssetSpec: {
      <Definition extends PartitionsDefinition | null = null>(
        key: string | readonly string[] | AssetKey,
        options?: SpecOptions & { partitionsDef?: Definition },
      ): Asset<unknown, Definition>;
      new <Definition extends PartitionsDefinition | null = null>(
        key: string | readonly string[] | AssetKey,
        options?: SpecOptions & { partitionsDef?: Definition },
      ): Asset<unknown, Definition>;
    };

    interface Log {
      debug(message: unknown): void;
      info(message: unknown): void;
      warning(message: unknown): void;
      error(message: unknown): void;
      critical(message: unknown): void;
    }

    /** What a compute function gets first. Facts about the partition come from the run. */
    interface AssetExecutionContext<Key = unknown, Fields = unknown> {
      /** Throws in a run without a key, and in one over several. */
      readonly partitionKey: Key;
      readonly partitionKeys: readonly Key[];
      readonly partitionKeyRange: PartitionKeyRange;
      readonly partitionTimeWindow: TimeWindow;
      readonly hasPartitionKey: boolean;
      readonly hasPartitionKeyRange: boolean;
      readonly config: Fields;
      readonly log: Log;
      readonly run: { readonly runId: string; readonly tags: Readonly<Record<string, string>> };
      readonly assetKey: AssetKey;
      addOutputMetadata(metadata: Metadata): void;
      addAssetMetadata(metadata: Metadata): void;
      assetPartitionKeyForOutput(): Key;
      assetPartitionKeysForOutput(): readonly Key[];
      assetPartitionKeyRangeForOutput(): PartitionKeyRange;
      assetPartitionsTimeWindowForOutput(): TimeWindow;
      /** Extension: how far the function is. */
      progress(done: number, total: number): void;
      /** Extension: the notebook's clock. */
      readonly now: LuxonDateTime;
    }

    type Metadata = Readonly<Record<string, unknown>>;
    interface MetadataValue {
      readonly data: unknown;
    }
    const MetadataValue: {
      int(value: number): MetadataValue;
      float(value: number): MetadataValue;
      text(value: string): MetadataValue;
      md(value: string): MetadataValue;
      json(value: unknown): MetadataValue;
      url(value: string): MetadataValue;
      bool(value: boolean): MetadataValue;
      timestamp(value: number | Date | LuxonDateTime): MetadataValue;
      table(rows: readonly Readonly<Record<string, unknown>>[]): MetadataValue;
    };
    interface MaterializeResult<Value = unknown> {
      readonly value: Value;
      readonly hasValue: boolean;
    }
    const MaterializeResult: {
      <Value = void>(options?: {
        value?: Value;
        metadata?: Metadata;
        dataVersion?: string;
      }): MaterializeResult<Value>;
      new <Value = void>(options?: {
        value?: Value;
        metadata?: Metadata;
        dataVersion?: string;
      }): MaterializeResult<Value>;
    };
    interface Output<Value = unknown> {
      readonly value: Value;
      readonly metadata: Metadata;
    }
    const Output: {
      <Value>(value: Value, options?: { metadata?: Metadata; dataVersion?: string }): Output<Value>;
      new <Value>(
        value: Value,
        options?: { metadata?: Metadata; dataVersion?: string },
      ): Output<Value>;
    };

    // Config

    /** A schema of config; `Fields` is what a function gets. */
    interface ConfigClass<Fields> {
      readonly zodSchema: ZodType<Fields>;
    }
    type ConfigFields = Readonly<Record<string, ZodType | ConfigClass<any>>>;
    type Fields<Shape extends ConfigFields> = Readonly<
      output<
        ZodObject<{
          [Name in keyof Shape]: Shape[Name] extends ConfigClass<infer Inner>
            ? ZodType<Inner>
            : Shape[Name] extends ZodType
              ? Shape[Name]
              : never;
        }>
      >
    >;
    /** Strict: other entries are refused. */
    const Config: {
      <Shape extends ConfigFields>(shape: Shape): ConfigClass<Fields<Shape>>;
      new <Shape extends ConfigFields>(shape: Shape): ConfigClass<Fields<Shape>>;
    };
    /** Other entries are let through. */
    const PermissiveConfig: {
      <Shape extends ConfigFields>(
        shape: Shape,
      ): ConfigClass<Fields<Shape> & Readonly<Record<string, unknown>>>;
      new <Shape extends ConfigFields>(
        shape: Shape,
      ): ConfigClass<Fields<Shape> & Readonly<Record<string, unknown>>>;
    };

    // Jobs, schedules, sensors

    interface Job {
      readonly jobName: string;
    }
    function defineAssetJob(
      name: string,
      options?: {
        selection?: AssetSelection | Asset | string | readonly (Asset | AssetKey | string)[];
        config?: unknown;
        partitionsDef?: PartitionsDefinition;
        tags?: Readonly<Record<string, string>>;
        description?: string;
      },
    ): Job;
    interface AssetSelection {
      upstream(options?: { depth?: number }): AssetSelection;
      downstream(options?: { depth?: number }): AssetSelection;
      and(other: AssetSelection): AssetSelection;
      or(other: AssetSelection): AssetSelection;
      minus(other: AssetSelection): AssetSelection;
    }
    const AssetSelection: {
      all(): AssetSelection;
      assets(...assets: Asset[]): AssetSelection;
      keys(...keys: (string | AssetKey)[]): AssetSelection;
      groups(...names: string[]): AssetSelection;
    };

    interface RunRequest {
      readonly runKey: string | null;
      readonly partitionKey: string | null;
    }
    const RunRequest: Newable<
      [
        options?: {
          runKey?: string;
          partitionKey?: string | MultiPartitionKey;
          runConfig?: unknown;
          tags?: Readonly<Record<string, string>>;
          jobName?: string;
          assetSelection?: readonly (Asset | AssetKey | string)[];
          staleAssetsOnly?: boolean;
        },
      ],
      RunRequest
    >;
    interface SkipReason {
      readonly skipMessage: string | null;
    }
    const SkipReason: Newable<[message?: string], SkipReason>;
    interface SensorResult {
      readonly runRequests: readonly RunRequest[];
    }
    const SensorResult: Newable<
      [
        options?: {
          runRequests?: readonly RunRequest[];
          skipReason?: string | SkipReason;
          cursor?: string;
          dynamicPartitionsRequests?: readonly DynamicPartitionsRequest[];
          assetEvents?: readonly unknown[];
        },
      ],
      SensorResult
    >;
    const DefaultScheduleStatus: { readonly RUNNING: 'RUNNING'; readonly STOPPED: 'STOPPED' };
    const DefaultSensorStatus: { readonly RUNNING: 'RUNNING'; readonly STOPPED: 'STOPPED' };

    type Requests = RunRequest | readonly RunRequest[] | SkipReason | void;
    type Yields = Generator<RunRequest | SkipReason, void>;
    interface InstanceView {
      hasDynamicPartition(name: string, key: string): boolean;
      getDynamicPartitions(name: string): string[];
      addDynamicPartitions(name: string, keys: readonly string[]): void;
      deleteDynamicPartition(name: string, key: string): void;
      getMaterializedPartitions(asset: Asset | AssetKey | string): string[];
    }
    interface ScheduleEvaluationContext {
      readonly scheduledExecutionTime: LuxonDateTime;
      readonly instance: InstanceView;
      readonly log: Log;
    }
    interface SensorEvaluationContext {
      readonly cursor: string | null;
      updateCursor(cursor: string): void;
      readonly lastTickCompletionTime: LuxonDateTime | null;
      readonly instance: InstanceView;
      readonly log: Log;
    }
    type Target = AssetSelection | Asset | Job | string | readonly (Asset | AssetKey | string)[];
    interface Schedule {
      readonly cellId: string;
    }
    interface Sensor {
      readonly cellId: string;
    }
    function schedule(
      options: {
        cronSchedule: string | readonly string[];
        job?: Job | string;
        target?: Target;
        name?: string;
        executionTimezone?: string;
        defaultStatus?: 'RUNNING' | 'STOPPED';
        shouldExecute?: (context: ScheduleEvaluationContext) => boolean;
        tags?: Readonly<Record<string, string>>;
        description?: string;
      },
      evaluate: (context: ScheduleEvaluationContext) => Requests | Yields | Promise<Requests>,
    ): Schedule;
    function sensor(
      options: {
        job?: Job | string;
        target?: Target;
        name?: string;
        minimumIntervalSeconds?: number;
        defaultStatus?: 'RUNNING' | 'STOPPED';
        description?: string;
      },
      evaluate: (
        context: SensorEvaluationContext,
      ) => SensorResult | Requests | Yields | Promise<SensorResult | Requests>,
    ): Sensor;
    /** Optional; without it everything declared in the notebook counts. */
    const Definitions: Newable<
      [
        options?: {
          assets?: readonly Asset[];
          jobs?: readonly Job[];
          schedules?: readonly Schedule[];
          sensors?: readonly Sensor[];
        },
      ],
      void
    >;

    /** Extension: a test that is shown under its cell and run on request. */
    function test(title: string, run: () => void | Promise<void>): void;
  }

  const z: typeof zodNamespace;
  const DateTime: typeof LuxonDateTime;
  type DateTime = LuxonDateTime;
  const Duration: typeof LuxonDuration;
  type Duration = LuxonDuration;
  const Interval: typeof LuxonInterval;
  type Interval = LuxonInterval;
  const assert: typeof chaiAssert;
  const files: Files;
}
