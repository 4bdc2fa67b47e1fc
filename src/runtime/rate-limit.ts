/** So much may come at once after a pause: our side may itself have been busy for a while. */
const BURST_SECONDS = 4;

/**
 * Counts what comes against a rate. What is not used in a second is saved up, for a few seconds.
 */
export class RateLimit {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #at: number;

  /** @param now milliseconds from any start, as in {@link take}. */
  constructor(perSecond: number, now: number) {
    this.#perMs = perSecond / 1000;
    this.#most = perSecond * BURST_SECONDS;
    this.#left = this.#most;
    this.#at = now;
  }

  /** Takes `amount`; false once more has come than the rate allows. */
  take(amount: number, now: number): boolean {
    this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.#perMs) - amount;
    this.#at = now;
    return this.#left >= 0;
  }
}
