import type { EpochMs } from './time-window.ts';

/** Where a notebook gets its time from; nothing in the core reads any other. */
export interface Clock {
  now(): EpochMs;
}

/** The time of the machine. */
export class RealClock implements Clock {
  now(): EpochMs {
    return Date.now();
  }
}

/** A time that stands still until it is moved. */
export class VirtualClock implements Clock {
  #now: EpochMs;

  constructor(now: EpochMs) {
    this.#now = now;
  }

  now(): EpochMs {
    return this.#now;
  }

  /** Sets the time. It may also go back: a notebook can look at an earlier day. */
  advanceTo(at: EpochMs): void {
    this.#now = at;
  }
}
