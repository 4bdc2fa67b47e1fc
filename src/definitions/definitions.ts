import type { ConfigShape } from '../config/config-schema.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';

/** An asset's identity: its path joined with `/`. */
export type AssetKeyText = string;

/** Where something was declared: the cell and the name of its constant. */
export interface DeclaredAt {
  readonly cellId: string;
  /** Null if it was not assigned to a constant. */
  readonly name: string | null;
}

/** What one notebook declares, as plain data; functions stay in the sandbox. Each list is in notebook order. */
export interface Definitions {
  readonly partitionsDefinitions: readonly DeclaredPartitionsDefinition[];
  readonly configs: readonly DeclaredConfig[];
  readonly assets: readonly AssetSpec[];
  readonly jobs: readonly JobSpec[];
  readonly schedules: readonly ScheduleSpec[];
  readonly sensors: readonly SensorSpec[];
  readonly tests: readonly TestSpec[];
  /** _Extension_; absent if there are none. */
  readonly goals?: readonly GoalSpec[];
  /** _Extension_; absent if there are none. */
  readonly actions?: readonly ActionSpec[];
}

export interface DeclaredPartitionsDefinition extends DeclaredAt {
  readonly definition: PartitionsDefinition;
}

export interface DeclaredConfig extends DeclaredAt {
  readonly schema: ConfigShape;
}

/** An asset as declared. Its compute function stays in the sandbox. */
export interface AssetSpec extends DeclaredAt {
  readonly assetKey: AssetKeyText;
  readonly group: string;
  readonly description: string | null;
  /** Null if it is not partitioned. */
  readonly partitionsDef: PartitionsDefinition | null;
  /** In the author's order: `deps` first, then `ins`. */
  readonly deps: readonly AssetDependency[];
  /** Null if it takes no config. */
  readonly config: ConfigShape | null;
  /** The constant that holds its config class, for words; null if unnamed or none. */
  readonly configName: string | null;
  readonly codeVersion: string | null;
  /** Extension: a hash of its function's code without types, comments and blanks; absent if not known. */
  readonly bodyHash?: string;
  /** What the author says of the asset, by name: plain data; absent if nothing. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly owners: readonly string[];
  readonly kinds: readonly string[];
  /** True for `dg.AssetSpec`: something else materializes it. */
  readonly external: boolean;
  /** How many partitions one run of a backfill may take (BP-1); absent if the author sets none. */
  readonly backfillPolicy?: BackfillPolicy;
  /** Absent if a failed step is not tried again. */
  readonly retryPolicy?: RetryPolicy;
  /** The step that computes it together with other assets; absent if it has a step of its own. */
  readonly sharedStep?: SharedStep;
  /** Whether its function may end without recording it; what depends on it is then skipped. Absent means no. */
  readonly optionalOutput?: boolean;
  /** Whether an I/O manager of a cell writes and reads its values; absent if the engine does. */
  readonly ownIOManager?: boolean;
}

/** A function that computes several assets. */
export interface SharedStep {
  readonly stepName: string;
  /** Whether a run may take only some of its assets. */
  readonly canSubset: boolean;
}

/** BP-1. */
export interface BackfillPolicy {
  /** At least 1; null for all in a single run. */
  readonly maxPartitionsPerRun: number | null;
}

export interface RetryPolicy {
  readonly maxRetries: number;
  /** Before each further attempt; 0 for none. */
  readonly delaySeconds: number;
}

export interface AssetDependency {
  readonly assetKey: AssetKeyText;
  /** The name under which the value is loaded; null for a dependency without loading (CTX-13). */
  readonly inputName: string | null;
  /** Null means the default for the two definitions (INF-2). */
  readonly mapping: PartitionMapping | null;
  /** Extension: the input is always a record by key. */
  readonly byKey: boolean;
  /** IO-5. */
  readonly allowMissingPartitions: boolean;
}

