import type { ActionSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { DynamicPartitionsRequest } from '../orchestration/run-request.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import type { GuestWorld, LatestMaterialization } from '../protocol/sandbox.ts';
import type { DeclaredAsset } from './assets.ts';
import type { ConfigClass } from './config.ts';
import type { Job } from './job.ts';
import type { DeclaredSensor, Schedule } from './automation.ts';
import type { DeclaredGoal } from './goals.ts';
import type { InstanceObject } from './instance.ts';
import type { LibraryShelf } from './libraries.ts';
import type { Composition } from './ops.ts';
import type { PartitionsDefinitionObject } from './partitions-definitions.ts';

/** Something that a cell declares; it gets the name of the constant that it is assigned to. */
export abstract class Declared {
  readonly cellId: string;
  /** The constant's name; null until its initialiser has returned, and if there is none. */
  constName: string | null = null;

  constructor(evaluation: Evaluation) {
    this.cellId = evaluation.cellId;
  }
}

/** A test of the notebook: its title, and the function that throws if it fails. */
export interface DeclaredTest {
  readonly cellId: string;
  readonly title: string;
  readonly run: () => unknown;
}

/** What an evaluation tells and asks of the notebook while it runs. */
export interface NotebookServices {
  /** Called for each change of dynamic keys that a cell makes, in order. */
  changeDynamicPartitions(change: DynamicPartitionsRequest): void;
  /** Of one key, or of any if that is null; null if there is none. */
  latestMaterialization(
    assetKey: string,
    partitionKey: PartitionKey | null,
  ): Promise<LatestMaterialization | null>;
}

/** For tests and loading: what cells change is not kept, and there is no history. */
const NO_SERVICES: NotebookServices = {
  changeDynamicPartitions: () => undefined,
  latestMaterialization: () => Promise.resolve(null),
};

/**
 * One evaluation of the notebook's cells: where it stands, and what has been declared so far, each
 * list in notebook order. Made afresh for every call, so that no run sees what another left.
 */
export class Evaluation {
  readonly world: GuestWorld;
  readonly libraries: LibraryShelf;
  readonly partitionsDefinitions: PartitionsDefinitionObject[] = [];
  readonly configs: ConfigClass[] = [];
  readonly assets: DeclaredAsset[] = [];
  readonly jobs: Job[] = [];
  readonly schedules: Schedule[] = [];
  readonly sensors: DeclaredSensor[] = [];
  readonly tests: DeclaredTest[] = [];
  readonly goals: DeclaredGoal[] = [];
  readonly actions: ActionSpec[] = [];
  /** What `dg.Definitions` names; null if it is not called, and then everything declared counts. */
  only: ReadonlySet<Declared> | null = null;
  /** The cell whose code runs, or ran last; empty before the first. */
  cellId = '';
  /** The notebook's dynamic keys, with what this evaluation changed of them. */
  readonly dynamicPartitions: Map<string, readonly PartitionKey[]>;
  readonly notebook: NotebookServices;
  /** Set while the function of a job is called: then calls of ops are steps. */
  composition: Composition | null = null;
  readonly #handles = new WeakMap<object, Declared>();
  #context: PartitionLoadingContext | null = null;
  #instance: InstanceObject | null = null;

  constructor(
    world: GuestWorld,
    libraries: LibraryShelf,
    notebook: NotebookServices = NO_SERVICES,
  ) {
    this.world = world;
    this.libraries = libraries;
    this.notebook = notebook;
    this.dynamicPartitions = new Map(world.dynamicPartitions);
  }

  /** Remembers that the object which cells hold stands for `declared`. */
  bind<Handle extends object>(handle: Handle, declared: Declared): Handle {
    this.#handles.set(handle, declared);
    return handle;
  }

  /** What an object that a cell holds stands for; null if it is nothing of ours. */
  declaredBy(handle: unknown): Declared | null {
    if (handle instanceof Declared) return handle;
    const isObject =
      (typeof handle === 'object' && handle !== null) || typeof handle === 'function';
    return isObject ? (this.#handles.get(handle) ?? null) : null;
  }

  /** Called for every constant of a cell, with its value; gives the value back. */
  name = (constName: string, value: unknown): unknown => {
    const declared = this.declaredBy(value);
    if (declared) declared.constName ??= constName;
    return value;
  };

  /** Which keys exist: those of the world's now. Another object once dynamic keys have changed. */
  get partitionContext(): PartitionLoadingContext {
    return (this.#context ??= {
      effectiveAt: this.world.now,
      dynamicPartitions: this.dynamicPartitions,
    });
  }

  /** The notebook's instance, made when it is first asked for. */
  instance(make: () => InstanceObject): InstanceObject {
    return (this.#instance ??= make());
  }

  /** A cell has changed {@link dynamicPartitions}. */
  dynamicPartitionsChanged(change: DynamicPartitionsRequest): void {
    this.#context = null;
    this.notebook.changeDynamicPartitions(change);
  }
}

/**
 * The name under which something goes: the one given, else its constant's.
 *
 * @throws {InvalidDefinitionError} if it has neither.
 */
export function nameOf(declared: Declared, given: string | null, call: string): string {
  const name = given ?? declared.constName;
  if (name === null) {
    throw new InvalidDefinitionError(
      `This ${call} has no name yet: assign it to a constant, or give it \`name\`.`,
    );
  }
  return name;
}
