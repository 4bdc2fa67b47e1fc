import type { Definitions, JobSpec } from '../src/definitions/definitions.ts';
import { AssetGraph } from '../src/definitions/graph.ts';
import type { LoadedCode } from '../src/orchestration/daemon-ports.ts';
import type { CodeRunner } from '../src/orchestration/ports.ts';

/** A loaded version of the code, kept until the last run that uses it has ended. */
export class HeldCode {
  readonly graph: AssetGraph;
  readonly runner: CodeRunner | null;
  readonly #jobs: readonly JobSpec[];
  #users = 0;
  #retired = false;

  /** @param runner null if there is nothing to run. */
  constructor({ assets, jobs }: Definitions, runner: CodeRunner | null) {
    this.graph = new AssetGraph(assets);
    this.#jobs = jobs;
    this.runner = runner;
  }

  /** For one user, who gives it back; null if there is nothing to run. */
  take(): LoadedCode | null {
    const { graph, runner } = this;
    if (!runner) return null;
    this.#users += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.#users -= 1;
      this.#disposeIfUnused();
    };
    const jobOf = (jobName: string) => this.#jobs.find((job) => job.jobName === jobName);
    return { graph, runner, jobOf, release };
  }

  /** A newer version has taken its place. */
  retire(): void {
    this.#retired = true;
    this.#disposeIfUnused();
  }

  #disposeIfUnused(): void {
    if (this.#retired && this.#users === 0) this.runner?.dispose();
  }
}
