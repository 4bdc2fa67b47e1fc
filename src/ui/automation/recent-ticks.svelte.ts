import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { Run } from '../../orchestration/run.ts';
import type { Tick } from '../../orchestration/ticks.ts';
import type { InstigatorState } from '../../protocol/engine.ts';
import { LatestAnswer } from '../workbench/latest-answer.svelte.ts';

/** A schedule or a sensor, as it is named. */
export type InstigatorName = Pick<InstigatorState, 'kind' | 'name'>;

interface Answer {
  readonly ticks: ReadonlyMap<string, readonly Tick[]>;
  readonly runs: ReadonlyMap<string, Run>;
}

/** The last ticks of some schedules and sensors, and the runs that they started, as they go on. */
export class RecentTicks {
  readonly #session: NotebookSession;
  readonly #newest = new LatestAnswer<Answer>({ ticks: new Map(), runs: new Map() });

  constructor(session: NotebookSession) {
    this.#session = session;
  }

  /** Of one, newest first; empty while that is not known. */
  of({ kind, name }: InstigatorName): readonly Tick[] {
    return this.#newest.current.ticks.get(`${kind} ${name}`) ?? [];
  }

  /** By their ids. */
  get runs(): ReadonlyMap<string, Run> {
    return this.#newest.current.runs;
  }

  get answered(): boolean {
    return this.#newest.answered;
  }

  /** Reads anew; call it when something happened. */
  read(instigators: readonly InstigatorName[], limit: number): void {
    this.#newest.ask(async () => {
      const lists = await Promise.all(
        instigators.map(({ kind, name }) =>
          this.#session.listTicks(kind, name, { limit, before: null }),
        ),
      );
      const ticks = new Map(
        instigators.map(({ kind, name }, at) => [`${kind} ${name}`, lists[at] ?? []]),
      );
      return { ticks, runs: await this.#runsOf(lists.flat()) };
    });
  }

  close(): void {
    this.#newest.close();
  }

  async #runsOf(ticks: readonly Tick[]): Promise<ReadonlyMap<string, Run>> {
    const wanted = new Set(ticks.flatMap(({ runIds }) => runIds));
    if (wanted.size === 0) return new Map();
    const options = { limit: wanted.size * 2 + 50, before: null, statuses: null };
    const listed = await this.#session.listRuns(options);
    const runs = new Map(listed.map((run) => [run.runId, run]));
    // Others lie deeper in the list: runs that were started by hand stand between.
    const deeper = [...wanted].filter((runId) => !runs.has(runId));
    for (const run of await Promise.all(deeper.map((runId) => this.#session.findRun(runId)))) {
      if (run) runs.set(run.runId, run);
    }
    return runs;
  }
}
