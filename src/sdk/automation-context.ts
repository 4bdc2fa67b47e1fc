import type { DateTime } from 'luxon';
import type { EpochMs } from '../time/time-window.ts';
import { optionalText, optionsOf, show, textArgument, wrongArgument, WORDS } from './arguments.ts';
import type { Evaluation } from './evaluation.ts';
import { logOf, type StepVoice } from './execution-context.ts';
import { instanceArgument, type InstanceObject } from './instance.ts';
import { instantArgument } from './instants.ts';
import { dateTimeForCell } from './partitions-definitions.ts';
import { refusingUnknown } from './unknown-names.ts';

/** What a schedule's function gets (SCH-10). */
export class ScheduleContext {
  readonly instance: InstanceObject;
  readonly log;
  readonly #evaluation: Evaluation;
  readonly #scheduledAt: EpochMs;
  readonly #timezone: string;

  constructor(
    evaluation: Evaluation,
    facts: {
      readonly scheduledAt: EpochMs;
      /** IANA name. */
      readonly timezone: string;
      readonly instance: InstanceObject;
      readonly log: StepVoice['log'];
    },
  ) {
    this.#evaluation = evaluation;
    this.#scheduledAt = facts.scheduledAt;
    this.#timezone = facts.timezone;
    this.instance = facts.instance;
    this.log = logOf(facts.log);
  }

  /** When the tick was due, in the schedule's zone. */
  get scheduledExecutionTime(): DateTime {
    return dateTimeForCell(this.#scheduledAt, this.#timezone, this.#evaluation);
  }

  /** In messages. */
  get [WORDS](): string {
    return 'the context of a schedule';
  }

  /** The instant, for those who work with numbers. */
  static scheduledAt(context: ScheduleContext): EpochMs {
    return context.#scheduledAt;
  }
}

/** What a sensor's function gets. */
export class SensorContext {
  readonly instance: InstanceObject;
  readonly log;
  readonly #evaluation: Evaluation;
  readonly #lastTickAt: EpochMs | null;
  #cursor: string | null;
  #updated: { readonly cursor: string | null } | null = null;

  constructor(
    evaluation: Evaluation,
    facts: {
      readonly cursor: string | null;
      readonly lastTickAt: EpochMs | null;
      readonly instance: InstanceObject;
      readonly log: StepVoice['log'];
    },
  ) {
    this.#evaluation = evaluation;
    this.#lastTickAt = facts.lastTickAt;
    this.#cursor = facts.cursor;
    this.instance = facts.instance;
    this.log = logOf(facts.log);
  }

  /** What the sensor has kept; null if nothing yet. */
  get cursor(): string | null {
    return this.#cursor;
  }

  updateCursor(cursor: unknown): void {
    this.#cursor = cursor === null ? null : textArgument(cursor, 'The cursor');
    this.#updated = { cursor: this.#cursor };
  }

  /** Null before the first tick. */
  get lastTickCompletionTime(): DateTime | null {
    return this.#lastTickAt === null
      ? null
      : dateTimeForCell(this.#lastTickAt, 'utc', this.#evaluation);
  }

  /** In messages. */
  get [WORDS](): string {
    return 'the context of a sensor';
  }

  /** What `updateCursor` was last called with; null if it was not. */
  static updatedCursor(context: SensorContext): { readonly cursor: string | null } | null {
    return context.#updated;
  }
}

/** A misspelt member is an error, and not `undefined`. */
for (const contextClass of [ScheduleContext, SensorContext]) {
  Object.setPrototypeOf(contextClass.prototype, refusingUnknown('context'));
}

/** Nobody reads what a function that is called by a test says. */
const SILENCE: StepVoice['log'] = () => undefined;

/** `dg.buildScheduleContext` and `dg.buildSensorContext`. */
export function automationContextConstructors(evaluation: Evaluation) {
  return {
    buildScheduleContext: (options?: unknown): ScheduleContext => {
      const given = optionsOf(options, 'dg.buildScheduleContext', [
        'scheduledExecutionTime',
        'instance',
      ]);
      const { scheduledExecutionTime: at } = given;
      const form = { fmt: '%Y-%m-%d', timezone: 'UTC' };
      return new ScheduleContext(evaluation, {
        scheduledAt:
          at === undefined || at === null
            ? evaluation.world.now
            : instantArgument(at, 'scheduledExecutionTime', form, evaluation.libraries),
        timezone: zoneOfArgument(at),
        instance: instanceArgument(evaluation, given.instance),
        log: SILENCE,
      });
    },
    buildSensorContext: (options?: unknown): SensorContext => {
      const given = optionsOf(options, 'dg.buildSensorContext', ['cursor', 'instance']);
      return new SensorContext(evaluation, {
        cursor: optionalText(given.cursor, 'cursor'),
        lastTickAt: null,
        instance: instanceArgument(evaluation, given.instance),
        log: SILENCE,
      });
    },
  };
}

/** The zone of a DateTime that a cell gave; UTC for anything else. */
function zoneOfArgument(value: unknown): string {
  const { zoneName } = (value ?? {}) as Partial<DateTime>;
  return typeof value === 'object' && typeof zoneName === 'string' ? zoneName : 'UTC';
}

/** The context that `evaluateTick` is given; one for now unless it is given. */
export function contextArgument<Context>(
  value: unknown,
  kind: abstract new (...args: never[]) => Context,
  build: () => Context,
  call: string,
): Context {
  if (value === undefined) return build();
  if (value instanceof kind) return value;
  throw wrongArgument(`evaluateTick takes a context made by ${call}, not ${show(value)}.`);
}
