import type { Definitions } from '../definitions/definitions.ts';
import { named } from '../ledger/phrases.ts';
import type { NextTick, WorldView } from '../ledger/world-view.ts';
import type { Notebook } from '../notebook/notebook.ts';
import { notebookSettings } from '../notebook/settings.ts';
import { DynamicPartitions } from '../orchestration/dynamic-partitions.ts';
import { nextTick } from '../orchestration/ticks.ts';
import type { PartitionLoadingContext } from '../partitions/context.ts';
import type { LaunchRequest, WholeLog } from '../protocol/engine.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { ActionStep } from './action.ts';
import { addEffort, NO_EFFORT, type EffortAdded } from './effort.ts';
import { launchOfKeys, launchOfPiece, subjectIn, type PieceLaunch } from './launch-of-pieces.ts';
import { failedToRedo, materializedToRedo, type Redone } from './redone.ts';
import type { ActionOutcome, WorldFrame } from './twin-frame.ts';
import type { TwinEngine } from './twin-engine.ts';
import { WorldCode, type MadeEdit, type StandingProblem } from './world-code.ts';

/** What a world's engine runs under. */
export interface WorldSettings {
  /** Where the clock of all worlds starts. */
  readonly startsAt: EpochMs;
  readonly notebook: Notebook;
  readonly name: string;
  /** Never given before. */
  readonly notebookId: string;
}

const NOTHING: WholeLog = { events: [], runs: [], values: [] };

/** One world as it is played: a notebook of its own on the real engine, kept nowhere. */
export class TwinWorld {
  readonly name: string;
  readonly #engine: TwinEngine;
  readonly #settings: WorldSettings;
  #code: WorldCode;
  #definitions: Definitions | null = null;
  #problems: readonly StandingProblem[] = [];
  #log: WholeLog = NOTHING;
  #now: EpochMs;
  #effort: EffortAdded = NO_EFFORT;
  /** Schedules that an action has switched on. */
  readonly #switchedOn = new Set<string>();

  constructor(engine: TwinEngine, settings: WorldSettings) {
    this.name = settings.name;
    this.#engine = engine;
    this.#settings = settings;
    this.#now = settings.startsAt;
    this.#code = WorldCode.of(settings.notebook, settings.name);
  }

