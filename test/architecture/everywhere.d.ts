/*
 * The few platform names that the core may use: they exist alike on a page, in a worker
 * and in Node, and hold neither time, chance nor storage.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Passed on, never used. */
interface MessagePort {
  readonly onmessage: unknown;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}

declare function atob(text: string): string;
declare function btoa(bytes: string): string;
declare function structuredClone<T>(value: T): T;
