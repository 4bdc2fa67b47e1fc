import type { GuestWorld } from '../protocol/sandbox.ts';
import { seededRandom } from './seeded-random.ts';
import { define, followDate } from './world-date.ts';
import { followLocale } from './world-locale.ts';

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
    language: 'en-US',
    languages: Object.freeze(['en-US']),
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
  /** Begins a call: sets the clock, seeds chance, and has `performance.now` count from 0. */
  follow(world: Pick<GuestWorld, 'now' | 'seed'>): void;
  /** Seeds chance anew, as {@link follow} did. */
  reseed(): void;
}

/**
 * Replaces what differs between machines and moments: `Date`, `Temporal.Now`, `performance.now`,
 * `Math.random` and random bytes follow the world; zones and locales are the same everywhere.
 */
export function followWorld(scope: typeof globalThis): FollowedWorld {
  let now = 0;
  let seed = '';
  let random = seededRandom(seed);
  followDate(scope, () => now);
  followLocale(scope);
  followTemporal(scope, () => now);
  define(scope.Math, 'random', () => random());
  followCrypto(scope.crypto, () => random());
  const restartTimer = followTimer(scope.performance, () => now);
  return {
    follow(world) {
      ({ now, seed } = world);
      random = seededRandom(seed);
      restartTimer();
    },
    reseed() {
      random = seededRandom(seed);
    },
  };
}

/**
 * Has `performance` measure from the beginning of a call, which is at the notebook's now.
 *
 * @returns called at that beginning.
 */
function followTimer(performance: Performance, now: () => number): () => void {
  const elapsed = performance.now.bind(performance);
  let beganAt = elapsed();
  define(performance, 'now', () => elapsed() - beganAt);
  Object.defineProperty(performance, 'timeOrigin', { get: now, configurable: true });
  return () => {
    beganAt = elapsed();
  };
}

function followCrypto(crypto: object | undefined, random: () => number): void {
  if (!crypto) return;
  define(crypto, 'getRandomValues', <Bytes extends ArrayBufferView>(bytes: Bytes): Bytes => {
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < view.length; i++) view[i] = Math.floor(random() * 256);
    return bytes;
  });
  define(crypto, 'randomUUID', () => {
    const hex = Array.from({ length: 32 }, (_, i) => {
      if (i === 12) return '4';
      return (i === 16 ? 8 + Math.floor(random() * 4) : Math.floor(random() * 16)).toString(16);
    }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  });
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
