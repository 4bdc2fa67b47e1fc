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

/** Only a type: what the keys of a definition are. */
declare const keyType: unique symbol;
/** Only a type: what an asset returns. */
declare const valueType: unique symbol;
/** Only a type: by which definition an asset is partitioned. */
declare const partitionsType: unique symbol;
/** Only a type: how many upstream keys a mapping gives. */
declare const severalType: unique symbol;
/** Only a type: tells static definitions from others. */
declare const staticType: unique symbol;
/** Only a type: tells inputs from assets. */
declare const inputType: unique symbol;

/** The notebook's folder. */
interface Files {
  /** Names below `prefix`, sorted. */
  list(prefix?: string): string[];
  /** Whether there is a file at `path`. */
  has(path: string): boolean;
  /** The file as text in UTF-8. */
  readText(path: string): Promise<string>;
  /** The file's bytes, as a copy. */
  readBytes(path: string): Promise<Uint8Array>;
  /** The file's JSON as data. */
  readJson(path: string): Promise<any>;
  /** Rows as objects: a column of numbers gives numbers, an empty field null; dates stay text unless `types` says otherwise. */
  readCsv<Row = Record<string, any>>(
    path: string,
    options?: {
      /** How columns are read, by name; a `date` becomes a DateTime in UTC. */
      types?: Readonly<Record<string, 'text' | 'number' | 'date'>>;
    },
  ): Promise<Row[]>;
  /** Writes a file; rows of objects become CSV with the columns of the first. */
  write(
    path: string,
    content: string | Uint8Array | ArrayBuffer | readonly Readonly<Record<string, unknown>>[],
  ): Promise<void>;
  /** Removes a file; throws if there is none. */
  remove(path: string): Promise<void>;
}

