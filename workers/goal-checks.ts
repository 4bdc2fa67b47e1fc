import type { GoalSpec } from '../src/definitions/definitions.ts';
import { bodyHash } from '../src/notebook/body-hash.ts';
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
 * Asks a notebook's goals whether they are reached. One that was, stays so: it is kept by its title and by what
 * it checks, so that it may be renamed, edited and moved, and is not asked again. One that does not end is not asked again before the code changes.
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
    const marks = goals.map(markOf);
    const reached = reachedAt(marks, await reachedBefore(world));
    const asked = goals.filter(
      ({ goalId }) => reached[goalId] === null && !this.#endless.has(goalId),
    );
    const verdicts = await this.#ask(
      asked.map(({ goalId }) => goalId),
      world,
    );
    const records: DaemonRecord[] = [];
    const now = world.now();
    for (const [goalId, verdict] of verdicts) {
      const mark = marks[goalId];
      if (verdict.status !== 'reached' || !mark) continue;
      reached[goalId] = now;
      const recordId = `${mark.title}\n${mark.check ?? ''}`;
      records.push({ kind: 'goal', recordId, value: { ...mark, reachedAt: now } });
    }
    if (records.length > 0) await world.keep(records);
    return goals.map(({ goalId }): GoalStanding => {
      const at = reached[goalId] ?? null;
      if (at !== null) return { goalId, status: 'reached', reachedAt: at, message: null };
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

/** What tells a goal from the others. */
interface GoalMark {
  readonly title: string;
  /** A hash of its function; null where nothing tells. */
  readonly check: string | null;
}

/** A goal as it was when it was reached. */
interface ReachedGoal extends GoalMark {
  readonly reachedAt: EpochMs;
}

function markOf({ title, check }: GoalSpec): GoalMark {
  return { title, check: check === undefined ? null : bodyHash(check) };
}

async function reachedBefore({
  instances,
  notebookId,
}: GoalWorld): Promise<readonly ReachedGoal[]> {
  const options = { prefix: '', limit: MOST_GOALS, before: null };
  const records = await instances.listRecords(notebookId, 'goal', options);
  return records.map(({ recordId, value }) => {
    const kept = value as Partial<ReachedGoal> & Pick<ReachedGoal, 'reachedAt'>;
    const { title = recordId.split('\n')[0] ?? '', check = null, reachedAt } = kept;
    return { title, check, reachedAt };
  });
}

/**
 * When each goal was reached, null if it was not. A record is of the goal that has its title and its function; else
 * of the one that has its function and another title, which was renamed; else of the one that has its title, which
 * was edited. None is of two goals but of such as are the same in both.
 */
function reachedAt(
  marks: readonly GoalMark[],
  records: readonly ReachedGoal[],
): (EpochMs | null)[] {
  const sameTitle = (a: GoalMark, b: GoalMark) => a.title === b.title;
  const sameCheck = (a: GoalMark, b: GoalMark) => a.check !== null && a.check === b.check;
  const same = (a: GoalMark, b: GoalMark) => sameTitle(a, b) && a.check === b.check;
  const found: (EpochMs | null)[] = marks.map(() => null);
  const free = new Set(records);
  for (const isOf of [same, sameCheck, sameTitle]) {
    for (const record of free) {
      const heirs = marks.flatMap((mark, at) =>
        (found[at] ?? null) === null && isOf(record, mark) ? [at] : [],
      );
      const [heir] = heirs;
      if (heir === undefined) continue;
      free.delete(record);
      for (const at of isOf === same ? heirs : [heir]) found[at] = record.reachedAt;
    }
    // What a goal was called before is no other goal's.
    if (isOf === sameCheck) {
      for (const record of free) {
        if (marks.some((mark) => sameCheck(record, mark))) free.delete(record);
      }
    }
  }
  return found;
}
