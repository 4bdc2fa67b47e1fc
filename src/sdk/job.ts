import type { JobSpec } from '../definitions/definitions.ts';
import type { DeclaredAsset } from './assets.ts';
import { WORDS } from './arguments.ts';
import { Declared } from './evaluation.ts';

/** A job as declared: over assets, or of ops. */
export abstract class Job extends Declared {
  /** @throws {InvalidDefinitionError} if it has no name yet. */
  abstract get jobName(): string;

  /**
   * As plain data.
   *
   * @param assets those of the notebook, in its order.
   */
  abstract specAmong(assets: readonly DeclaredAsset[]): JobSpec;

  /** In messages. */
  get [WORDS](): string {
    return 'a job';
  }
}
