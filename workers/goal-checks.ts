import type { GoalSpec } from '../src/definitions/definitions.ts';
import type { CodeRunner, DaemonRecord, InstanceStore } from '../src/orchestration/ports.ts';
import type { CellSource, GoalStanding } from '../src/protocol/engine.ts';
import type { GoalVerdict } from '../src/protocol/goals.ts';
import type { GuestServices, GuestWorld } from '../src/protocol/sandbox.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import { goalHistory, type GoalHistorySource } from './goal-history.ts';

/** What goals are asked with. */
export interface GoalWorld {
  readonly notebookId: string;
  /** Counts the versions of the code. */
  readonly version: number;
  readonly goals: readonly GoalSpec[];
  readonly runner: Pick<CodeRunner, 'checkGoals'>;
  readonly instances: Pick<InstanceStore, 'listRecords' | 'readValue' | 'readValues'>;
  readonly newStepId: () => number;
  readonly guestWorld: () => Promise<GuestWorld>;
  readonly source: Omit<GoalHistorySource, 'notebookId' | 'instances' | 'asksForValues'>;
  /** As they were last evaluated. */
  readonly cells: readonly CellSource[];
  /** The folder of files, of which goals change a copy at most. */
  readonly request: () => GuestServices['request'];
  readonly now: () => EpochMs;
  /** Keeps which goals were reached. */
  readonly keep: (records: readonly DaemonRecord[]) => Promise<void>;
}

const MOST_GOALS = 10_000;

/**
 * Asks a notebook's goals whether they are reached. One that was, stays so: it is kept by its title, and not
 * asked again. One that does not end is not asked again before the code changes.
 */
export class GoalChecks {
  #version = -1;
  /** Goals that did not end, with what is to be said of them. */
  readonly #endless = new Map<number, string>();

  /** In notebook order. */
  async check(world: GoalWorld): Promise<readonly GoalStanding[]> {
    const { goals, version } = world;
    if (version !== this.#version) this.#endless.clear();
    this.#version = version;
    const reached = await reachedAt(world);
    const keys = keysOf(goals);
    const asked = goals.filter(
      ({ goalId }) => !reached.has(keys[goalId] ?? '') && !this.#endless.has(goalId),
    );
    const verdicts = await this.#ask(
      asked.map(({ goalId }) => goalId),
      world,
    );
    const records: DaemonRecord[] = [];
    const now = world.now();
    for (const [goalId, verdict] of verdicts) {
      const recordId = keys[goalId];
      if (verdict.status !== 'reached' || recordId === undefined) continue;
      reached.set(recordId, now);
      records.push({ kind: 'goal', recordId, value: { reachedAt: now } });
    }
    if (records.length > 0) await world.keep(records);
    return goals.map(({ goalId }): GoalStanding => {
      const at = reached.get(keys[goalId] ?? '');
      if (at !== undefined) return { goalId, status: 'reached', reachedAt: at, message: null };
      const verdict = verdicts.get(goalId);
      const broken = { goalId, status: 'broken', reachedAt: null } as const;
      if (verdict?.status === 'threw') {
        const { kind, name, message } = verdict.error;
        return { ...broken, message: `${kind ?? name}: ${message}` };
      }
      const endless = this.#endless.get(goalId);
      if (endless !== undefined) return { ...broken, message: endless };
      const reason = verdict?.status === 'open' ? verdict.reason : null;
      return { goalId, status: 'open', reachedAt: null, message: reason };
    });
  }

  /** All in one call; one by one if that did not come to an end, so that one does not hide the others. */
  async #ask(
    goalIds: readonly number[],
    world: GoalWorld,
  ): Promise<ReadonlyMap<number, GoalVerdict>> {
    if (goalIds.length === 0) return new Map();
    const { runner, newStepId, guestWorld, notebookId, instances, source, cells, request } = world;
    const asksForValues = cells.some(({ text }) => /\.\s*value\b/.test(text));
    const history = await goalHistory({ ...source, notebookId, instances, asksForValues });
    const outcome = await runner.checkGoals(
      { stepId: newStepId(), goalIds, world: await guestWorld(), history },
      { log: () => {}, progress: () => {}, request: request() },
      new AbortController().signal,
    );
    if (outcome.status === 'evaluated') {
      return new Map(goalIds.map((goalId, at) => [goalId, outcome.verdicts[at] ?? NOTHING_SAID]));
    }
    const [only, second] = goalIds;
    if (only !== undefined && second === undefined) {
      if (outcome.status === 'timed_out') {
        this.#endless.set(only, `It did not end within ${outcome.limitMs / 1000} s.`);
      } else if (outcome.status === 'failure') {
        return new Map([[only, { status: 'threw', error: outcome.error }]]);
      } else if (outcome.status === 'crashed') {
        this.#endless.set(only, outcome.message);
      }
      return new Map();
    }
    const verdicts = new Map<number, GoalVerdict>();
    if (outcome.status === 'canceled') return verdicts;
    for (const goalId of goalIds) {
      for (const [id, verdict] of await this.#ask([goalId], world)) verdicts.set(id, verdict);
    }
    return verdicts;
  }
}

const NOTHING_SAID: GoalVerdict = { status: 'open', reason: null };

async function reachedAt({ instances, notebookId }: GoalWorld): Promise<Map<string, EpochMs>> {
  const options = { prefix: '', limit: MOST_GOALS, before: null };
  const records = await instances.listRecords(notebookId, 'goal', options);
  return new Map(
    records.map(({ recordId, value }) => [
      recordId,
      (value as { readonly reachedAt: EpochMs }).reachedAt,
    ]),
  );
}

/** What a goal is kept by: its title, and for a second one of the same title also its place among them. */
function keysOf(goals: readonly GoalSpec[]): readonly string[] {
  const counts = new Map<string, number>();
  return goals.map(({ title }) => {
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    return count === 1 ? title : `${title}\n${count}`;
  });
}
