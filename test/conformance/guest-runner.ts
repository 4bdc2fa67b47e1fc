import { runInThisContext } from 'node:vm';
import type { CodeRunner } from '../../src/orchestration/ports.ts';
import {
  parseLoadAnswer,
  parseStepAnswer,
  type Answer,
} from '../../src/protocol/parse-guest-answer.ts';
import {
  parseAutomationAnswer,
  parsePartitionedConfigAnswer,
} from '../../src/protocol/parse-guest-automation.ts';
import type { GuestApi, GuestMessage, GuestServices } from '../../src/protocol/sandbox.ts';

/** The cell language as projects have it. */
export interface ExportedRuntime {
  readonly guestOf: (
    program: unknown,
    hear: (message: GuestMessage) => void,
  ) => Omit<GuestApi, 'runTest' | 'checkGoals'>;
}

const HEAD =
  '(function (dg, z, DateTime, Duration, Interval, files, assert, __cell, __name) { "use strict";\n';

/** Runs a notebook's code in this very process, one call after another, as Node does in a project. */
export class GuestRunner implements CodeRunner {
  readonly #guest: ReturnType<ExportedRuntime['guestOf']>;
  #services: GuestServices | null = null;
  #before: Promise<unknown> = Promise.resolve();

  constructor(runtime: ExportedRuntime, program: string) {
    this.#guest = runtime.guestOf(runInThisContext(`${HEAD}${program}\n})`), (message) =>
      this.#hear(message),
    );
  }

  async load(...[world]: Parameters<CodeRunner['load']>) {
    return this.#asked(
      null,
      () => this.#guest.load(world),
      (data) => parseLoadAnswer(data, nowhere),
    );
  }

  async execute(...[step, services]: Parameters<CodeRunner['execute']>) {
    return this.#asked(
      services,
      () => this.#guest.execute(step),
      (data) => parseStepAnswer(data, nowhere),
    );
  }

  async evaluateSchedule(...[request, services]: Parameters<CodeRunner['evaluateSchedule']>) {
    return this.#asked(
      services,
      () => this.#guest.evaluateSchedule(request),
      (data) => parseAutomationAnswer(data, nowhere),
    );
  }

  async evaluateSensor(...[request, services]: Parameters<CodeRunner['evaluateSensor']>) {
    return this.#asked(
      services,
      () => this.#guest.evaluateSensor(request),
      (data) => parseAutomationAnswer(data, nowhere),
    );
  }

  async evaluatePartitionedConfig(
    ...[request, services]: Parameters<CodeRunner['evaluatePartitionedConfig']>
  ) {
    return this.#asked(
      services,
      () => this.#guest.evaluatePartitionedConfig(request),
      (data) => parsePartitionedConfigAnswer(data, nowhere),
    );
  }

  runTest(): never {
    throw new Error('Tests of cells are not run here.');
  }

  checkGoals(): never {
    throw new Error('Goals are not asked here.');
  }

  setConcurrency(): void {
    // It has one thread.
  }

  prepare(): void {}

  dispose(): void {
    // Nothing is kept.
  }

  async #asked<Outcome>(
    services: GuestServices | null,
    call: () => unknown,
    parse: (data: unknown) => Answer<Outcome>,
  ): Promise<Outcome> {
    const turn = this.#before.then(async () => {
      this.#services = services;
      // As if it had been posted: functions and classes of the cells' own do not pass.
      const { outcome } = parse(structuredClone(await call()));
      if (outcome === null) throw new Error('A part of the runtime is missing.');
      return outcome;
    });
    this.#before = turn.catch(() => undefined);
    return turn;
  }

  #hear(message: GuestMessage): void {
    const services = this.#services;
    if (!services) return;
    switch (message.kind) {
      case 'log':
        return services.log(message.stepId, message.level, message.text);
      case 'dynamicPartitions':
        return services.changeDynamicPartitions?.(message.change);
      case 'request':
        void services
          .request(message.ask)
          .then((answer) => this.#guest.settle(message.requestId, answer));
        return;
      case 'latestMaterialization':
        void Promise.resolve(
          services.latestMaterialization?.(message.assetKey, message.partitionKey) ?? null,
        ).then((materialization) =>
          this.#guest.settle(message.requestId, { status: 'ok', bytes: null, materialization }),
        );
    }
  }
}

/** Where in a cell something was thrown is not asked. */
const nowhere = () => null;
