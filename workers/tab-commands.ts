import type { CommandQueue } from '../src/orchestration/ports.ts';
import { messageOf } from '../src/errors.ts';

/** An answer as it is kept for the tab that asked. */
type Answer =
  | { readonly status: 'done'; readonly result: unknown }
  | { readonly status: 'failed'; readonly message: string };

const UNANSWERED =
  'The tab that worked this notebook was closed before it answered: look at its runs.';

/** What one tab asks of the tab that leads, and how that one works it. */
export class TabCommands<Command> {
  readonly #notebookId: string;
  readonly #queue: CommandQueue;
  /** Looks for the answers to what was asked from here; the last look gives up where there is none. */
  readonly #looks = new Map<number, (isLast: boolean) => void>();

  constructor(notebookId: string, queue: CommandQueue) {
    this.#notebookId = notebookId;
    this.#queue = queue;
  }

  /**
   * Has the leading tab work a command.
   *
   * @throws {Error} if that failed there, or if that tab was closed over it.
   */
  async ask(command: Command): Promise<unknown> {
    const commandId = await this.#queue.post(this.#notebookId, command);
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer) => {
        unsubscribe();
        this.#looks.delete(commandId);
        if (answer.status === 'done') resolve(answer.result);
        else reject(new Error(answer.message));
      };
      const look = (isLast: boolean) => {
        this.#queue.takeAnswer(this.#notebookId, commandId).then(
          (found) => {
            if (found) settle(found.answer as Answer);
            else if (isLast) settle({ status: 'failed', message: UNANSWERED });
          },
          (problem: Error) => settle({ status: 'failed', message: problem.message }),
        );
      };
      this.#looks.set(commandId, look);
      const unsubscribe = this.#queue.subscribe(this.#notebookId, () => look(false));
      look(false);
    });
  }

  /**
   * Works what tabs ask from now on, and what still waits.
   *
   * @returns how to stop.
   */
  serve(work: (command: Command) => Promise<unknown>): () => void {
    let isOver = false;
    const takeAll = async () => {
      if (isOver) return;
      for (const { commandId, command } of await this.#queue.take(this.#notebookId)) {
        await this.#queue.answer(this.#notebookId, commandId, await answerOf(work, command));
      }
    };
    const unsubscribe = this.#queue.subscribe(this.#notebookId, () => void takeAll());
    // What this tab asked, and what waits no more, the tab that led has taken with it.
    void takeAll().then(() => {
      for (const look of this.#looks.values()) look(true);
    });
    return () => {
      isOver = true;
      unsubscribe();
    };
  }
}

async function answerOf<Command>(
  work: (command: Command) => Promise<unknown>,
  command: unknown,
): Promise<Answer> {
  try {
    return { status: 'done', result: (await work(command as Command)) ?? null };
  } catch (problem) {
    return {
      status: 'failed',
      message: messageOf(problem),
    };
  }
}