export interface JobSpec extends DeclaredAt {
  readonly jobName: string;
  /** Of a job of ops: its steps, in the order in which they were called; absent for a job over assets. */
  readonly ops?: readonly OpStepSpec[];
  readonly assetKeys: readonly AssetKeyText[];
  readonly partitionsDef: PartitionsDefinition | null;
  /** Run config for its runs, as given (CFG-1): plain data; absent if there is none. */
  readonly runConfig?: Readonly<Record<string, unknown>>;
  /** Whether a function of the key gives the run config (PC-1): the sandbox is asked for it. Absent means no. */
  readonly partitionedConfig?: boolean;
  /** Added to its runs; absent if there are none. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly description: string | null;
}

/** One call of an op in a job. */
export interface OpStepSpec {
  /** The op's name; a second call of it ends in `_2`. */
  readonly stepKey: string;
  readonly opName: string;
  readonly description: string | null;
  /** Null if it takes no config. */
  readonly config: ConfigShape | null;
  /** The constant that holds its config class, for words; null if unnamed or none. */
  readonly configName: string | null;
  /** In the op's order. */
  readonly inputs: readonly OpInputSpec[];
  /** At least one, in the op's order; `result` if the op names none. */
  readonly outputs: readonly OpOutputSpec[];
  /** Absent if a failed step is not tried again. */
  readonly retryPolicy?: RetryPolicy;
}

/** Where an op's input comes from. */
export interface OpInputSpec {
  readonly name: string;
  /** One, unless `list`. */
  readonly sources: readonly OpSource[];
  /** Whether the op gets a list, of the value of each source. */
  readonly list: boolean;
}

/** An output of another step of the job. */
export interface OpSource {
  readonly stepKey: string;
  readonly outputName: string;
}

export interface OpOutputSpec {
  readonly name: string;
  /** Whether the op must give it; what reads one that is left out is skipped. */
  readonly required: boolean;
}

export interface ScheduleSpec extends DeclaredAt {
  readonly scheduleName: string;
  readonly cronSchedule: readonly string[];
  readonly executionTimezone: string;
  readonly jobName: string | null;
  /** What it launches if it names no job; absent if it names one. */
  readonly target?: AssetTarget;
  /** Tags that it gives its runs, if it follows from its job's partitions (SCH-1); absent if it has a function. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Absent means stopped. */
  readonly defaultStatus?: AutomationStatus;
  readonly description: string | null;
}

export interface SensorSpec extends DeclaredAt {
  readonly sensorName: string;
  readonly jobName: string | null;
  /** What it launches if it names no job; absent if it names one, or nothing. */
  readonly target?: AssetTarget;
  readonly minimumIntervalMs: number;
  /** Absent means stopped. */
  readonly defaultStatus?: AutomationStatus;
  readonly description: string | null;
}

/** Whether a schedule or a sensor is evaluated before anyone starts or stops it. */
export type AutomationStatus = 'RUNNING' | 'STOPPED';

/** Assets that a schedule or a sensor launches without a job of their own. */
export interface AssetTarget {
  /**
   * Whether a run may take assets of other partitions than the rest: true for the implicit job of all
   * assets (`assetSelection`), false for one made for the automation (`target`), to which JOB-2 applies.
   */
  readonly mixesPartitions: boolean;
  /** In notebook order. */
  readonly assetKeys: readonly AssetKeyText[];
}

export interface TestSpec {
  readonly cellId: string;
  /** Counted from 0 within the notebook; tests are run by it. */
  readonly testId: number;
  readonly title: string;
}

/** _Extension_: something that the reader of a notebook is to bring about. */
export interface GoalSpec {
  readonly cellId: string;
  /** Counted from 0 within the notebook; goals are asked by it. */
  readonly goalId: number;
  readonly title: string;
  /** Shown on request; null if there is none. */
  readonly hint: string | null;
  /** The text of its function: by that it is known when its title has changed. */
  readonly check?: string;
}

/** _Extension_: something that is done in every world of a notebook, one world beside the other. */
export interface ActionSpec {
  readonly cellId: string;
  readonly title: string;
  /** Plain data as the author wrote it; `src/twin/action.ts` reads it. */
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}
