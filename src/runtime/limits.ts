/** What a session may take. Durations in milliseconds. */
export interface SandboxLimits {
  /** For the definitions, from the guest's *ready*. */
  readonly definitionsMs: number;
  readonly stepMs: number;
  readonly testMs: number;
  /** For all goals of a notebook together; one that is asked alone has four times as long. */
  readonly goalsMs: number;
  /** For one evaluation of a schedule or a sensor, and for the configs of one launch: as Dagster gives them. */
  readonly automationMs: number;
  /** From asking for a worker to its *ready*. */
  readonly startMs: number;
  /** The frame does not answer pings for so long: it is given up. */
  readonly silenceMs: number;
  /** Posts on one port. */
  readonly messagesPerSecond: number;
  /** Characters and bytes in those posts. */
  readonly bytesPerSecond: number;
  /** Characters of log lines that are kept of one run. */
  readonly logChars: number;
}

export const SANDBOX_LIMITS: SandboxLimits = {
  definitionsMs: 250,
  stepMs: 60_000,
  testMs: 5_000,
  goalsMs: 500,
  automationMs: 60_000,
  startMs: 10_000,
  silenceMs: 5_000,
  messagesPerSecond: 2_000,
  bytesPerSecond: 128 * 1024 * 1024,
  logChars: 1024 * 1024,
};
