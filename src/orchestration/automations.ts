import type { Definitions, ScheduleSpec, SensorSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionLoadingContext } from '../partitions/context.ts';
import type { GuestServices, GuestWorld } from '../protocol/sandbox.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { DynamicPartitionsChange } from './dynamic-partitions.ts';
import {
  instigatorId,
  instigatorRecord,
  newInstigator,
  nextTickId,
  tickRecord,
  type Instigator,
} from './instigator.ts';
import { KeySpace } from './key-space.ts';
import type { CodeRunner, DaemonRecord } from './ports.ts';
import { RunTag } from './run-tags.ts';
import type { RunDraft } from './run-draft.ts';
import type { AutomationOutcome } from './run-request.ts';
import type { StaleAmong } from './schedule-tick.ts';
import type { TickLaunch } from './tick-launch.ts';
import { dueTick, isSensorDue, nextTick, type Tick } from './ticks.ts';

/** Lines that are kept of what a tick wrote. */
const KEPT_LINES = 200;

/** The code that ticks are evaluated with; whoever takes it gives it back. */
export interface AutomationCode {
  readonly definitions: Definitions;
  readonly graph: AssetGraph;
  readonly runner: CodeRunner;
  release(): void;
}

/** What schedules and sensors act through. */
export interface AutomationPorts {
  readonly takeCode: () => AutomationCode | null;
  readonly contextAt: (at: EpochMs) => PartitionLoadingContext;
  /** What the code may know at an instant. */
  readonly worldAt: (at: EpochMs, seedOf: string) => Promise<GuestWorld>;
  readonly request: GuestServices['request'];
  readonly latestMaterialization: NonNullable<GuestServices['latestMaterialization']>;
  readonly newStepId: () => number;
  readonly newAbort: () => { readonly signal: AbortSignal };
  readonly staleAmong: StaleAmong;
  /** Makes runs, changes keys and writes records, all in one transaction; answers the ids of the runs. */
  readonly submit: (work: {
    readonly drafts: readonly RunDraft[];
    readonly dynamicPartitions: readonly DynamicPartitionsChange[];
    readonly records: (runIds: readonly string[]) => readonly DaemonRecord[];
  }) => Promise<readonly string[]>;
  readonly writeRecords: (records: readonly DaemonRecord[]) => Promise<void>;
}

/** What a schedule or a sensor would do at an instant, or has done. */
export interface TickPreview extends Pick<
  Tick,
  'at' | 'status' | 'skipMessage' | 'error' | 'skippedRunKeys' | 'cursor' | 'dynamicPartitions'
> {
  /** Runs that it asks for, in order. */
  readonly launches: readonly TickLaunch[];
  /** Lines that its function wrote. */
  readonly logs: readonly string[];
  /** What its function itself did to dynamic keys. */
  readonly changes: readonly DynamicPartitionsChange[];
}

interface Evaluated extends TickPreview {
  readonly unfinished: Instigator['unfinished'];
}

type Spec =
  | { readonly kind: 'schedule'; readonly spec: ScheduleSpec }
  | { readonly kind: 'sensor'; readonly spec: SensorSpec };

/**
 * The schedules and sensors of a notebook: which are due, what they come to, and how they stand. One tick
 * after another; a tick, the runs that it asks for and what it keeps are written in one transaction.
 */
export class Automations {
  readonly #ports: AutomationPorts;
  readonly #standing = new Map<string, Instigator>();
  #specs: readonly Spec[] = [];

  /** @param records of kind `instigator`, as they were kept. */
  constructor(ports: AutomationPorts, records: readonly DaemonRecord[]) {
    this.#ports = ports;
    for (const { value } of records) {
      const instigator = value as Instigator;
      this.#standing.set(instigatorId(instigator), instigator);
    }
  }

  /** Those that are declared, in notebook order, schedules first; those that were not known stand as they say by default. */
  get declared(): readonly Instigator[] {
    return this.#specs.map((one) => this.#standingOf(one));
  }

