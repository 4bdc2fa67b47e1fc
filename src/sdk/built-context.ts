import type { StepRequest } from '../protocol/sandbox.ts';
import { optionsOf, wrongArgument, WORDS } from './arguments.ts';
import { AssetExecutionContext } from './asset-context.ts';
import { DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { ExecutionContext, type ContextFacts, type StepVoice } from './execution-context.ts';
import { instanceArgument } from './instance.ts';
import type { DeclaredOp } from './ops.ts';
import { runTagsOfKey } from './run-tags-of-key.ts';

/** Nobody reads what a function that is called directly says. */
const SILENCE: StepVoice = { log: () => undefined, progress: () => undefined };

/**
 * A context for calling the function of an asset or of an op directly, as a test does: made by
 * `dg.buildAssetContext` and `dg.buildOpContext`.
 */
export class BuiltContext extends ExecutionContext {
  readonly #facts: ContextFacts;

  constructor(evaluation: Evaluation, facts: ContextFacts) {
    super(evaluation, null, facts);
    this.#facts = facts;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a built context';
  }

  /**
   * Calls the function of `what`, in a context of its own that knows what `context` was built with.
   *
   * @throws {InvalidDefinitionError} if `context` was not built.
   */
  static invoke(context: unknown, inputs: unknown, what: DeclaredAsset | DeclaredOp): unknown {
    if (!(context instanceof BuiltContext)) {
      throw wrongArgument(
        what instanceof DeclaredAsset
          ? 'An asset is called with a context made by dg.buildAssetContext({ … }), and then its inputs.'
          : 'Outside the function of dg.job, an op is called with a context made by dg.buildOpContext({ … }), and then its inputs.',
        'DagsterInvalidInvocationError',
      );
    }
    const { evaluation } = context;
    const given = context.#facts;
    const facts = { ...given, config: what.config?.parseAtOnce(given.config ?? {}) ?? null };
    if (!(what instanceof DeclaredAsset)) {
      return what.compute(new ExecutionContext(evaluation, null, facts), inputs ?? {});
    }
    if (!what.compute) {
      throw wrongArgument(
        `${what.assetKey} has no function to call.`,
        'DagsterInvalidInvocationError',
      );
    }
    return what.compute(new AssetExecutionContext(evaluation, what, facts), inputs ?? {});
  }
}

/** `dg.buildAssetContext` and `dg.buildOpContext`. */
export function builtContextConstructors(evaluation: Evaluation) {
  const build = (call: string, options: unknown): BuiltContext => {
    const given = optionsOf(options, call, ['partitionKey', 'config', 'instance']);
    const tags =
      given.partitionKey === undefined || given.partitionKey === null
        ? {}
        : runTagsOfKey(given.partitionKey);
    const step: StepRequest = {
      stepId: 0,
      assetKey: '',
      runId: 'EPHEMERAL',
      runTags: tags,
      partitionKeys: [],
      config: null,
      inputs: [],
      world: evaluation.world,
    };
    return new BuiltContext(evaluation, {
      step,
      config: given.config ?? null,
      instance: instanceArgument(evaluation, given.instance),
      voice: SILENCE,
    });
  };
  return {
    buildAssetContext: (options?: unknown) => build('dg.buildAssetContext', options),
    buildOpContext: (options?: unknown) => build('dg.buildOpContext', options),
  };
}
