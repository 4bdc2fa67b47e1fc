import { assert } from 'chai';
import * as luxon from 'luxon';
import { z } from 'zod';
import { parseLoadAnswer, parseStepAnswer } from '../../src/protocol/parse-guest-answer.ts';
import { parseAutomationAnswer } from '../../src/protocol/parse-guest-automation.ts';
import type {
  GuestAnswer,
  GuestMessage,
  GuestServices,
  GuestWorld,
  LoadOutcome,
  ScheduleEvaluationRequest,
  StepOutcome,
  StepRequest,
} from '../../src/protocol/sandbox.ts';
import type { AutomationOutcome } from '../../src/orchestration/run-request.ts';
import * as execution from '../../src/sdk/execution-library.ts';
import { Guest, type ProgramFunction } from '../../src/sdk/guest.ts';
import * as schemas from '../../src/sdk/zod-schema.ts';
import { FakeRunner } from '../scenarios/fake-runner.ts';

/** Runs the cells of a notebook as the sandbox does, in the test itself: one step at a time. */
export class GuestRunner extends FakeRunner {
  readonly #guest: Guest;
  /** Of the step that runs. */
  #services: GuestServices | null = null;

  /** @param program the text of the composed program. */
  constructor(program: string) {
    super({});
    const names = ['dg', 'z', 'DateTime', 'Duration', 'Interval', 'files', 'assert'];
    const evaluate = new Function(...names, '__cell', '__name', `'use strict';\n${program}`);
    this.#guest = new Guest(evaluate as ProgramFunction, {
      libraries: { zod: { z, schemas }, luxon, chai: { assert }, execution },
      post: (messages) => messages.forEach((message) => this.#hear(message)),
      timers: { elapsed: () => 0, later: () => undefined },
      world: { follow: () => undefined, reseed: () => undefined },
      house: { sweep: () => undefined },
    });
  }

  override async load(world?: GuestWorld): Promise<LoadOutcome> {
    if (!world) throw new Error('Cells are evaluated in a world.');
    return answered(parseLoadAnswer(this.#guest.load(world), () => null).outcome);
  }

  override async execute(step: StepRequest, services: GuestServices): Promise<StepOutcome> {
    this.#services = services;
    return answered(parseStepAnswer(await this.#guest.execute(step), () => null).outcome);
  }

  override async evaluateSchedule(
    request: ScheduleEvaluationRequest,
    services: GuestServices,
  ): Promise<AutomationOutcome> {
    this.#services = services;
    const answer = await this.#guest.evaluateSchedule(request);
    const outcome = answered(parseAutomationAnswer(answer, () => null).outcome);
    if (outcome.status === 'failure') return outcome;
    return { status: 'evaluated', evaluation: outcome.evaluation };
  }

  #hear(message: GuestMessage): void {
    if (message.kind === 'log') {
      this.#services?.log(message.stepId, message.level, message.text);
    }
    if (message.kind === 'request') {
      const settle = (answer: GuestAnswer) => this.#guest.settle(message.requestId, answer);
      void this.#services?.request(message.ask).then(settle);
    }
  }
}

function answered<Outcome>(outcome: Outcome | null): Outcome {
  if (outcome === null) throw new Error('A library is missing.');
  return outcome;
}
