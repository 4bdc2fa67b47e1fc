import type { GuestWorld } from '../protocol/sandbox.ts';
import { seededRandom } from './seeded-random.ts';

/*
 * Makes the worker's global scope what cells should find: no way out, and a clock and chance that
 * follow the notebook. The way out is closed by the frame's policy; here it only gets a readable error.
 */

const NETWORK = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'WebTransport',
  'RTCPeerConnection',
];
const STORAGE = ['indexedDB', 'caches', 'cookieStore', 'localStorage', 'sessionStorage'];
const THREADS = [
  'Worker',
  'SharedWorker',
  'BroadcastChannel',
  'importScripts',
  'postMessage',
  'close',
  'Notification',
  'FileReaderSync',
];

/** Takes away what leads out of the worker; each name left behind says so when it is used. */
export function closeChannels(scope: object): void {
  for (const name of NETWORK) {
    close(
      scope,
      name,
      `${name} is not available: network is off in cells. Drop the data in as a file.`,
    );
  }
  for (const name of STORAGE) {
    close(
      scope,
      name,
      `${name} is not available: storage is off in cells. Use files, or return the value.`,
    );
  }
  for (const name of THREADS) close(scope, name, `${name} is not available in cells.`);
  close(scope, 'navigator', 'navigator is not available in cells.', {
    userAgent: '',
    language: 'en',
  });
}

function close(scope: object, name: string, message: string, known: object = {}): void {
  const refuse = (): never => {
    throw new Error(message);
  };
  const value = new Proxy(function () {}, {
    get: (_target, property) =>
      Object.hasOwn(known, property) ? (known as Record<PropertyKey, unknown>)[property] : refuse(),
    set: refuse,
    apply: refuse,
    construct: refuse,
  });
  for (
    let at: object | null = scope;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (at !== scope && Object.hasOwn(at, name)) Reflect.deleteProperty(at, name);
  }
  Reflect.defineProperty(scope, name, { value, configurable: false, writable: false });
}

/** The clock and the chance of the scope, set for each call. */
export interface FollowedWorld {
  follow(world: Pick<GuestWorld, 'now' | 'seed'>): void;
}

/** Replaces `Date`, `Math.random`, `Temporal.Now` and random bytes in the scope by ones that follow the world. */
export function followWorld(scope: typeof globalThis): FollowedWorld {
  let now = 0;
  let random = seededRandom('');
  const RealDate = scope.Date;
  function WorldDate(this: unknown, ...args: unknown[]): unknown {
    if (!new.target) return new RealDate(now).toString();
    const parts: unknown[] = args.length === 0 ? [now] : args;
    return Reflect.construct(RealDate, parts, new.target);
  }
  // One prototype for both: dates that arrived from outside are dates here too.
  WorldDate.prototype = RealDate.prototype;
  Object.defineProperty(RealDate.prototype, 'constructor', { value: WorldDate });
  Object.defineProperty(WorldDate, 'name', { value: 'Date' });
  Object.assign(WorldDate, { now: () => now, parse: RealDate.parse, UTC: RealDate.UTC });
  define(scope, 'Date', WorldDate);
  define(scope.Math, 'random', () => random());
  followTemporal(scope, () => now);
  const crypto: { getRandomValues?: unknown } | undefined = scope.crypto;
  if (crypto) {
    define(crypto, 'getRandomValues', <Bytes extends ArrayBufferView>(bytes: Bytes): Bytes => {
      const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let i = 0; i < view.length; i++) view[i] = Math.floor(random() * 256);
      return bytes;
    });
    define(crypto, 'randomUUID', () => {
      const hex = Array.from({ length: 32 }, (_, i) =>
        (i === 12
          ? 4
          : i === 16
            ? 8 + Math.floor(random() * 4)
            : Math.floor(random() * 16)
        ).toString(16),
      ).join('');
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    });
  }
  return {
    follow(world) {
      now = world.now;
      random = seededRandom(world.seed);
    },
  };
}

/** The parts of Temporal that tell the time, where the browser has it. */
interface TemporalLike {
  readonly Now: object;
  readonly Instant: {
    fromEpochMilliseconds(at: number): { toZonedDateTimeISO(zone: unknown): ZonedLike };
  };
}

interface ZonedLike {
  toPlainDate(): unknown;
  toPlainTime(): unknown;
  toPlainDateTime(): unknown;
}

function followTemporal(scope: object, now: () => number): void {
  const temporal = (scope as { readonly Temporal?: TemporalLike }).Temporal;
  if (!temporal) return;
  const instant = () => temporal.Instant.fromEpochMilliseconds(now());
  const zoned = (zone: unknown = 'UTC') => instant().toZonedDateTimeISO(zone);
  define(temporal.Now, 'instant', instant);
  define(temporal.Now, 'timeZoneId', () => 'UTC');
  define(temporal.Now, 'zonedDateTimeISO', zoned);
  define(temporal.Now, 'plainDateISO', (zone?: unknown) => zoned(zone).toPlainDate());
  define(temporal.Now, 'plainTimeISO', (zone?: unknown) => zoned(zone).toPlainTime());
  define(temporal.Now, 'plainDateTimeISO', (zone?: unknown) => zoned(zone).toPlainDateTime());
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

/** What a run leaves behind on the global scope, so that the next does not find it. */
export interface Housekeeping {
  /** Removes globals and timers that were added since this was made. */
  sweep(): void;
}

/** Begins to watch the scope; call it when everything of ours is in place. */
export function keepHouse(scope: typeof globalThis): Housekeeping {
  const timers = new Set<unknown>();
  for (const [set, clear] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
  ] as const) {
    const start = scope[set].bind(scope) as (...args: unknown[]) => unknown;
    const stop = scope[clear].bind(scope) as (timer: unknown) => void;
    define(scope, set, (callback: unknown, ...rest: unknown[]) => {
      // A text would be evaluated, which the policy forbids with an error that no one sees.
      if (typeof callback !== 'function') throw new TypeError(`${set} takes a function.`);
      const timer = start(callback, ...rest);
      timers.add(timer);
      return timer;
    });
    define(scope, clear, (timer: unknown) => {
      timers.delete(timer);
      stop(timer);
    });
  }
  const clear = scope.clearTimeout.bind(scope) as (timer: unknown) => void;
  const known = new Set(Reflect.ownKeys(scope));
  return {
    sweep() {
      for (const timer of timers) clear(timer);
      timers.clear();
      for (const key of Reflect.ownKeys(scope)) {
        if (!known.has(key)) Reflect.deleteProperty(scope, key);
      }
    },
  };
}
