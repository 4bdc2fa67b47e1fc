import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import { stepKeyOf } from './run-events.ts';

/** Something that a step of the run gives and another one waits for. */
export interface AwaitedOutput {
  readonly stepKey: string;
  readonly assetKey: AssetKeyText;
  /** The input that gets a list of such outputs, of which it is enough that one is there; absent otherwise. */
  readonly list?: string;
}

/** Part of a run: one function, for the run's keys. */
export interface Step {
  readonly stepKey: string;
  /** What it computes in this run, in the run's order; at least one, but for a step of a job of ops. */
  readonly assetKeys: readonly AssetKeyText[];
  /** The same as declared; an asset that no longer is, is absent. */
  readonly assets: readonly AssetSpec[];
  /**
   * What it waits for: the assets that it depends on and that other steps of the run compute, with
   * their steps; of a job of ops, the outputs, as `step.output`.
   */
  readonly waitsFor: readonly AwaitedOutput[];
}

/** The key of the step that computes an asset. */
export function stepKeyOfAsset(assetKey: AssetKeyText, graph: AssetGraph | null): string {
  return graph?.assets.get(assetKey)?.sharedStep?.stepName ?? stepKeyOf(assetKey);
}

/** The steps that compute the assets of a run, in the order of `inStepOrder`. */
export function stepsOf(assetKeys: readonly AssetKeyText[], graph: AssetGraph): readonly Step[] {
  const stepOf = new Map<AssetKeyText, string>();
  const keysOf = new Map<string, AssetKeyText[]>();
  for (const assetKey of assetKeys) {
    const stepKey = stepKeyOfAsset(assetKey, graph);
    stepOf.set(assetKey, stepKey);
    const shared = keysOf.get(stepKey);
    if (shared) shared.push(assetKey);
    else keysOf.set(stepKey, [assetKey]);
  }
  const steps = [...keysOf].map(([stepKey, keys]): Step => {
    const assets = keys.flatMap((key) => graph.assets.get(key) ?? []);
    const upstream = new Set(assets.flatMap(({ deps }) => deps.map((dep) => dep.assetKey)));
    const waitsFor = [...upstream].flatMap((assetKey) => {
      const other = stepOf.get(assetKey);
      return other === undefined || other === stepKey ? [] : [{ stepKey: other, assetKey }];
    });
    return { stepKey, assetKeys: keys, assets, waitsFor };
  });
  return inStepOrder(steps);
}

/**
 * The steps of one run in Dagster's order: those that wait for none first, then level by
 * level, and by name within a level. They execute as each becomes ready.
 */
export function inStepOrder(steps: readonly Step[]): readonly Step[] {
  if (steps.length < 2) return steps;
  const levels = levelsOf(steps);
  const level = ({ stepKey }: Step) => levels.get(stepKey) ?? 0;
  return [...steps].sort((a, b) => level(a) - level(b) || (a.stepKey < b.stepKey ? -1 : 1));
}

/** How many steps a step waits for in a row. */
function levelsOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const byKey = new Map(steps.map((step) => [step.stepKey, step]));
  const levels = new Map<string, number>();
  const levelOf = (step: Step): number => {
    const known = levels.get(step.stepKey);
    if (known !== undefined) return known;
    // A step that waits for itself through others cannot be ordered, and is not executed.
    levels.set(step.stepKey, 0);
    const upstream = step.waitsFor.map(({ stepKey }) => byKey.get(stepKey));
    const level = Math.max(-1, ...upstream.map((one) => (one ? levelOf(one) : -1))) + 1;
    levels.set(step.stepKey, level);
    return level;
  };
  for (const step of steps) levelOf(step);
  return levels;
}
