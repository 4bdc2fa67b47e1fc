import type { GoalSpec } from '../definitions/definitions.ts';
import type { GoalStanding } from '../protocol/engine.ts';
import type { NotebookSession } from './notebook-session.svelte.ts';

/**
 * How the goals of an open notebook stand. They are asked whenever its state changes: one question at a time,
 * and once more if something changed meanwhile.
 */
export class NotebookGoals {
  readonly #session: NotebookSession;
  #standings: ReadonlyMap<number, GoalStanding> = $state.raw(new Map());
  #asked = '';
  #isAsking = false;

  /** In notebook order. */
  readonly all: readonly GoalSpec[] = $derived.by(() => this.#session.definitions.goals ?? []);
  readonly reachedCount: number = $derived(
    this.all.filter(({ goalId }) => this.#standings.get(goalId)?.status === 'reached').length,
  );
  /** The first that is not reached; null if all are. */
  readonly next: GoalSpec | null = $derived(
    this.all.find(({ goalId }) => this.#standings.get(goalId)?.status !== 'reached') ?? null,
  );
  /** Whether they were asked at all by now. */
  readonly areKnown: boolean = $derived(this.#standings.size > 0);

  constructor(session: NotebookSession) {
    this.#session = session;
    this.look();
  }

  standing(goalId: number): GoalStanding | null {
    return this.#standings.get(goalId) ?? null;
  }

  /** Something may have changed. */
  look(): void {
    const { state } = this.#session;
    if (!state || state.lookingAt !== null) return;
    const { codeLocation, lastEventId, effectiveAt, instigators, runCounts } = state;
    const automations = instigators.map(({ running, tickCount }) => [running, tickCount]);
    const asked = JSON.stringify([
      codeLocation.version,
      lastEventId,
      effectiveAt,
      automations,
      runCounts,
    ]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      for (let asked = ''; asked !== this.#asked;) {
        asked = this.#asked;
        this.#take(await this.#session.checkGoals());
      }
    } catch {
      // The notebook was closed, or the engine is gone, which is said elsewhere: the next change asks again.
      this.#asked = '';
    } finally {
      this.#isAsking = false;
    }
  }

  #take(standings: readonly GoalStanding[]): void {
    if (standings.length === 0) return;
    const before = this.#standings;
    const reached = (all: ReadonlyMap<number, GoalStanding>, goalId: number) =>
      all.get(goalId)?.status === 'reached';
    this.#standings = new Map(standings.map((standing) => [standing.goalId, standing]));
    if (before.size === 0) return;
    const fresh = this.all.filter(
      ({ goalId }) => reached(this.#standings, goalId) && !reached(before, goalId),
    );
    if (fresh.length === 0) return;
    const titles = fresh.map(({ title }) => title).join('. ');
    this.#session.announcement = `Goal reached: ${titles}. ${this.reachedCount} of ${this.all.length} goals.`;
  }
}