  /** Says what the notebook declares, as of `now`. What runs by default runs from then on. */
  async declare({ schedules, sensors }: Definitions, now: EpochMs): Promise<void> {
    this.#specs = [
      ...schedules.map((spec) => ({ kind: 'schedule', spec }) as const),
      ...sensors.map((spec) => ({ kind: 'sensor', spec }) as const),
    ];
    const fresh: Instigator[] = [];
    for (const one of this.#specs) {
      const id = idOf(one);
      if (this.#standing.has(id)) continue;
      const running = one.spec.defaultStatus === 'RUNNING';
      const instigator = newInstigator(one.kind, nameOf(one), running, now);
      this.#standing.set(id, instigator);
      if (running) fresh.push(instigator);
    }
    if (fresh.length > 0) await this.#ports.writeRecords(fresh.map(instigatorRecord));
  }

  /** Starts or stops one; what was due while it was stopped is not made up for. */
  setRunning(kind: Tick['kind'], name: string, running: boolean, now: EpochMs): Promise<void> {
    return this.#change(kind, name, (standing) =>
      standing.running === running ? standing : { ...standing, running, from: now },
    );
  }

  /** Replaces what a sensor keeps; null makes it forget. */
  setCursor(name: string, cursor: string | null): Promise<void> {
    return this.#change('sensor', name, (standing) => ({ ...standing, cursor: cursor || null }));
  }

  /** When the next tick of one is due, as of `now`; null if it is stopped, or never ticks again. */
  nextDueOf({ kind, name }: Pick<Instigator, 'kind' | 'name'>, now: EpochMs): EpochMs | null {
    const found = this.#find(kind, name);
    return found ? this.#nextDue(found, now) : null;
  }

  /**
   * When the next tick of any is due, as of `now`: `now` itself if one is; null if none will be.
   *
   * @param sensorsEveryMs where time is run through faster than sensors could be asked: not sooner
   * than this after the last time. _Extension._
   */
  nextDue(now: EpochMs, sensorsEveryMs = 0): EpochMs | null {
    const due = this.#specs.flatMap((one) => this.#nextDue(one, now, sensorsEveryMs) ?? []);
    return due.length === 0 ? null : Math.min(...due);
  }

  /**
   * Evaluates what is due at `now`, the earliest first: schedules by their instants, then sensors. Of the
   * ticks that a schedule missed only the latest is evaluated (SCH-15).
   *
   * @returns the ticks, in order.
   */
  async step(now: EpochMs): Promise<readonly Tick[]> {
    const due: { readonly one: Spec; readonly at: EpochMs }[] = [];
    for (const one of this.#specs) {
      const at = this.#dueAt(one, now);
      if (at !== null) due.push({ one, at });
    }
    const ticks: Tick[] = [];
    for (const { one, at } of due.sort((a, b) => rankOf(a.one) - rankOf(b.one) || a.at - b.at)) {
      const tick = await this.#tick(one, at, now);
      if (tick) ticks.push(tick);
    }
    return ticks;
  }

  /**
   * Evaluates a sensor at `now`, due or not, running or not. _Extension._ Null if it is not declared, or
   * the code does not load.
   */
  async evaluateSensor(name: string, now: EpochMs): Promise<Tick | null> {
    const one = this.#find('sensor', name);
    return one && this.#tick(one, now, now);
  }

  /**
   * What one would do at an instant; nothing is launched or kept. A sensor is asked with `cursor`, or with
   * what it keeps if that is absent. Null if it is not declared, or the code does not load.
   */
  async dryRun(
    kind: Tick['kind'],
    name: string,
    at: EpochMs,
    cursor?: string | null,
  ): Promise<TickPreview | null> {
    const one = this.#find(kind, name);
    if (!one) return null;
    const standing = this.#standingOf(one);
    const asked = cursor === undefined ? standing : { ...standing, cursor, unfinished: null };
    const evaluated = await this.#evaluate(one, at, asked);
    if (!evaluated) return null;
    const { unfinished: _, ...preview } = evaluated;
    return preview;
  }

  async #tick(one: Spec, at: EpochMs, now: EpochMs): Promise<Tick | null> {
    const standing = this.#standingOf(one);
    const evaluated = await this.#evaluate(one, at, standing);
    // Without code it stays due.
    if (!evaluated) return null;
    const { launches, unfinished, changes, cursor, logs, ...rest } = evaluated;
    const runKeys = launches.flatMap(({ runKey }) => runKey ?? []);
    const after: Instigator = {
      ...standing,
      from: one.kind === 'schedule' ? at + 1 : standing.from,
      cursor,
      lastTickAt: at,
      usedRunKeys: one.kind === 'sensor' ? [...standing.usedRunKeys, ...runKeys] : [],
      unfinished,
      tickCount: standing.tickCount + 1,
    };
    const tick: Omit<Tick, 'runIds'> = {
      ...rest,
      tickId: nextTickId(standing),
      kind: one.kind,
      name: standing.name,
      startedAt: now,
      endedAt: now,
      cursor,
      ...(logs.length > 0 && { logs: logs.slice(0, KEPT_LINES) }),
    };
    const asked = evaluated.dynamicPartitions.map(({ action, partitionsDefName, changed }) => ({
      action,
      partitionsDefName,
      partitionKeys: changed,
    }));
    const runIds = await this.#ports.submit({
      drafts: launches.map((launch) => draftOf(launch, tick.tickId)),
      dynamicPartitions: [...changes, ...asked],
      records: (ids) => [tickRecord({ ...tick, runIds: ids }), instigatorRecord(after)],
    });
    this.#standing.set(idOf(one), after);
    return { ...tick, runIds };
  }

  async #evaluate(one: Spec, at: EpochMs, standing: Instigator): Promise<Evaluated | null> {
    const code = this.#ports.takeCode();
    if (!code) return null;
    try {
      const changes: DynamicPartitionsChange[] = [];
      const logs: string[] = [];
      const services: GuestServices = {
        log: (_stepId, _level, text) => logs.push(text),
        progress: () => {},
        request: this.#ports.request,
        latestMaterialization: this.#ports.latestMaterialization,
        changeDynamicPartitions: (change) => changes.push(change),
      };
      const { definitions, graph, runner } = code;
      const { staleAmong, contextAt } = this.#ports;
      const shared = { definitions, graph, staleAmong };
      const told = { at, changes, logs };
      // What a tick comes to is decided by code that no notebook needs before its first.
      if (one.kind === 'schedule') {
        const { decideScheduleTick } = await import('./schedule-tick.ts');
        const outcome = await this.#call(one, at, standing, runner, services);
        const keySpace = new KeySpace({
          effectiveAt: at,
          dynamicPartitions: afterChanges(contextAt(at).dynamicPartitions, changes),
        });
        const { runs, ...decision } = decideScheduleTick(one.spec, at, outcome, {
          ...shared,
          keySpace,
          earlierRuns: [],
        });
        const launches = runs.flatMap((run) => (run.kind === 'launch' ? [run.launch] : []));
        const none = { skippedRunKeys: [], cursor: null, dynamicPartitions: [], unfinished: null };
        return { ...told, ...none, ...decision, launches };
      }
      const world = {
        ...shared,
        now: at,
        dynamicPartitions: contextAt(at).dynamicPartitions,
        cursor: standing.cursor,
        usedRunKeys: new Set(standing.usedRunKeys),
      };
      const { decideSensorRetry, decideSensorTick } = await import('./sensor-tick.ts');
      if (standing.unfinished) {
        return { ...told, ...decideSensorRetry(one.spec, standing.unfinished, world) };
      }
      const outcome = await this.#call(one, at, standing, runner, services);
      const decision = decideSensorTick(one.spec, outcome, {
        ...world,
        dynamicPartitions: afterChanges(contextAt(at).dynamicPartitions, changes),
      });
      return { ...told, ...decision };
    } finally {
      code.release();
    }
  }

  async #call(
    one: Spec,
    at: EpochMs,
    { cursor, lastTickAt }: Instigator,
    runner: CodeRunner,
    services: GuestServices,
  ): Promise<AutomationOutcome> {
    const { worldAt, newStepId, newAbort } = this.#ports;
    const name = nameOf(one);
    const world = await worldAt(at, `${one.kind} ${name} ${at}`);
    const stepId = newStepId();
    const { signal } = newAbort();
    return one.kind === 'schedule'
      ? runner.evaluateSchedule(
          { stepId, scheduleName: name, scheduledAt: at, world },
          services,
          signal,
        )
      : runner.evaluateSensor(
          { stepId, sensorName: name, cursor, lastTickAt, world },
          services,
          signal,
        );
  }

  async #change(
    kind: Tick['kind'],
    name: string,
    change: (standing: Instigator) => Instigator,
  ): Promise<void> {
    const one = this.#find(kind, name);
    if (!one) return;
    const standing = this.#standingOf(one);
    const changed = change(standing);
    if (changed === standing) return;
    this.#standing.set(idOf(one), changed);
    await this.#ports.writeRecords([instigatorRecord(changed)]);
  }

  #find(kind: Tick['kind'], name: string): Spec | null {
    return this.#specs.find((one) => one.kind === kind && nameOf(one) === name) ?? null;
  }

  #standingOf(one: Spec): Instigator {
    return this.#standing.get(idOf(one)) ?? newInstigator(one.kind, nameOf(one), false, 0);
  }

  /** The tick that is due at `now`; null if none is. */
  #dueAt(one: Spec, now: EpochMs): EpochMs | null {
    const { running, from, lastTickAt } = this.#standingOf(one);
    if (!running) return null;
    if (one.kind === 'schedule') return dueTick(one.spec, from, now);
    return isSensorDue(one.spec, lastTickAt, now) ? now : null;
  }

  #nextDue(one: Spec, now: EpochMs, sensorsEveryMs = 0): EpochMs | null {
    const { running, from, lastTickAt } = this.#standingOf(one);
    if (!running) return null;
    if (one.kind === 'sensor') {
      const waitMs = Math.max(one.spec.minimumIntervalMs, sensorsEveryMs);
      return lastTickAt === null ? now : Math.max(now, lastTickAt + waitMs);
    }
    if (dueTick(one.spec, from, now) !== null) return now;
    return nextTick(one.spec, Math.max(now, from - 1));
  }
}

