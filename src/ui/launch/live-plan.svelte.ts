import { untrack } from 'svelte';
import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import { messageOf } from '../../errors.ts';
import type { LaunchPlan, LaunchRequest, PlanProblem } from '../../protocol/engine.ts';
import type { LaunchDraft } from './launch-draft.svelte.ts';

/** The plan of what is chosen, asked for again as it changes, and the launch of it. */
export class LivePlan {
  readonly #session: NotebookSession;
  readonly #draft: LaunchDraft;
  /** Null until the engine has answered, and while no keys are chosen. */
  plan: LaunchPlan | null = $state.raw(null);
  /** Why the launch was refused. */
  refusals: readonly PlanProblem[] = $state.raw([]);
  /** Why the plan or the launch could not be had at all; null if it could. */
  fault: string | null = $state(null);
  launching = $state(false);
  #planning = false;
  #isPlanned = false;
  /** The panel is closed; what was asked for it may still be answered. */
  #isClosed = false;

  readonly problems = $derived([...(this.plan?.problems ?? []), ...this.refusals]);

  /** Made while a component is, with whose end it ends. */
  constructor(session: NotebookSession, draft: LaunchDraft) {
    this.#session = session;
    this.#draft = draft;
    // Asked for as the panel opens, then once a frame at most.
    $effect(() => {
      void [draft.request, session.state?.lastEventId];
      if (!this.#isPlanned) {
        this.#isPlanned = true;
        void untrack(() => this.#replan());
        return;
      }
      const frame = requestAnimationFrame(() => void this.#replan());
      return () => cancelAnimationFrame(frame);
    });
    $effect(() => () => (this.#isClosed = true));
  }

  /** Launches what is chosen. True if it is done; else it is said why not. */
  async launch(): Promise<boolean> {
    this.launching = true;
    try {
      this.fault = null;
      const outcome = await this.#session.launch(this.#draft.request);
      if (outcome.status === 'launched') return true;
      this.refusals = outcome.problems;
    } catch (thrown) {
      this.fault = `Nothing was launched: ${messageOf(thrown)}`;
    } finally {
      this.launching = false;
    }
    return false;
  }

  /** Asks again as long as the request has changed meanwhile. */
  async #replan(): Promise<void> {
    if (this.#planning) return;
    this.#planning = true;
    const draft = this.#draft;
    try {
      for (
        let planned: LaunchRequest | null = null;
        !this.#isClosed && planned !== draft.request;
      ) {
        planned = draft.request;
        if (draft.index && planned.partitionRanges?.length === 0) this.plan = null;
        else this.plan = await this.#session.plan(planned);
        this.refusals = [];
        this.fault = null;
      }
    } catch (thrown) {
      this.plan = null;
      this.fault = messageOf(thrown);
    } finally {
      this.#planning = false;
    }
  }
}