  /** Makes the world; call first. */
  async begin(): Promise<void> {
    const { notebookId, name } = this.#settings;
    await this.#engine.createNotebook({
      notebookId,
      source: '',
      title: name,
      example: null,
      transient: true,
    });
    await this.#evaluate();
    // Worlds share the machine, and a run at a time is enough for what people do by hand.
    await this.#engine.setConcurrency(notebookId, 1);
  }

  get definitions(): Definitions {
    if (!this.#definitions) throw new Error(`The world ${this.name} has not begun.`);
    return this.#definitions;
  }

  /** When the first of its schedules ticks next, whether it is on or not; null if none ever does. */
  get nextTickAt(): EpochMs | null {
    const ticks = this.definitions.schedules.map((schedule) => nextTick(schedule, this.#now));
    const first = Math.min(...ticks.map((at) => at ?? Infinity));
    return Number.isFinite(first) ? first : null;
  }

  /** Lets time pass; what falls due on the way happens. */
  async moveTo(at: EpochMs): Promise<void> {
    await this.#engine.advanceClock(this.#settings.notebookId, { to: at, waits: true });
    this.#now = at;
  }

  /**
   * Takes an action's steps, as far as it can.
   *
   * @param until where a step that waits goes to; null if nothing ever comes.
   */
  async take(steps: readonly ActionStep[], until: EpochMs | null): Promise<ActionOutcome> {
    const before = this.#log.runs.length;
    const reasons: string[] = [];
    for (const step of steps) {
      const refusal = await this.#take(step, until);
      if (refusal !== null) reasons.push(refusal);
      await this.#readOn();
    }
    const runIds = this.#log.runs.slice(before).map(({ runId }) => runId);
    return {
      status: reasons.length > 0 ? 'refused' : 'done',
      reason: reasons.join(' '),
      runIds,
    };
  }

  /** How it stands. */
  async frame(outcome: ActionOutcome | null): Promise<WorldFrame> {
    const view = { ...this.#view, nextTicks: await this.#nextTicks() };
    return { view, runs: this.#log.runs, problems: this.#problems, outcome };
  }

  /** Forgets the world. */
  async end(): Promise<void> {
    await this.#engine.deleteNotebook(this.#settings.notebookId);
  }

  get #view(): WorldView {
    const { events, runs, values } = this.#log;
    return {
      name: this.name,
      definitions: this.definitions,
      events,
      parentRuns: Object.fromEntries(
        runs.flatMap(({ runId, parentRunId }) =>
          parentRunId === null ? [] : [[runId, parentRunId]],
        ),
      ),
      values,
      now: this.#now,
      zone: notebookSettings(this.#settings.notebook.header).zone,
      effort: { ...this.#effort, runs: runs.length, linesOfCode: this.#code.lineCount },
    };
  }

  get #context(): PartitionLoadingContext {
    const dynamic = new DynamicPartitions();
    for (const event of this.#log.events) dynamic.apply(event);
    return { effectiveAt: this.#now, dynamicPartitions: dynamic.keys };
  }

  /** Takes in what its history has come to since it was read last. */
  async #readOn(): Promise<void> {
    const last = this.#log.events.at(-1)?.eventId ?? 0;
    const more = await this.#engine.readWholeLog(this.#settings.notebookId, last);
    if (more.events.length > 0) this.#log = joinedLogs(this.#log, more);
  }

  /** Why it was refused; null if it was done. */
  async #take(step: ActionStep, until: EpochMs | null): Promise<string | null> {
    const { notebookId } = this.#settings;
    switch (step.kind) {
      case 'run':
        return this.#launch(launchOfPiece(this.#subject, step.piece, step.options));
      case 'appears':
        return (
          (await this.#define(step.piece)) ??
          this.#launch(launchOfPiece(this.#subject, step.piece, {}))
        );
      case 'write': {
        const bytes = new TextEncoder().encode(step.text);
        await this.#engine.writeFile(notebookId, step.path, bytes, false);
        return null;
      }
      case 'remove':
        await this.#engine.removeFile(notebookId, step.path);
        return null;
      case 'until':
        return this.#wait(step.to === 'next tick', until);
      case 'replace': {
        const actions = new Set(this.definitions.actions?.map(({ cellId }) => cellId));
        const edit = this.#code.replaced(step.from, step.to, actions);
        return edit
          ? this.#edit(edit)
          : `The code of this world does not say ${quoted(step.from)}.`;
      }
      case 'redoFailed':
        return this.#redo(failedToRedo(this.#view, this.#log.runs));
      case 'redoSince':
        return this.#redo(materializedToRedo(this.#view, this.#log.runs, step.since));
    }
  }

  get #subject() {
    return subjectIn(this.definitions, this.#context);
  }

  async #launch(launch: PieceLaunch): Promise<string | null> {
    if (launch.status === 'refused') return launch.reason;
    return (await this.#asked(launch.request)) ?? this.#spent(launch.effort);
  }

  async #asked(request: LaunchRequest): Promise<string | null> {
    const outcome = await this.#engine.launch(this.#settings.notebookId, request);
    if (outcome.status === 'launched') return null;
    const faults = outcome.problems.filter(({ severity }) => severity === 'error');
    return faults.map(({ message }) => message).join(' ');
  }

  async #redo(redone: Redone): Promise<string | null> {
    if (redone.by === 'nothing') return redone.reason;
    if (redone.by === 'keys') {
      const subject = this.#subject;
      return subject.kind === 'keys'
        ? this.#launch(launchOfKeys(subject, redone.keys, redone.effort.presses))
        : null;
    }
    for (const runId of redone.runIds) {
      const run = this.#log.runs.find((one) => one.runId === runId);
      const how = run?.status === 'SUCCESS' ? 'all' : 'fromFailure';
      await this.#engine.reexecuteRun(this.#settings.notebookId, runId, how);
    }
    return this.#spent(redone.effort);
  }

  /** Sees to it that a piece is one of those that there are, where there is a list of them. */
  async #define(piece: string): Promise<string | null> {
    const subject = this.#subject;
    if (subject.kind !== 'keys' || subject.index.ordinalOf(piece) >= 0) return null;
    const { definition, definitionName } = subject;
    switch (definition.kind) {
      case 'static': {
        const edit =
          definitionName === null ? null : await this.#code.withKey(definitionName, piece);
        return edit
          ? this.#edit(edit)
          : `${named(piece)} is not a key, and no cell writes the list of keys out, so it takes an edit by hand.`;
      }
      case 'dynamic':
        await this.#engine.changeDynamicPartitions(this.#settings.notebookId, {
          action: 'add',
          partitionsDefName: definition.name,
          partitionKeys: [piece],
        });
        await this.#readOn();
        return this.#spent({ presses: 1, valuesTyped: 1, linesChanged: 0 });
      case 'timeWindow':
      case 'multi':
        return `${named(piece)} is not a key: which keys there are follows from a rule, and nobody adds one.`;
    }
  }

  async #wait(switchesOn: boolean, until: EpochMs | null): Promise<string | null> {
    const { schedules } = this.definitions;
    if (switchesOn) {
      for (const { scheduleName, defaultStatus } of schedules) {
        if (defaultStatus === 'RUNNING' || this.#switchedOn.has(scheduleName)) continue;
        await this.#engine.setInstigatorRunning(
          this.#settings.notebookId,
          'schedule',
          scheduleName,
          true,
        );
        this.#switchedOn.add(scheduleName);
        this.#spent({ presses: 1, valuesTyped: 0, linesChanged: 0 });
      }
    }
    if (until !== null && until > this.#now) await this.moveTo(until);
    if (!switchesOn || schedules.length > 0) return null;
    return 'There is no schedule here, so nothing runs by itself. One would have to keep the list of whom to run in its own code.';
  }

  async #edit({ code, linesChanged }: MadeEdit): Promise<string | null> {
    this.#code = code;
    await this.#evaluate();
    this.#spent({ presses: 0, valuesTyped: 0, linesChanged });
    return this.#problems[0]?.message ?? null;
  }

  async #evaluate(): Promise<void> {
    const { notebookId, startsAt, notebook } = this.#settings;
    const { seed, countsEdits } = notebookSettings(notebook.header);
    const cells = this.#code.cells.map(({ cellId, text, number }) => ({
      cellId,
      text,
      ...(number !== undefined && { number }),
    }));
    const settings = { startsAt, seed, countsEdits };
    const { definitions, problems } = await this.#engine.evaluate(notebookId, cells, settings);
    this.#definitions = definitions;
    this.#problems = problems
      .filter(({ severity }) => severity === 'error')
      .map(({ cellId, message }) => ({ cellId, message }));
  }

  async #nextTicks(): Promise<readonly NextTick[]> {
    const tried = this.definitions.schedules.map(async (schedule): Promise<NextTick[]> => {
      const { scheduleName } = schedule;
      const at = nextTick(schedule, this.#now);
      if (at === null) return [];
      const { notebookId } = this.#settings;
      const preview = await this.#engine.dryRunTick(notebookId, 'schedule', scheduleName, at);
      return preview ? [{ scheduleName, preview }] : [];
    });
    return (await Promise.all(tried)).flat();
  }

  /** Counts what it took; answers null, as there is nothing to refuse. */
  #spent(effort: EffortAdded): null {
    this.#effort = addEffort(this.#effort, effort);
    return null;
  }
}

/** A history and what came after it: of a run, or a value at a place, the newer counts. */
function joinedLogs(before: WholeLog, more: WholeLog): WholeLog {
  const runs = new Map([...before.runs, ...more.runs].map((run) => [run.runId, run]));
  const values = new Map(
    [...before.values, ...more.values].map((value) => [
      JSON.stringify([value.assetKey, value.partitionKey]),
      value,
    ]),
  );
  return {
    events: [...before.events, ...more.events],
    runs: [...runs.values()],
    values: [...values.values()],
  };
}

function quoted(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return named(line.length < text.length ? `${line}…` : line);
}
