import type { Definitions } from '../src/definitions/definitions.ts';
import {
  Automations,
  type AutomationPorts,
  type TickPreview,
} from '../src/orchestration/automations.ts';
import type { Daemon } from '../src/orchestration/daemon.ts';
import type { DynamicPartitions } from '../src/orchestration/dynamic-partitions.ts';
import { instigatorId } from '../src/orchestration/instigator.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import type { Tick } from '../src/orchestration/ticks.ts';
import type { ClockMove, InstigatorState } from '../src/protocol/engine.ts';
import type { EpochMs } from '../src/time/time-window.ts';

/** However far the clock is moved at once, a sensor is asked about so often on the way. */
const SENSOR_LOOKS = 200;
const MOST_INSTIGATORS = 10_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** While the clock plays, it is moved so often. */
const PLAY_EVERY_MS = 100;

/** What schedules, sensors and the clock that drives them act through, in the tab that leads. */
export interface NotebookAutomationPorts extends Omit<AutomationPorts, 'submit' | 'writeRecords'> {
  readonly notebookId: string;
  readonly instances: InstanceStore;
  readonly daemon: Daemon;
  readonly dynamicPartitions: () => DynamicPartitions;
  readonly now: () => EpochMs;
  /** Whether the clock is virtual: then time passes only when it is moved. */
  readonly isVirtual: () => boolean;
  /** Moves the virtual clock. */
  readonly moveClock: (to: EpochMs) => Promise<void>;
  /** When the next partition opens; null if none will. */
  readonly nextOpening: () => EpochMs | null;
  /** Calls back after so much real time; returns how to call it off. */
  readonly after: (ms: number, act: () => void) => () => void;
  readonly elapsedMs: () => number;
  /** Something that the page is shown is another. */
  readonly changed: () => void;
}

/** The schedules and sensors of a notebook, and the clock by which they tick: one for the tab that leads. */
export class NotebookAutomation {
  readonly #ports: NotebookAutomationPorts;
  readonly #automations: Automations;
  #cancelTimer: (() => void) | null = null;
  /** Notebook milliseconds for each real one; 0 while it stands. */
  #speed = 0;
  /** How often the clock was told to stand: a move that was asked for before ends with it. */
  #halts = 0;
  #turns: Promise<unknown> = Promise.resolve();
  #isOver = false;

  /** Takes up how they stand. */
  static async open(ports: NotebookAutomationPorts): Promise<NotebookAutomation> {
    const all = { prefix: '', before: null, limit: MOST_INSTIGATORS };
    const records = await ports.instances.listRecords(ports.notebookId, 'instigator', all);
    return new NotebookAutomation(ports, records);
  }