declare global {
  namespace dg {
    // Partitions definitions

    /** The set of partitions of an asset. `Key` is the type of its keys. */
    interface PartitionsDefinition<Key = unknown> {
      /** Only a type: what its keys are. */
      readonly [keyType]: Key;
      /** The keys that exist at the notebook's now, or at `currentTime`, in order. */
      getPartitionKeys(options?: {
        /** The instant as of which keys exist; the notebook's now unless given. */
        currentTime?: Instant;
      }): Key[];
      /** Whether the key exists at the notebook's now. */
      hasPartitionKey(key: string | MultiPartitionKey): boolean;
      /** How many keys exist at the notebook's now. */
      getNumPartitions(): number;
      /** Null if there is none. */
      getFirstPartitionKey(): Key | null;
      /** Null if there is none. */
      getLastPartitionKey(): Key | null;
      /**
       * The keys from one to another, both included; none if they are in reverse. Of windows also
       * those that do not exist yet; in two dimensions the rectangle between the ends. Throws if an
       * end is no key, or lies outside of the definition.
       */
      getPartitionKeysInRange(range: PartitionKeyRange): Key[];
      /** One page of keys, with the cursor at which the next begins. A full page of windows says that there is more even if it was the last. */
      getPaginatedPartitionKeys(options: {
        /** The most keys to give; at least 1. */
        limit: number;
        /** False to begin at the last key. */
        ascending?: boolean;
        /** The cursor of the page before; from the beginning unless given. */
        cursor?: string;
      }): {
        /** The keys, in order. */
        results: Key[];
        /** To be given for the next page. */
        cursor: string;
        /** Whether there is a next page. */
        hasMore: boolean;
      };
    }
    /** Partitions by a fixed list of keys. */
    interface StaticPartitionsDefinition<Key extends string> extends PartitionsDefinition<Key> {
      /** Only a type: tells static definitions from others. */
      readonly [staticType]: true;
    }
    /** Partitions by windows of time, such as days. */
    interface TimeWindowPartitionsDefinition extends PartitionsDefinition<string> {
      /** The window that a key stands for, in existence or not: the first that starts at or after the time in the key. Throws if the text is not in the format. */
      timeWindowForPartitionKey(key: string): TimeWindow;
      /** The start of the window that a key stands for. Throws if the text is not in the format. */
      startTimeForPartitionKey(key: string): LuxonDateTime;
      /** The key after; null if there is none yet. */
      getNextPartitionKey(key: string): string | null;
      /** The key before; null if there is none. */
      getPrevPartitionKey(key: string): string | null;
      /** The first window that starts at or after an instant; null if there is none yet. */
      getNextPartitionWindow(at: Instant): TimeWindow | null;
      /** The last window that ends at or before an instant; null if there is none. */
      getPrevPartitionWindow(at: Instant): TimeWindow | null;
      /** The key of the window that holds an instant, in existence or not. */
      getPartitionKeyForTimestamp(
        at: Instant,
        options?: {
          /** True if an instant at the end of a window belongs to it. */
          endClosed?: boolean;
        },
      ): string;
      /** The keys of the windows that start within a window of time, in existence or not. */
      getPartitionKeysInTimeWindow(window: TimeWindow): string[];
      /** The cron expression of the instants at which windows start. */
      getCronSchedule(): string;
    }
    /** Partitions by keys that are added and deleted while the notebook runs. */
    interface DynamicPartitionsDefinition extends PartitionsDefinition<string> {
      /** The name under which its keys are kept. */
      readonly name: string;
      /** Asks to add keys, for a sensor to give back. */
      buildAddRequest(keys: readonly string[]): DynamicPartitionsRequest;
      /** Asks to delete keys, for a sensor to give back. */
      buildDeleteRequest(keys: readonly string[]): DynamicPartitionsRequest;
    }
    /** Partitions in two dimensions: a key for each pair of keys. */
    interface MultiPartitionsDefinition<
      Dimensions extends Record<string, PartitionsDefinition>,
    > extends PartitionsDefinition<MultiPartitionKey<KeysOf<Dimensions>>> {
      /** The names of the dimensions, sorted. */
      readonly partitionDimensionNames: (keyof Dimensions & string)[];
      /** The definition of one dimension. Throws if there is none of that name. */
      getPartitionsDefForDimension<Name extends keyof Dimensions>(name: Name): Dimensions[Name];
      /** The keys that have one key in one dimension, in the order of the other. Whether that key exists is not looked at. */
      getMultipartitionKeysWithDimensionValue<Name extends keyof Dimensions>(
        name: Name,
        key: KeyOf<Dimensions[Name]>,
      ): MultiPartitionKey<KeysOf<Dimensions>>[];
      /** The window of the key in the dimension of time. */
      timeWindowForPartitionKey(key: string | MultiPartitionKey): TimeWindow;
    }
    type KeyOf<Definition> = Definition extends PartitionsDefinition<infer Key> ? Key : never;
    type KeysOf<Dimensions> = { readonly [Name in keyof Dimensions]: KeyOf<Dimensions[Name]> };

    /** Options of hourly, daily, weekly and monthly partitions. */
    interface CalendarOptions {
      /** The first window starts at or after it. Of a DateTime or Date what its clock shows counts, in `timezone`. */
      startDate: Instant;
      /** Windows end at or before it. */
      endDate?: Instant;
      /** Minute of the hour at which windows start. */
      minuteOffset?: number;
      /** IANA name; UTC unless given. */
      timezone?: string;
      /** strftime format of the keys. */
      fmt?: string;
      /** So many windows exist early: 1 adds the one that has not ended yet. If negative, so many are held back. */
      endOffset?: number;
      /** Windows to leave out by their starts: cron expressions or instants. Those beside them do not grow. */
      exclusions?: readonly Instant[];
    }
    /** Partitions by a fixed list of keys. */
    const StaticPartitionsDefinition: {
      <const Key extends string>(keys: readonly Key[]): StaticPartitionsDefinition<Key>;
      new <const Key extends string>(keys: readonly Key[]): StaticPartitionsDefinition<Key>;
    };
    /** A partition for each hour that has ended. */
    const HourlyPartitionsDefinition: Newable<[CalendarOptions], TimeWindowPartitionsDefinition>;
    /** A partition for each day that has ended. */
    const DailyPartitionsDefinition: Newable<
      [
        CalendarOptions & {
          /** Hour of the day at which days start. */
          hourOffset?: number;
        },
      ],
      TimeWindowPartitionsDefinition
    >;
    /** A partition for each week that has ended. */
    const WeeklyPartitionsDefinition: Newable<
      [
        CalendarOptions & {
          /** Hour of the day at which weeks start. */
          hourOffset?: number;
          /** Day on which weeks start; Sunday is 0. */
          dayOffset?: number;
        },
      ],
      TimeWindowPartitionsDefinition
    >;
    /** A partition for each month that has ended. */
    const MonthlyPartitionsDefinition: Newable<
      [
        CalendarOptions & {
          /** Hour of the day at which months start. */
          hourOffset?: number;
          /** Day of the month on which months start, from 1. */
          dayOffset?: number;
        },
      ],
      TimeWindowPartitionsDefinition
    >;
    /** Partitions by windows of time, such as days. */
    const TimeWindowPartitionsDefinition: Newable<
      [
        {
          /** The first window starts at or after it. Of a DateTime or Date what its clock shows counts, in `timezone`. */
          start: Instant;
          /** strftime format of the keys. */
          fmt: string;
          /** Windows end at or before it. */
          end?: Instant;
          /** When windows start, as a cron expression. */
          cronSchedule?: string;
          /** When windows start, in place of a cron expression. */
          scheduleType?: 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY';
          /** Minute of the hour at which windows start. */
          minuteOffset?: number;
          /** Hour of the day at which windows start. */
          hourOffset?: number;
          /** Day of the week (Sunday is 0) or of the month (from 1) on which windows start. */
          dayOffset?: number;
          /** IANA name; UTC unless given. */
          timezone?: string;
          /** So many windows exist early: 1 adds the one that has not ended yet. If negative, so many are held back. */
          endOffset?: number;
          /** Windows to leave out by their starts: cron expressions or instants. Those beside them do not grow. */
          exclusions?: readonly Instant[];
        },
      ],
      TimeWindowPartitionsDefinition
    >;
    /** Partitions by keys that are added and deleted while the notebook runs. */
    const DynamicPartitionsDefinition: Newable<
      [
        {
          /** The name under which its keys are kept. */
          name: string;
        },
      ],
      DynamicPartitionsDefinition
    >;
    /** Partitions in two dimensions: a key for each pair of keys. */
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
      /** The key in each dimension. */
      readonly keysByDimension: Keys;
      /** The keys joined by `|`, dimensions in name order. */
      toString(): string;
    }
    /** A key in two dimensions, from a key for each. */
    const MultiPartitionKey: {
      <const Keys extends Record<string, string>>(keys: Keys): MultiPartitionKey<Keys>;
      new <const Keys extends Record<string, string>>(keys: Keys): MultiPartitionKey<Keys>;
    };
    /** From key to key, both included. */
    interface PartitionKeyRange {
      /** The first key. */
      readonly start: string;
      /** The last key, included. */
      readonly end: string;
    }
    /** From key to key, both included. */
    const PartitionKeyRange: Newable<
      [start: string | MultiPartitionKey, end: string | MultiPartitionKey],
      PartitionKeyRange
    >;
    /** Its start included, its end not; in the zone of the definition. */
    interface TimeWindow {
      /** Its first instant. */
      readonly start: LuxonDateTime;
      /** The first instant after it. */
      readonly end: LuxonDateTime;
    }
    /** An interval of time: its start included, its end not. */
    const TimeWindow: Newable<[start: LuxonDateTime, end: LuxonDateTime], TimeWindow>;
    /** Asks to add or delete keys of a dynamic definition. */
    interface DynamicPartitionsRequest {
      /** Whether keys are added or deleted. */
      readonly action: 'add' | 'delete';
      /** The name of the dynamic definition. */
      readonly partitionsDefName: string;
      /** The keys concerned. */
      readonly partitionKeys: readonly string[];
    }

    // Mappings

    /** How the partitions of two assets correspond. `Several` tells how many upstream keys one may have. */
    interface PartitionMapping<Several extends Count = 'any'> {
      /** Only a type: how many upstream keys it gives. */
      readonly [severalType]: Several;
    }
    /** `one`; `one or none`; or `any` number of keys. */
    type Count = 'one' | 'one or none' | 'any';
    /** The same key upstream; a run fails if there is none. */
    const IdentityPartitionMapping: Newable<[], PartitionMapping<'one'>>;
    /** Every key upstream that exists, for every key. */
    const AllPartitionMapping: Newable<[], PartitionMapping<'any'>>;
    /** The last key upstream that exists, for every key. */
    const LastPartitionMapping: Newable<[], PartitionMapping<'one or none'>>;
    /** The given keys upstream, for every key. */
    const SpecificPartitionsPartitionMapping: Newable<
      [keys: readonly (string | MultiPartitionKey)[]],
      PartitionMapping<'any'>
    >;
    /** For each upstream key, the downstream keys that read it. */
    const StaticPartitionMapping: Newable<
      [downstreamByUpstream: Readonly<Record<string, string | readonly string[]>>],
      PartitionMapping<'any'>
    >;
    /**
     * _Extension:_ the keys upstream that a function gives for each key, asked for when the asset is declared: for
     * keys that exist and those that open within a year, 10,000 at most. What it gives and does not exist fails a run.
     */
    const FunctionPartitionMapping: {
      <Key = string, const Found extends KeyOrKeys = KeyOrKeys>(
        upstreamKeys: (key: Key) => Found,
      ): PartitionMapping<CountOfKeys<Found>>;
      new <Key = string, const Found extends KeyOrKeys = KeyOrKeys>(
        upstreamKeys: (key: Key) => Found,
      ): PartitionMapping<CountOfKeys<Found>>;
    };
    /** What a function may give: a key, or any number of them. */
    type KeyOrKeys = string | MultiPartitionKey | readonly (string | MultiPartitionKey)[];
    /** A function that always gives a key gives one. */
    type CountOfKeys<Found> = [Found] extends [string | MultiPartitionKey] ? 'one' : 'any';
    /** How far the windows that are read lie from the window that reads. */
    interface WindowOffsets {
      /** In downstream windows, for the start of what is read: -1 begins one window earlier. */
      startOffset?: number;
      /** In downstream windows, for the end of what is read. */
      endOffset?: number;
      /** True to leave out upstream keys that do not exist, which otherwise fail the run. */
      allowNonexistentUpstreamPartitions?: boolean;
    }
    /** The windows upstream that share time with the window downstream, once it is shifted by offsets. */
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
      /** The start that was given. */
      startOffset: infer Start;
      /** The end that was given. */
      endOffset: infer End;
    }
      ? [Start, End] extends [End, Start]
        ? 'one or none'
        : 'any'
      : 'any';
    /** All keys in two dimensions that have the key of one, or the other way round. */
    const MultiToSingleDimensionPartitionMapping: Newable<
      [
        options?: {
          /** The dimension that is mapped. Dagster ignores it, and so do we: the one that matches decides. */
          partitionDimensionName?: string;
        },
      ],
      PartitionMapping<'any'>
    >;
    /** How one upstream dimension is read. */
    interface DimensionPartitionMapping {
      /** The downstream dimension that reads it. */
      readonly dimensionName: string;
    }
    /** How one upstream dimension is read. */
    const DimensionPartitionMapping: Newable<
      [
        {
          /** The downstream dimension that reads it. */
          dimensionName: string;
          /** How the keys of the two dimensions correspond. */
          partitionMapping: PartitionMapping<Count>;
        },
      ],
      DimensionPartitionMapping
    >;
    /** How two definitions of two dimensions correspond, by upstream dimension. */
    const MultiPartitionMapping: Newable<
      [dimensions: Readonly<Record<string, DimensionPartitionMapping>>],
      PartitionMapping<'any'>
    >;

    // Assets

    /** An asset: what it returns is `Value`, by partitions of `Definition`. */
    interface Asset<Value = unknown, Definition = unknown, Result = unknown> {
      /** Calls its function directly, as a test does, with the values of its inputs. */
      (context: BuiltContext, inputs?: Readonly<Record<string, unknown>>): Result;
      /** What it is called in the graph. */
      readonly key: AssetKey;
      /** Only a type: what it returns. */
      readonly [valueType]: Value;
      /** Only a type: by which definition it is partitioned. */
      readonly [partitionsType]: Definition;
    }
    /** An asset's identity: a path. */
    interface AssetKey {
      /** Its parts. */
      readonly path: readonly string[];
      /** Its parts joined by `/`. */
      toUserString(): string;
    }
    /** An asset's identity: a path. */
    const AssetKey: Newable<[path: string | readonly string[]], AssetKey>;
    type CoercibleToAsset = Asset | AssetKey | string;

    /** An upstream asset that is not loaded, with its mapping. */
    interface AssetDep {
      /** The mapping that was given. */
      readonly mapping: unknown;
    }
    /** An upstream asset that is not loaded, with its mapping. */
    const AssetDep: Newable<
      [
        asset: CoercibleToAsset,
        options?: {
          /** How its partitions correspond; the default for the two definitions unless given. */
          partitionMapping?: PartitionMapping<Count>;
        },
      ],
      AssetDep
    >;
    /** Any input that is not just an asset. Not generic, so that what is inferred of one stays exact. */
    interface AnyAssetIn {
      /** Only a type: tells inputs from assets. */
      readonly [inputType]: true;
    }
    /** An input with how it is loaded; `Loaded` is what the function gets. */
    interface AssetIn<Source, Mapping, ByKey extends boolean> extends AnyAssetIn {
      /** The upstream asset. */
      readonly source: Source;
      /** The mapping that was given. */
      readonly mapping: Mapping;
      /** Whether the input is always a record. */
      readonly byKey: ByKey;
    }
    /** How an input is loaded. */
    interface AssetInOptions<Mapping, ByKey extends boolean> {
      /** How its partitions correspond; the default for the two definitions unless given. */
      partitionMapping?: Mapping;
      /** What the I/O manager is told. */
      metadata?: {
        /** True to leave out keys of which nothing is stored, which otherwise fail the run. */
        allow_missing_partitions?: boolean;
      };
      /** Extension: the input is always a record by key. */
      byKey?: ByKey;
    }
    /** An upstream asset that is loaded, with how. */
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

    /** What an asset may say of itself. */
    interface SpecOptions<Definition> {
      /** Its partitions; none unless given. */
      partitionsDef?: Definition;
      /** Upstream assets that are not loaded. */
      deps?: readonly (CoercibleToAsset | AssetDep)[];
      /** The group in which the graph shows it; `default` unless given. */
      group?: string;
      /** A sentence about it. */
      description?: string;
      /** Facts about it, by name. */
      metadata?: Metadata;
      /** Labels, by name. */
      tags?: Readonly<Record<string, string>>;
      /** People or teams that own it. */
      owners?: readonly string[];
      /** What it is made with, such as `csv`. */
      kinds?: readonly string[];
      /** Changes when the function means something else. */
      codeVersion?: string;
    }
    /** Options of `dg.asset`. */
    interface AssetOptions<
      Definition extends PartitionsDefinition | null,
      Ins extends Inputs,
      Fields,
    > extends SpecOptions<Definition> {
      /** The constant's name unless given. */
      name?: string;
      /** The whole key, in place of the name and the prefix. */
      key?: string | readonly string[] | AssetKey;
      /** Parts of the key before the name. */
      keyPrefix?: string | readonly string[];
      /** Upstream assets whose values are loaded, by the name under which the function gets them. */
      ins?: Ins;
      /** What a launch may set, made by `dg.Config`. */
      config?: ConfigClass<Fields>;
      /** How many of its partitions one run of a backfill takes; one unless given. */
      backfillPolicy?: BackfillPolicy;
      /** How often a failed run of its function is tried again; never unless given. */
      retryPolicy?: RetryPolicy;
      /** Writes and reads its values; the notebook does unless given. */
      ioManager?: IOManager;
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
    ): Asset<Returned<Result>, null, Result>;
    /** Declares an asset: options, then the function that computes it. */
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
    ): Asset<Returned<Result>, Definition, Result>;

    /** An asset that something else materializes. */
    const AssetSpec: {
      <Definition extends PartitionsDefinition | null = null>(
        key: string | readonly string[] | AssetKey,
        options?: SpecOptions<Definition>,
      ): Asset<unknown, Definition>;
      new <Definition extends PartitionsDefinition | null = null>(
        key: string | readonly string[] | AssetKey,
        options?: SpecOptions<Definition>,
      ): Asset<unknown, Definition>;
    };

    /** Writes lines to the log of the run. */
    interface Log {
      /** Writes a line that is of use while looking for a fault. */
      debug(message: unknown): void;
      /** Writes a line. */
      info(message: unknown): void;
      /** Writes a line about something odd. */
      warning(message: unknown): void;
      /** Writes a line about something that failed. */
      error(message: unknown): void;
      /** Writes a line about something that must not be. */
      critical(message: unknown): void;
    }

    /** What the function of an op gets first, and that of an asset too. Facts about the partition come from the run. */
    interface OpExecutionContext<Key = unknown, Fields = unknown> {
      /** Throws in a run without a key, and in one over several. */
      readonly partitionKey: Key;
      /** The run's keys, in order. */
      readonly partitionKeys: readonly Key[];
      /** From the run's first key to its last. */
      readonly partitionKeyRange: PartitionKeyRange;
      /** From the start of the first key's window to the end of the last's, in the zone of the definition. */
      readonly partitionTimeWindow: TimeWindow;
      /** Whether the run is for one key. */
      readonly hasPartitionKey: boolean;
      /** Whether the run is for a range of keys. */
      readonly hasPartitionKeyRange: boolean;
      /** The config of this run, checked; null for an asset without config. */
      readonly config: Fields;
      /** Writes lines to the log of the run. */
      readonly log: Log;
      /** The run that this is part of. */
      readonly run: {
        /** The run's id. */
        readonly runId: string;
        /** The run's tags, by name. */
        readonly tags: Readonly<Record<string, string>>;
      };
      /** Whether the run has a tag. */
      hasTag(name: string): boolean;
      /** What a tag of the run says; null if there is none of that name. */
      getTag(name: string): string | null;
      /** How often this step was tried before in its run. */
      readonly retryNumber: number;
      /** History and dynamic keys. */
      readonly instance: InstanceView;
      /** Adds facts about what is computed; a later value of a name wins. */
      addOutputMetadata(
        metadata: Metadata,
        options?: {
          /** Which output, of an op that has several. */
          outputName?: string;
        },
      ): void;
      /** Extension: how far the function is. */
      progress(done: number, total: number): void;
      /** Extension: the notebook's clock. */
      readonly now: LuxonDateTime;
    }
    /** What an asset's function gets first. */
    interface AssetExecutionContext<Key = unknown, Fields = unknown> extends OpExecutionContext<
      Key,
      Fields
    > {
      /** The key of the asset that is computed. */
      readonly assetKey: AssetKey;
      /** Adds facts about the asset, or about one key of the run; they stand above those of its output. */
      addAssetMetadata(
        metadata: Metadata,
        options?: {
          /** The key that they are about; the asset unless given. */
          partitionKey?: string | MultiPartitionKey;
        },
      ): void;
      /** The run's key. */
      assetPartitionKeyForOutput(): Key;
      /** The run's keys, in order. */
      assetPartitionKeysForOutput(): readonly Key[];
      /** From the run's first key to its last. */
      assetPartitionKeyRangeForOutput(): PartitionKeyRange;
      /** From the start of the first key's window to the end of the last's. */
      assetPartitionsTimeWindowForOutput(): TimeWindow;
      /** The one upstream key that the input is mapped to; throws if there are none or several. */
      assetPartitionKeyForInput(name: string): string | MultiPartitionKey;
      /** The upstream keys that the input is mapped to, in order. */
      assetPartitionKeysForInput(name: string): readonly (string | MultiPartitionKey)[];
      /** The upstream keys that the input is mapped to, as one range; throws if they are not one. */
      assetPartitionKeyRangeForInput(name: string): PartitionKeyRange;
      /** From the start of the first to the end of the last window that the input is mapped to. */
      assetPartitionsTimeWindowForInput(name: string): TimeWindow;
    }
    /** A context for calling a function directly. */
    interface BuiltContext extends OpExecutionContext<any, any> {}
    /** What a context is built with. */
    interface BuildContextOptions {
      /** The key that the function sees. */
      partitionKey?: string | MultiPartitionKey;
      /** What the function gets as config; checked by its schema. */
      config?: unknown;
      /** History and dynamic keys; an empty instance unless given. */
      instance?: InstanceView;
    }
    /** Makes a context for calling the function of an asset directly. */
    function buildAssetContext(options?: BuildContextOptions): BuiltContext;
    /** Makes a context for calling the function of an op directly. */
    function buildOpContext(options?: BuildContextOptions): BuiltContext;

    // Policies and I/O managers

    /** How many partitions one run of a backfill takes. */
    interface BackfillPolicy {
      /** The policy as data. */
      readonly policy: unknown;
    }
    /** How many partitions one run of a backfill takes. */
    const BackfillPolicy: {
      /** All of them. */
      singleRun(): BackfillPolicy;
      /** At most so many; one unless given. */
      multiRun(options?: {
        /** At least 1. */
        maxPartitionsPerRun?: number;
      }): BackfillPolicy;
    };
    /** How often a failed step is tried again. */
    interface RetryPolicy {
      /** The policy as data. */
      readonly policy: unknown;
    }
    /** How often a failed step is tried again. */
    const RetryPolicy: Newable<
      [
        options?: {
          /** After the first try; 1 unless given. */
          maxRetries?: number;
          /** Seconds before each further try; none unless given. */
          delay?: number;
        },
      ],
      RetryPolicy
    >;
    /** What an I/O manager is told: which asset, and which of its keys. */
    interface InputContext {
      /** The key of the asset whose value it is. */
      readonly assetKey: AssetKey;
      /** Whether it is about keys of the asset. */
      readonly hasAssetPartitions: boolean;
      /** The one key; throws if there is none, or several. */
      readonly assetPartitionKey: string | MultiPartitionKey;
      /** The keys, in order; throws if there is none. */
      readonly assetPartitionKeys: readonly (string | MultiPartitionKey)[];
      /** From the start of the first key's window to the end of the last's. */
      readonly assetPartitionsTimeWindow: TimeWindow;
      /** What the asset says of itself. */
      readonly metadata: Metadata;
      /** Writes lines to the log of the run. */
      readonly log: Log;
      /** The parts of the asset's key, then the partition's key if there is one. */
      getAssetIdentifier(): readonly string[];
    }
    /** What an I/O manager is told when it writes. */
    interface OutputContext extends InputContext {
      /** Adds facts about what is written. */
      addOutputMetadata(metadata: Metadata): void;
    }
    /** Writes and reads the values of assets. */
    interface IOManager {
      /** Writes a value. */
      readonly handleOutput: (context: OutputContext, value: any) => unknown;
      /** Reads what was written. */
      readonly loadInput: (context: InputContext) => unknown;
    }
    /** Writes and reads the values of assets, over `files`. */
    const IOManager: Newable<
      [
        functions: {
          /** Writes what a function gave back. */
          handleOutput: (context: OutputContext, value: any) => void | Promise<void>;
          /** Reads what a function needs. */
          loadInput: (context: InputContext) => unknown;
        },
      ],
      IOManager
    >;

    type Metadata = Readonly<Record<string, unknown>>;
    /** A fact about an asset, with the kind of it; plain values need none. */
    interface MetadataValue {
      /** The fact as plain data. */
      readonly data: unknown;
    }
    /** A fact about an asset, with the kind of it; plain values need none. */
    const MetadataValue: {
      /** A whole number. */
      int(value: number): MetadataValue;
      /** A number. */
      float(value: number): MetadataValue;
      /** A text. */
      text(value: string): MetadataValue;
      /** A text in Markdown. */
      md(value: string): MetadataValue;
      /** Plain data, shown as JSON. */
      json(value: unknown): MetadataValue;
      /** An address. */
      url(value: string): MetadataValue;
      /** True or false. */
      bool(value: boolean): MetadataValue;
      /** An instant; a number is in milliseconds. */
      timestamp(value: number | Date | LuxonDateTime): MetadataValue;
      /** Rows of objects. */
      table(rows: readonly Readonly<Record<string, unknown>>[]): MetadataValue;
    };
    /** A materialization that the function reports itself; without a value nothing is stored. */
    interface MaterializeResult<Value = unknown> {
      /** What is stored. */
      readonly value: Value;
      /** Whether a value was given. */
      readonly hasValue: boolean;
    }
    /** What a function says of its materialization. */
    interface MaterializeResultOptions<Value> extends OutputOptions {
      /** What is stored; without it, nothing. */
      value?: Value;
    }
    /** A materialization that the function reports itself; without a value nothing is stored. */
    const MaterializeResult: {
      <Value = void>(options?: MaterializeResultOptions<Value>): MaterializeResult<Value>;
      new <Value = void>(options?: MaterializeResultOptions<Value>): MaterializeResult<Value>;
    };
    /** A value with facts about it. */
    interface Output<Value = unknown> {
      /** What is stored. */
      readonly value: Value;
      /** Facts about it, by name. */
      readonly metadata: Metadata;
    }
    /** What a function says of its output. */
    interface OutputOptions {
      /** Facts about it, by name. */
      metadata?: Metadata;
      /** The same as long as the data is. */
      dataVersion?: string;
    }
    /** A value with facts about it. */
    const Output: {
      <Value>(value: Value, options?: OutputOptions): Output<Value>;
      new <Value>(value: Value, options?: OutputOptions): Output<Value>;
    };

    // Config

    /** A schema of config; `Fields` is what a function gets. */
    interface ConfigClass<Fields> {
      /** The zod schema that checks values. */
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

    /** Assets that are launched together, or ops that are. */
    interface Job {
      /** Its name. */
      readonly jobName: string;
      /** Runs it here and now, on an instance that leaves no record. */
      executeInProcess(
        options?: InProcessOptions & {
          /** Run config; that of its key or its own unless given. */
          runConfig?: unknown;
        },
      ): Promise<InProcessResult>;
    }
    /** How to run something here and now. */
    interface InProcessOptions {
      /** The key to run. */
      partitionKey?: string | MultiPartitionKey;
      /** Run config, as `{ ops: { NAME: { config } } }`. */
      runConfig?: unknown;
      /** Added to the run. */
      tags?: Readonly<Record<string, string>>;
      /** Where values and dynamic keys are kept; an empty instance unless given. */
      instance?: InstanceView;
      /** False to get the result of a run that failed, in place of its error. */
      raiseOnError?: boolean;
    }
    /** How a run ended. */
    interface InProcessResult {
      /** Whether nothing failed. */
      readonly success: boolean;
      /** The run that it was. */
      readonly run: {
        /** The run's id. */
        readonly runId: string;
        /** The run's tags, by name. */
        readonly tags: Readonly<Record<string, string>>;
        /** The config that it ran with. */
        readonly runConfig: any;
      };
      /** What happened, in order. */
      readonly events: readonly {
        /** Dagster's name for it, such as `STEP_START`. */
        readonly type: string;
        /** For people to read. */
        readonly message: string;
        /** The step, if it is about one. */
        readonly stepKey: string | null;
        /** The asset, if it is about one. */
        readonly assetKey: string | null;
        /** The key, if it is about one. */
        readonly partitionKey: string | null;
        /** Facts, of a materialization. */
        readonly metadata: Metadata | null;
      }[];
      /** What an asset or an op gave back. */
      outputForNode(name: string, outputName?: string): any;
      /** What was recorded of an asset. */
      assetMaterializationsForNode(name: string): readonly {
        /** The asset. */
        readonly assetKey: AssetKey;
        /** Its key; null if it has none. */
        readonly partition: string | null;
        /** Facts about it. */
        readonly metadata: Metadata;
      }[];
    }
    /** Materializes assets here and now, on an instance that leaves no record. */
    function materialize(
      assets: readonly Asset[],
      options?: InProcessOptions & {
        /** Those to compute; the others are only known. */
        selection?: AssetSelection | readonly (Asset | AssetKey | string)[];
      },
    ): Promise<InProcessResult>;
    /** Config of a run. */
    interface RunConfig {
      /** By step. */
      readonly ops: Readonly<Record<string, unknown>>;
      /** The same as a plain object. */
      toConfigDict(): Readonly<Record<string, unknown>>;
    }
    /** Config of a run. A plain object will do as well. */
    const RunConfig: Newable<
      [
        sections?: {
          /** By step: `{ config }`. */
          ops?: Readonly<Record<string, unknown>>;
          /** By resource. */
          resources?: Readonly<Record<string, unknown>>;
        },
      ],
      RunConfig
    >;
    /** The run config as a run would get it, with defaults and all sections; throws if it does not fit. */
    function validateRunConfig(job: Job, runConfig?: unknown): any;

    /** Run config for each key of a definition. It is called as its own function is. */
    interface PartitionedConfig<Args extends readonly unknown[] = readonly never[], Key = unknown> {
      /** Calls its function. */
      (...args: Args): any;
      /** Its keys. */
      readonly partitionsDef: PartitionsDefinition<Key>;
      /** The keys that exist at the notebook's now, or at `currentTime`, in order. */
      getPartitionKeys(options?: {
        /** The instant as of which keys exist; the notebook's now unless given. */
        currentTime?: Instant;
      }): Key[];
      /** The run config of a key, whether it exists or not. */
      getRunConfigForPartitionKey(key: string | MultiPartitionKey): any;
      /** The tags of a key, and those that say that it is one. */
      getTagsForPartitionKey(
        key: string | MultiPartitionKey,
        options?: {
          /** The job that the run is of. */
          jobName?: string;
        },
      ): Readonly<Record<string, string>>;
    }
    type Tags = Readonly<Record<string, string>>;
    /** Tags by the key. */
    interface KeyTags<Key> {
      /** Added to the run of a key. */
      tagsForPartitionKeyFn?: (partitionKey: Key) => Tags;
    }
    /** Run config for each key of a definition. */
    const PartitionedConfig: Newable<
      [
        options: KeyTags<any> & {
          /** Its keys. */
          partitionsDef: PartitionsDefinition;
          /** Gives the run config of a key. */
          runConfigForPartitionKeyFn: (partitionKey: any) => unknown;
        },
      ],
      PartitionedConfig<readonly never[], any>
    >;
    /** Options of config by windows; there is no end. */
    interface WindowConfigOptions extends Omit<CalendarOptions, 'endDate'> {
      /** Added to the run of a window. */
      tagsForPartitionFn?: (start: LuxonDateTime, end: LuxonDateTime) => Tags;
    }
    type WindowFunction = (start: LuxonDateTime, end: LuxonDateTime) => unknown;
    type WindowConfig = PartitionedConfig<[start: LuxonDateTime, end: LuxonDateTime], string>;
    /** Run config for each hour: options, then the function that gives it. */
    function hourlyPartitionedConfig(
      options: WindowConfigOptions,
      runConfig: WindowFunction,
    ): WindowConfig;
    /** Run config for each day: options, then the function that gives it. */
    function dailyPartitionedConfig(
      options: WindowConfigOptions & {
        /** Hour of the day at which days start. */
        hourOffset?: number;
      },
      runConfig: WindowFunction,
    ): WindowConfig;
    /** Run config for each week: options, then the function that gives it. */
    function weeklyPartitionedConfig(
      options: WindowConfigOptions & {
        /** Hour of the day at which weeks start. */
        hourOffset?: number;
        /** Day on which weeks start; Sunday is 0. */
        dayOffset?: number;
      },
      runConfig: WindowFunction,
    ): WindowConfig;
    /** Run config for each month: options, then the function that gives it. */
    function monthlyPartitionedConfig(
      options: WindowConfigOptions & {
        /** Hour of the day at which months start. */
        hourOffset?: number;
        /** Day of the month on which months start, from 1. */
        dayOffset?: number;
      },
      runConfig: WindowFunction,
    ): WindowConfig;
    /** Run config for each key of a list: options, then the function that gives it. */
    function staticPartitionedConfig<const Key extends string>(
      options: KeyTags<Key> & {
        /** The keys, in order. */
        partitionKeys: readonly Key[];
      },
      runConfig: (partitionKey: Key) => unknown,
    ): PartitionedConfig<[partitionKey: Key], Key>;
    /** Run config for keys that a function lists: options, then the function that gives it. */
    function dynamicPartitionedConfig(
      options: KeyTags<string> & {
        /** Lists the keys that exist at an instant. */
        partitionFn: (currentTime: LuxonDateTime) => readonly string[];
      },
      runConfig: (partitionKey: string) => unknown,
    ): PartitionedConfig<[partitionKey: string], string>;
    /** Run config for each key of a definition: options, then the function that gives it. */
    function partitionedConfig<Key>(
      options: KeyTags<Key> & {
        /** Its keys. */
        partitionsDef: PartitionsDefinition<Key>;
      },
      runConfig: (partitionKey: Key) => unknown,
    ): PartitionedConfig<[partitionKey: Key], Key>;

    /** What an op gives back in a job, to be given to another. */
    interface OpOutput {
      /** The step that gives it. */
      readonly stepKey: string;
      /** Its name. */
      readonly outputName: string;
    }
    /** What inputs or outputs of an op may say of themselves. */
    interface SlotOptions {
      /** A sentence about it. */
      description?: string;
    }
    type Slots = Readonly<Record<string, SlotOptions>>;
    /** Outputs of an op, by name. */
    type OutSlots = Readonly<
      Record<
        string,
        SlotOptions & {
          /** False if it may be left out; what reads it is then skipped. */
          isRequired?: boolean;
        }
      >
    >;
    /** One output is given back as itself, several as an object. */
    type OpOutputs<Out> = [keyof Out] extends [never]
      ? OpOutput
      : IsUnion<keyof Out> extends true
        ? { readonly [Name in keyof Out]: OpOutput }
        : OpOutput;
    type IsUnion<Name, Each = Name> = Name extends unknown
      ? [Each] extends [Name]
        ? false
        : true
      : never;
    /** A step of jobs. In the function of a job a call makes a step; elsewhere it needs a built context, and runs the function. */
    interface Op<Result = unknown, Ins = unknown, Out = unknown> {
      /** Calls its function directly, as a test does. */
      (context: BuiltContext, inputs?: { readonly [Name in keyof Ins]: unknown }): Result;
      /** Makes it a step of a job, with what other steps give back as its inputs. */
      (
        ...inputs: [keyof Ins] extends [never]
          ? []
          : [inputs: { readonly [Name in keyof Ins]: OpOutput | readonly OpOutput[] }]
      ): OpOutputs<Out>;
    }
    /** Declares an op: options, then its function. */
    function op<Result>(
      compute: (context: OpExecutionContext<any, unknown>) => Result,
    ): Op<Result, {}, {}>;
    /** Declares an op: options, then its function. */
    function op<
      Result,
      const Ins extends Slots = {},
      const Out extends OutSlots = {},
      Fields = null,
    >(
      options: {
        /** The constant's name unless given. */
        name?: string;
        /** What a launch may set, made by `dg.Config`. */
        config?: ConfigClass<Fields>;
        /** Its inputs, by name. */
        ins?: Ins;
        /** Its outputs, by name; several are given back as an object. */
        out?: Out;
        /** How often a failed run of its function is tried again; never unless given. */
        retryPolicy?: RetryPolicy;
        /** A sentence about it. */
        description?: string;
      },
      compute: (
        context: OpExecutionContext<any, Fields>,
        inputs: { readonly [Name in keyof Ins]: any },
      ) => Result,
    ): Op<Result, Ins, Out>;
    /** Declares a job of ops: its function calls them, and gives to each what others give back. */
    function job(compose: () => void): Job;
    /** Declares a job of ops: options, then a function that calls them. */
    function job(
      options: {
        /** The constant's name unless given. */
        name?: string;
        /** Run config for its runs, or config by partition. */
        config?: unknown;
        /** Its partitions; those of a partitioned config unless given. */
        partitionsDef?: PartitionsDefinition;
        /** Added to its runs. */
        tags?: Readonly<Record<string, string>>;
        /** A sentence about it. */
        description?: string;
      },
      compose: () => void,
    ): Job;
    /** Declares a job over assets; all of them unless some are selected. */
    function defineAssetJob(
      name: string,
      options?: {
        /** The assets of the job. */
        selection?: AssetSelection | Asset | string | readonly (Asset | AssetKey | string)[];
        /** Run config for its runs. */
        config?: unknown;
        /** Its partitions; those of its assets unless given. */
        partitionsDef?: PartitionsDefinition;
        /** Added to its runs. */
        tags?: Readonly<Record<string, string>>;
        /** A sentence about it. */
        description?: string;
      },
    ): Job;
    /** Some of the notebook's assets. */
    interface AssetSelection {
      /** These, and what they depend on. */
      upstream(options?: {
        /** How many steps to go; all of them unless given. */
        depth?: number;
      }): AssetSelection;
      /** These, and what depends on them. */
      downstream(options?: {
        /** How many steps to go; all of them unless given. */
        depth?: number;
      }): AssetSelection;
      /** What is in both. */
      and(other: AssetSelection): AssetSelection;
      /** What is in either. */
      or(other: AssetSelection): AssetSelection;
      /** These without the others. */
      minus(other: AssetSelection): AssetSelection;
    }
    /** Some of the notebook's assets. */
    const AssetSelection: {
      /** Every asset. */
      all(): AssetSelection;
      /** The assets given. */
      assets(...assets: Asset[]): AssetSelection;
      /** The assets with these keys. */
      keys(...keys: (string | AssetKey)[]): AssetSelection;
      /** The assets of these groups. */
      groups(...names: string[]): AssetSelection;
    };

    /** Asks for a run. */
    interface RunRequest {
      /** At most one run is made for it. */
      readonly runKey: string | null;
      /** The key that is run. */
      readonly partitionKey: string | null;
      /** Run config. */
      readonly runConfig: any;
      /** Added to the run. */
      readonly tags: Readonly<Record<string, string>>;
      /** The job that is run; null if there is just one. */
      readonly jobName: string | null;
    }
    /** Asks for a run. */
    const RunRequest: Newable<
      [
        options?: {
          /** At most one run is made for it. */
          runKey?: string;
          /** The key to run. */
          partitionKey?: string | MultiPartitionKey;
          /** Run config, as `{ ops: { NAME: { config } } }`. */
          runConfig?: unknown;
          /** Added to the run. */
          tags?: Readonly<Record<string, unknown>>;
          /** Which job, where there are several. */
          jobName?: string;
          /** Which of the job's assets; all unless given. */
          assetSelection?: readonly (Asset | AssetKey | string)[];
          /** True to leave out assets that are up to date. */
          staleAssetsOnly?: boolean;
        },
      ],
      RunRequest
    >;
    /** Says why no run is asked for. */
    interface SkipReason {
      /** For people to read. */
      readonly skipMessage: string | null;
    }
    /** Says why no run is asked for. */
    const SkipReason: Newable<[message?: string], SkipReason>;
    /** Everything that a sensor asks for. */
    interface SensorResult {
      /** The runs asked for. */
      readonly runRequests: readonly RunRequest[];
    }
    /** Everything that a sensor asks for. */
    const SensorResult: Newable<
      [
        options?: {
          /** The runs asked for. */
          runRequests?: readonly RunRequest[];
          /** Why none is. */
          skipReason?: string | SkipReason;
          /** Where the next evaluation goes on. */
          cursor?: string;
          /** Keys to add or delete before the runs. */
          dynamicPartitionsRequests?: readonly DynamicPartitionsRequest[];
          /** Events to report. */
          assetEvents?: readonly unknown[];
        },
      ],
      SensorResult
    >;
    /** Whether a schedule is on from the start. */
    const DefaultScheduleStatus: {
      /** On. */
      readonly RUNNING: 'RUNNING';
      /** Off. */
      readonly STOPPED: 'STOPPED';
    };
    /** Whether a sensor is on from the start. */
    const DefaultSensorStatus: {
      /** On. */
      readonly RUNNING: 'RUNNING';
      /** Off. */
      readonly STOPPED: 'STOPPED';
    };

    type Requests = RunRequest | readonly RunRequest[] | SkipReason | void;
    type Yields =
      Generator<RunRequest | SkipReason, void> | AsyncGenerator<RunRequest | SkipReason, void>;
    /** Run config, as `{ ops: { NAME: { config } } }`. */
    type RunConfigOnly = {
      /** Config by step. */
      readonly ops: Readonly<Record<string, unknown>>;
    };
    /** What is known of the notebook's history and of its dynamic keys. */
    interface InstanceView {
      /** Whether a dynamic definition has a key. */
      hasDynamicPartition(name: string, key: string): boolean;
      /** The keys of a dynamic definition, in order. */
      getDynamicPartitions(name: string): string[];
      /** Adds keys to a dynamic definition. */
      addDynamicPartitions(name: string, keys: readonly string[]): void;
      /** Deletes a key of a dynamic definition. */
      deleteDynamicPartition(name: string, key: string): void;
      /** The keys of an asset that are materialized. */
      getMaterializedPartitions(asset: Asset | AssetKey | string): string[];
      /** The newest materialization of an asset, or of one of its keys; null if there is none. */
      getLatestMaterialization(
        asset: Asset | AssetKey | string,
        options?: {
          /** Of this key; of any unless given. */
          partitionKey?: string | MultiPartitionKey;
        },
      ): Promise<RecordedMaterialization | null>;
    }
    /** A materialization as it was recorded. */
    interface RecordedMaterialization {
      /** The asset. */
      readonly assetKey: AssetKey;
      /** Null if it was of no key. */
      readonly partitionKey: string | null;
      /** The run that made it. */
      readonly runId: string;
      /** When, in UTC. */
      readonly timestamp: LuxonDateTime;
      /** What was said of it, by name. */
      readonly metadata: Readonly<Record<string, any>>;
    }
    /** Instances for tests: nothing of the notebook is in them. */
    const DagsterInstance: {
      /** Makes an empty one, that lives as long as the call. */
      ephemeral(): InstanceView;
    };
    /** What a schedule's function gets. */
    interface ScheduleEvaluationContext {
      /** The instant of the tick, in the schedule's zone. */
      readonly scheduledExecutionTime: LuxonDateTime;
      /** History and dynamic keys. */
      readonly instance: InstanceView;
      /** Writes lines to the log of the tick. */
      readonly log: Log;
    }
    /** What a sensor's function gets. */
    interface SensorEvaluationContext {
      /** Where the last evaluation got to; null at first. */
      readonly cursor: string | null;
      /** Says where the next evaluation goes on. */
      updateCursor(cursor: string): void;
      /** When the last evaluation ended; null at first. */
      readonly lastTickCompletionTime: LuxonDateTime | null;
      /** History and dynamic keys. */
      readonly instance: InstanceView;
      /** Writes lines to the log of the tick. */
      readonly log: Log;
    }
    type Target = AssetSelection | Asset | Job | string | readonly (Asset | AssetKey | string)[];
    /** What a tick asks for. */
    interface Tick {
      /** The runs, in order, with the tags and the config of their keys. */
      readonly runRequests: readonly RunRequest[];
      /** Why there are none; null if there are, or if nothing was said. */
      readonly skipMessage: string | null;
    }
    /** A schedule that is declared. */
    interface Schedule {
      /** The cell that declares it. */
      readonly cellId: string;
      /** What a tick would ask for, as a test does; nothing is launched. */
      evaluateTick(context?: ScheduleEvaluationContext): Promise<Tick>;
    }
    /** A sensor that is declared. */
    interface Sensor {
      /** The cell that declares it. */
      readonly cellId: string;
      /** What a tick would ask for, as a test does; nothing is done. */
      evaluateTick(context?: SensorEvaluationContext): Promise<
        Tick & {
          /** Where the next evaluation goes on; null if nothing was said. */
          readonly cursor: string | null;
          /** Keys to add or delete before the runs. */
          readonly dynamicPartitionsRequests: readonly DynamicPartitionsRequest[];
        }
      >;
    }
    /** Makes a context for a tick of a schedule. */
    function buildScheduleContext(options?: {
      /** The instant of the tick; the notebook's now unless given. */
      scheduledExecutionTime?: Instant;
      /** History and dynamic keys; an empty instance unless given. */
      instance?: InstanceView;
    }): ScheduleEvaluationContext;
    /** Makes a context for a tick of a sensor. */
    function buildSensorContext(options?: {
      /** Where the last evaluation got to. */
      cursor?: string;
      /** History and dynamic keys; an empty instance unless given. */
      instance?: InstanceView;
    }): SensorEvaluationContext;
    /** Makes a schedule of a partitioned job: it ticks when a window ends, or as `cronSchedule` says. */
    function buildScheduleFromPartitionedJob(
      job: Job,
      options?: {
        /** The job's name and `_schedule` unless given. */
        name?: string;
        /** A sentence about it. */
        description?: string;
        /** Minute of the hour of its ticks. */
        minuteOfHour?: number;
        /** Hour of the day of its ticks. */
        hourOfDay?: number;
        /** Day of the week of its ticks; Sunday is 0. */
        dayOfWeek?: number;
        /** Day of the month of its ticks, from 1. */
        dayOfMonth?: number;
        /** Whether it is on from the start; STOPPED unless given. */
        defaultStatus?: 'RUNNING' | 'STOPPED';
        /** Added to its runs. */
        tags?: Readonly<Record<string, string>>;
        /** When it ticks, of a job with a list of keys. */
        cronSchedule?: string;
        /** Zone of the cron expression, of a job with a list of keys; UTC unless given. */
        executionTimezone?: string;
      },
    ): Schedule;
    /** Declares a schedule: options, then the function that says at each tick which runs to make. */
    function schedule(
      options: {
        /** When it ticks: one or several cron expressions. */
        cronSchedule: string | readonly string[];
        /** The job that is run. */
        job?: Job | string;
        /** The assets that are run, in place of a job. */
        target?: Target;
        /** The constant's name unless given. */
        name?: string;
        /** Zone of the cron expression; UTC unless given. */
        executionTimezone?: string;
        /** Whether it is on from the start; STOPPED unless given. */
        defaultStatus?: 'RUNNING' | 'STOPPED';
        /** Says whether a tick does anything. */
        shouldExecute?: (context: ScheduleEvaluationContext) => boolean | Promise<boolean>;
        /** Added to its runs. */
        tags?: Readonly<Record<string, string>>;
        /** A sentence about it. */
        description?: string;
      },
      evaluate: (
        context: ScheduleEvaluationContext,
      ) => Requests | RunConfigOnly | Yields | Promise<Requests | RunConfigOnly>,
    ): Schedule;
    /** Declares a sensor: options, then the function that looks and says which runs to make. */
    function sensor(
      options: {
        /** The job that is run. */
        job?: Job | string;
        /** The assets that are run, in place of a job. */
        target?: Target;
        /** The assets that may be run, in place of a job; each run takes those of one definition. */
        assetSelection?: AssetSelection | readonly (Asset | AssetKey | string)[];
        /** The constant's name unless given. */
        name?: string;
        /** Seconds between two evaluations; 30 unless given. */
        minimumIntervalSeconds?: number;
        /** Whether it is on from the start; STOPPED unless given. */
        defaultStatus?: 'RUNNING' | 'STOPPED';
        /** A sentence about it. */
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
          /** The assets that count. */
          assets?: readonly Asset[];
          /** The jobs that count. */
          jobs?: readonly Job[];
          /** The schedules that count. */
          schedules?: readonly Schedule[];
          /** The sensors that count. */
          sensors?: readonly Sensor[];
        },
      ],
      void
    >;

    /** Extension: a test that is shown under its cell and run on request. */
    function test(title: string, run: () => void | Promise<void>): void;

    /**
     * Extension: something that is done in every world of the notebook, one beside the other; worlds are the marks
     * on fences, as in `ts world=config`. Each action takes a minute of the virtual clock, and its steps come in order.
     */
    function action(title: string, ...steps: readonly ActionStep[]): void;
    /** Extension: a step of an action. */
    type ActionStep =
      | {
          /** Runs the assets for a piece: the key, where assets have keys; else the one required text of their config. */
          run: string;
          /** Further fields of the config. */
          with?: Readonly<Record<string, unknown>>;
        }
      | {
          /** Writes a file: something outside changes. */
          write: string;
          /** What the file holds then. */
          text: string;
        }
      | {
          /** Removes a file. */
          remove: string;
        }
      | {
          /** Lets time pass: to the next tick of any schedule, or to an instant. */
          until: 'next tick' | string;
        }
      | {
          /** Edits the code of every world: each occurrence of the first text becomes the second. */
          replace: readonly [from: string, to: string];
        }
      | {
          /** A piece that nobody has seen is defined, where pieces are, and then run. */
          appears: string;
        }
      | {
          /** What failed is done again: by keys, or run by run where there are none. */
          redo: 'failed';
        }
      | {
          /** What was materialized since this instant is done again: by keys, or run by run where there are none. */
          redoSince: string;
        };

    /**
     * Extension: something that the reader is to bring about, shown as a checklist under its cell. The function is
     * asked after everything that happens; once it gives true, the goal stays reached. Text says what is missing.
     */
    function goal(
      title: string,
      check: (world: GoalWorld) => boolean | string | Promise<boolean | string>,
      options?: {
        /** Shown to a reader who asks for it. */
        hint?: string;
      },
    ): void;
    /** Extension: what happened in the notebook and how it stands, read-only. Instants are ISO 8601 in UTC. */
    interface GoalWorld {
      /** The notebook's instant. */
      readonly now: string;
      /** Oldest first, whether they have ended or not. */
      readonly runs: readonly GoalRun[];
      /** How an asset stands. */
      asset(asset: Asset | string): GoalAsset;
      /** How a schedule or a sensor stands. */
      automation(name: string): {
        /** Its name. */
        readonly name: string;
        /** Whether it is on. */
        readonly running: boolean;
        /** How often it was evaluated. */
        readonly tickCount: number;
      };
    }
    /** Extension: one run, as goals see it. */
    interface GoalRun {
      /** Its id. */
      readonly runId: string;
      /** Its job; `__ASSET_JOB` for assets chosen by hand. */
      readonly jobName: string;
      /** As Dagster calls it, such as SUCCESS. */
      readonly status: string;
      /** Whether nothing more will happen in it. */
      readonly ended: boolean;
      /** The keys of its assets. */
      readonly assets: readonly string[];
      /** Its partition; null if it has none. */
      readonly partitionKey: string | null;
      /** Its tags. */
      readonly tags: Readonly<Record<string, string>>;
      /** The backfill that it is part of; null if none. */
      readonly backfillId: string | null;
      /** The run that it executes again; null if none. */
      readonly parentRunId: string | null;
      /** Why it failed; null unless it did. */
      readonly failure: string | null;
      /** When it was created. */
      readonly at: string;
      /** The config that an asset or an op of it was given; empty if none. */
      config(asset: string): Readonly<Record<string, unknown>>;
    }
    /** Extension: one asset, as goals see it. Keys are left out for an asset without partitions. */
    interface GoalAsset {
      /** Its key. */
      readonly assetKey: string;
      /** The keys that exist now; empty without partitions. */
      readonly partitionKeys: readonly string[];
      /** How a key stands. */
      status(
        partitionKey?: string,
      ): 'missing' | 'queued' | 'materializing' | 'materialized' | 'failed' | 'not tried';
      /** Whether a key is materialized and stale. */
      stale(partitionKey?: string): boolean;
      /** The keys that stand so, in their order. */
      keys(
        status:
          | 'missing'
          | 'queued'
          | 'materializing'
          | 'materialized'
          | 'failed'
          | 'not tried'
          | 'stale',
      ): readonly string[];
      /** Oldest first; of one key, or of all. */
      materializations(partitionKey?: string): readonly GoalEvent[];
      /** Oldest first; of one key, or of all. */
      failures(partitionKey?: string): readonly GoalEvent[];
      /** The stored value, if it is small; undefined if there is none. */
      value(partitionKey?: string): any;
    }
    /** Extension: a materialization or a failure, as goals see it. */
    interface GoalEvent {
      /** Counts the events of the notebook. */
      readonly eventId: number;
      /** Its key; null for an asset without partitions. */
      readonly partitionKey: string | null;
      /** When it happened. */
      readonly at: string;
      /** The run that it happened in. */
      readonly runId: string;
      /** That run; null if it is not known. */
      readonly run: GoalRun | null;
    }
  }

  /** zod 4: the types that config is made of. */
  const z: typeof zodNamespace;
  /** Luxon's DateTime; its default zone is UTC. */
  const DateTime: typeof LuxonDateTime;
  type DateTime = LuxonDateTime;
  /** Luxon's Duration. */
  const Duration: typeof LuxonDuration;
  type Duration = LuxonDuration;
  /** Luxon's Interval. */
  const Interval: typeof LuxonInterval;
  type Interval = LuxonInterval;
  /** chai's assert, for tests. */
  const assert: typeof chaiAssert;
  /** The notebook's folder of files. */
  const files: Files;
}