function nameOf(one: Spec): string {
  return one.kind === 'schedule' ? one.spec.scheduleName : one.spec.sensorName;
}

function idOf(one: Spec): string {
  return instigatorId({ kind: one.kind, name: nameOf(one) });
}

/** Schedules go before sensors, which may look at what these have launched. */
function rankOf({ kind }: Spec): number {
  return kind === 'schedule' ? 0 : 1;
}

function draftOf(
  { jobName, assetKeys, partitionKey, runConfig, tags }: TickLaunch,
  tickId: string,
): RunDraft {
  return {
    jobName,
    assetKeys,
    partitionKey,
    runConfig,
    tags: { ...tags, [RunTag.tick]: tickId },
    backfillId: null,
    parentRunId: null,
  };
}

function afterChanges(
  keys: PartitionLoadingContext['dynamicPartitions'],
  changes: readonly DynamicPartitionsChange[],
): PartitionLoadingContext['dynamicPartitions'] {
  if (changes.length === 0) return keys;
  const after = new Map(keys);
  for (const { action, partitionsDefName, partitionKeys } of changes) {
    const known = after.get(partitionsDefName) ?? [];
    after.set(
      partitionsDefName,
      action === 'add'
        ? [...new Set([...known, ...partitionKeys])]
        : known.filter((key) => !partitionKeys.includes(key)),
    );
  }
  return after;
}
