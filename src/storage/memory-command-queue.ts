import type { CommandQueue } from '../orchestration/ports.ts';
import type { EpochMs } from '../time/time-window.ts';
import { Listeners } from './listeners.ts';
import { writing } from './write-errors.ts';

/** How long an answer waits for whoever asked; their tab may have been closed. */
export const ANSWER_KEPT_MS = 60_000;

interface Mailbox {
  lastCommandId: number;
  commands: { readonly commandId: number; readonly command: unknown }[];
  readonly answers: Map<number, { readonly answer: unknown; readonly at: EpochMs }>;
}

/** Commands within one tab. */
export class MemoryCommandQueue implements CommandQueue {
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #listeners = new Listeners();
  readonly #now: () => EpochMs;

  /** @param now real time, by which answers grow old. */
  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  post(notebookId: string, command: unknown): Promise<number> {
    return writing('The command', async () => {
      const posted = structuredClone(command);
      const mailbox = this.#mailboxOf(notebookId);
      mailbox.lastCommandId += 1;
      mailbox.commands.push({ commandId: mailbox.lastCommandId, command: posted });
      this.#listeners.tell(notebookId);
      return mailbox.lastCommandId;
    });
  }

  async take(
    notebookId: string,
  ): Promise<readonly { readonly commandId: number; readonly command: unknown }[]> {
    const mailbox = this.#mailboxOf(notebookId);
    const { commands } = mailbox;
    mailbox.commands = [];
    return commands;
  }

  answer(notebookId: string, commandId: number, answer: unknown): Promise<void> {
    return writing('The answer to a command', async () => {
      const { answers } = this.#mailboxOf(notebookId);
      const at = this.#now();
      const given = structuredClone(answer);
      for (const [older, { at: since }] of answers) {
        if (since < at - ANSWER_KEPT_MS) answers.delete(older);
      }
      answers.set(commandId, { answer: given, at });
      this.#listeners.tell(notebookId);
    });
  }

  async takeAnswer(
    notebookId: string,
    commandId: number,
  ): Promise<{ readonly answer: unknown } | null> {
    const { answers } = this.#mailboxOf(notebookId);
    const found = answers.get(commandId);
    answers.delete(commandId);
    return found ? { answer: found.answer } : null;
  }

  /** Forgets all commands and answers of a notebook. */
  async removeAll(notebookId: string): Promise<void> {
    this.#mailboxes.delete(notebookId);
  }

  subscribe(notebookId: string, changed: () => void): () => void {
    return this.#listeners.add(notebookId, changed);
  }

  #mailboxOf(notebookId: string): Mailbox {
    const mailbox = this.#mailboxes.get(notebookId) ?? {
      lastCommandId: 0,
      commands: [],
      answers: new Map(),
    };
    this.#mailboxes.set(notebookId, mailbox);
    return mailbox;
  }
}