  private constructor(
    ports: NotebookAutomationPorts,
    records: ConstructorParameters<typeof Automations>[1],
  ) {
    this.#ports = ports;
    const { daemon, dynamicPartitions, now } = ports;
    this.#automations = new Automations(
      {
        ...ports,
        submit: ({ drafts, dynamicPartitions: changes, records: recordsOf }) =>
          daemon.submit(drafts, (runIds) => {
            const { events, records: keys } = dynamicPartitions().changes(changes, now());
            return { events, records: [...keys, ...recordsOf(runIds)] };
          }),
        writeRecords: async (written) => {
          await daemon.note(() => ({ events: [], records: written }));
        },
      },
      records,
    );
  }

  get speed(): number {
    return this.#speed;
  }

  /** How each stands, in notebook order, schedules first. */
  get states(): readonly InstigatorState[] {
    const now = this.#ports.now();
    return this.#automations.declared.map((instigator) => {
      const { kind, name, running, cursor, lastTickAt, tickCount } = instigator;
      const nextTickAt = this.#automations.nextDueOf(instigator, now);
      return { kind, name, running, cursor, lastTickAt, tickCount, nextTickAt };
    });
  }

  /** Says what the notebook declares now. */
  declare(definitions: Definitions): Promise<void> {
    return this.#inTurn(async () => {
      await this.#automations.declare(definitions, this.#ports.now());
      await this.#look();
    });
  }

  setRunning(kind: Tick['kind'], name: string, running: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await this.#automations.setRunning(kind, name, running, this.#ports.now());
      await this.#look();
    });
  }

  setCursor(name: string, cursor: string | null): Promise<void> {
    return this.#inTurn(() => this.#automations.setCursor(name, cursor));
  }

  dryRun(
    kind: Tick['kind'],
    name: string,
    at: EpochMs,
    cursor?: string | null,
  ): Promise<TickPreview | null> {
    return this.#automations.dryRun(kind, name, at, cursor);
  }

  /** Newest first; `before` is a tick's id. */
  async listTicks(
    kind: Tick['kind'],
    name: string,
    { limit, before }: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly Tick[]> {
    const { instances, notebookId } = this.#ports;
    const prefix = instigatorId({ kind, name });
    const records = await instances.listRecords(notebookId, 'tick', { prefix, limit, before });
    return records.map(({ value }) => value as Tick);
  }

  /** Evaluates a sensor now, due or not. Null if it is not declared. */
  evaluateSensor(name: string): Promise<Tick | null> {
    return this.#inTurn(async () => {
      const tick = await this.#automations.evaluateSensor(name, this.#ports.now());
      this.#ports.changed();
      return tick;
    });
  }

  /** The clock was set, or the world is another: what is due by now is evaluated. */
  look(): Promise<void> {
    return this.#inTurn(() => this.#look());
  }

  /**
   * Lets the virtual clock run on: what falls due on the way is evaluated at its instant, in order, and
   * unless told not to, it waits there for what was launched. A clock in real time is left alone.
   */
  advance({ to, waits }: ClockMove): Promise<void> {
    const halts = this.#halts;
    return this.#inTurn(() => this.#advance({ to, waits }, halts));
  }

  /**
   * Lets the virtual clock run by itself, so many times as fast as real time; 0 stops it, and a move that
   * is under way, as soon as the tick that it is at has done its work.
   */
  play(speed: number): void {
    if (speed <= 0) this.#halts += 1;
    const wasStanding = this.#speed === 0;
    this.#speed = Math.max(0, speed);
    if (wasStanding && this.#speed > 0) this.#playOn(this.#ports.elapsedMs());
    this.#ports.changed();
  }

  dispose(): void {
    this.#isOver = true;
    this.#speed = 0;
    this.#cancelTimer?.();
  }

  #playOn(sinceMs: number): void {
    this.#ports.after(PLAY_EVERY_MS, () => {
      if (this.#speed === 0 || this.#isOver) return;
      const nowMs = this.#ports.elapsedMs();
      const to = this.#ports.now() + Math.round((nowMs - sinceMs) * this.#speed);
      void this.advance({ to, waits: true }).finally(() => this.#playOn(this.#ports.elapsedMs()));
    });
  }

  async #advance({ to, waits }: ClockMove, halts: number): Promise<void> {
    const { now, isVirtual, moveClock, daemon, nextOpening } = this.#ports;
    const isHalted = () => this.#isOver || this.#halts !== halts;
    if (!isVirtual() || isHalted()) return;
    const sensorsEveryMs = to === 'nextEvent' ? 0 : (to - now()) / SENSOR_LOOKS;
    // What was launched before takes no time either; nor what was due, such as ticks that were missed.
    if (waits) await daemon.whenIdle();
    await this.#step(waits);
    const nextEvent = () => {
      const due = this.#automations.nextDue(now() + 1, sensorsEveryMs);
      const opening = to === 'nextEvent' ? nextOpening() : null;
      return Math.min(due ?? Infinity, opening ?? Infinity);
    };
    const end = to === 'nextEvent' ? nextEvent() : to;
    if (!Number.isFinite(end)) return;
    while (!isHalted() && now() < end) {
      await moveClock(Math.min(nextEvent(), end));
      await this.#step(waits);
    }
    if (waits) await daemon.whenIdle();
  }

  async #step(waits: boolean): Promise<void> {
    const { now, isVirtual, daemon, changed } = this.#ports;
    // Under the virtual clock all ticks of an instant come before what any of them launched, so that the log
    // does not hang on how long they take.
    const giveBack = isVirtual() ? daemon.hold() : () => {};
    const ticks = await this.#automations.step(now()).finally(giveBack);
    if (ticks.length === 0) return;
    changed();
    if (waits) await daemon.whenIdle();
  }

  async #look(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#isOver) return;
    await this.#step(false);
    this.#ports.changed();
    if (this.#ports.isVirtual()) return;
    const now = this.#ports.now();
    const due = this.#automations.nextDue(now + 1);
    if (due === null) return;
    const inMs = Math.min(Math.max(0, due - now), LONGEST_TIMER_MS);
    this.#cancelTimer = this.#ports.after(inMs, () => void this.look());
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(act);
    // The next does not care how this one ended; whoever asked for it does.
    this.#turns = turn.catch(() => {});
    return turn;
  }
}
