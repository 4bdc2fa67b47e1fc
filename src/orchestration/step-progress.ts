import type { AssetKeyText } from '../definitions/definitions.ts';
import type { Step } from './run-steps.ts';

/** How a step of a run ended. */
type StepEnd = 'success' | 'failed' | 'skipped' | 'abandoned';

/** A step that will not be executed, and because of what. */
export type LeftOutStep =
  /** What it waits for was not recorded, although nothing failed. */
  | { readonly step: Step; readonly why: 'skipped'; readonly missing: readonly AssetKeyText[] }
  /** Steps that failed, and steps that were abandoned for others; at least one in either. */
  | {
      readonly step: Step;
      readonly why: 'abandoned';
      readonly failed: readonly string[];
      readonly notExecuted: readonly string[];
    };

/**
 * Which step of a run is executed next, as in Dagster's executor in one process: a step is
 * ready when all that it waits for has ended, and those that are ready go in the order in
 * which they became so; one that is tried again goes behind them.
 */
export class StepProgress {
  #pending: Step[];
  readonly #ready: Step[] = [];
  /** To be tried again after a rest. */
  readonly #resting: { readonly step: Step; readonly delayMs: number }[] = [];
  readonly #ends = new Map<string, StepEnd>();
  readonly #recorded = new Set<AssetKeyText>();
  readonly #leftOut: LeftOutStep[] = [];

  /** @param steps in the order of `stepsOf`. */
  constructor(steps: readonly Step[]) {
    this.#pending = [...steps];
    this.#update();
  }

  /** Takes the next step to execute; null if none is ready. */
  take(): Step | null {
    return this.#ready.shift() ?? null;
  }

  /** Takes the step that rests the shortest, when no other is ready; null if none rests. */
  takeResting(): { readonly step: Step; readonly delayMs: number } | null {
    this.#resting.sort((a, b) => a.delayMs - b.delayMs);
    return this.#resting.shift() ?? null;
  }

  /** @param recorded the assets that it has recorded. */
  succeeded({ stepKey }: Step, recorded: Iterable<AssetKeyText>): void {
    for (const assetKey of recorded) this.#recorded.add(assetKey);
    this.#ends.set(stepKey, 'success');
    this.#update();
  }

  failed({ stepKey }: Step): void {
    this.#ends.set(stepKey, 'failed');
    this.#update();
  }

  /** The step is to be tried again, after so much time. */
  retry(step: Step, delayMs: number): void {
    if (delayMs > 0) this.#resting.push({ step, delayMs });
    else this.#ready.push(step);
  }

  /** Steps that turned out not to be executed since this was last asked, in Dagster's order. */
  takeLeftOut(): readonly LeftOutStep[] {
    return this.#leftOut.splice(0);
  }

  /** First all skips that follow of what has ended, then all that is abandoned for failures. */
  #update(): void {
    this.#moveReady();
    while (this.#settle((step) => this.#skipOf(step)));
    while (this.#settle((step) => this.#abandonmentOf(step)));
  }

  #moveReady(): void {
    this.#pending = this.#pending.filter((step) => {
      const isReady = step.waitsFor.every(({ stepKey, assetKey, list }) => {
        const end = this.#ends.get(stepKey);
        if (end === 'success' && this.#recorded.has(assetKey)) return true;
        return (end === 'success' || end === 'skipped') && this.#hasAny(step, list);
      });
      if (isReady) this.#ready.push(step);
      return !isReady;
    });
  }

  /** One round over the pending steps; whether any was left out. */
  #settle(leftOutOf: (step: Step) => LeftOutStep | null): boolean {
    const found = this.#pending.flatMap((step) => {
      const waits = step.waitsFor.some(({ stepKey }) => !this.#ends.has(stepKey));
      return waits ? [] : (leftOutOf(step) ?? []);
    });
    if (found.length === 0) return false;
    for (const { step, why } of found) this.#ends.set(step.stepKey, why);
    this.#leftOut.push(...found);
    this.#pending = this.#pending.filter((step) => !this.#ends.has(step.stepKey));
    return true;
  }

  #skipOf(step: Step): LeftOutStep | null {
    const missing = step.waitsFor.filter(({ stepKey, assetKey, list }) => {
      const end = this.#ends.get(stepKey);
      const isMissing = (end === 'success' || end === 'skipped') && !this.#recorded.has(assetKey);
      return isMissing && !this.#hasAny(step, list);
    });
    if (missing.length === 0) return null;
    return { step, why: 'skipped', missing: missing.map(({ assetKey }) => assetKey) };
  }

  /** Whether at least one output of a list that a step gets is there: then the others may be missing. */
  #hasAny({ waitsFor }: Step, list: string | undefined): boolean {
    return (
      list !== undefined &&
      waitsFor.some((other) => other.list === list && this.#recorded.has(other.assetKey))
    );
  }

  #abandonmentOf(step: Step): LeftOutStep {
    const ended = (as: StepEnd) => [
      ...new Set(
        step.waitsFor.flatMap(({ stepKey }) => (this.#ends.get(stepKey) === as ? [stepKey] : [])),
      ),
    ];
    return { step, why: 'abandoned', failed: ended('failed'), notExecuted: ended('abandoned') };
  }
}
