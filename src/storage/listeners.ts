/**
 * Callbacks by topic. A topic is told at most once for all that happens to it in one
 * turn of the event loop.
 */
export class Listeners {
  readonly #byTopic = new Map<string, Set<() => void>>();
  readonly #told = new Set<string>();

  /** @returns how to stop. */
  add(topic: string, changed: () => void): () => void {
    // A wrapper of its own, so that one function may listen twice.
    const listener = () => changed();
    const listeners = this.#byTopic.get(topic) ?? new Set();
    this.#byTopic.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#byTopic.get(topic) === listeners) {
        this.#byTopic.delete(topic);
      }
    };
  }

  /** Calls the listeners of `topic` soon: after what now runs has ended. */
  tell(topic: string): void {
    if (this.#told.has(topic) || !this.#byTopic.has(topic)) return;
    this.#told.add(topic);
    queueMicrotask(() => {
      this.#told.delete(topic);
      for (const listener of [...(this.#byTopic.get(topic) ?? [])]) listener();
    });
  }
}
