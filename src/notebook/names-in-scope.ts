/** The libraries that are sent to the sandbox only with a notebook that names them. */
export type LibraryName = 'zod' | 'luxon' | 'chai';

/** What a cell finds without declaring it: our names, with the library that each comes from. */
export const NAMES_OF_OURS: ReadonlyMap<string, LibraryName | null> = new Map([
  ['dg', null],
  ['files', null],
  ['z', 'zod'],
  ['DateTime', 'luxon'],
  ['Duration', 'luxon'],
  ['Interval', 'luxon'],
  ['assert', 'chai'],
]);

/** Names of the composed program; a cell may not declare them. */
export const NAMES_OF_THE_PROGRAM: ReadonlySet<string> = new Set(['__cell', '__name']);

/** What the language and a worker provide. What the sandbox takes away is told when it is used. */
export const GLOBAL_NAMES: ReadonlySet<string> = new Set(
  `undefined NaN Infinity globalThis self console Object Function Boolean Symbol Error
  AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError DOMException
  Number BigInt Math Date String RegExp Array Int8Array Uint8Array Uint8ClampedArray Int16Array
  Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array Map Set
  WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer SharedArrayBuffer DataView Atomics JSON
  Promise Reflect Proxy Intl Iterator WebAssembly eval isFinite isNaN parseFloat parseInt decodeURI
  decodeURIComponent encodeURI encodeURIComponent escape unescape setTimeout clearTimeout
  setInterval clearInterval queueMicrotask structuredClone atob btoa performance crypto URL
  URLSearchParams TextEncoder TextDecoder TextEncoderStream TextDecoderStream Blob File FileReader
  FormData Headers Request Response fetch AbortController AbortSignal Event EventTarget CustomEvent
  MessageChannel MessagePort MessageEvent BroadcastChannel ReadableStream WritableStream
  TransformStream CompressionStream DecompressionStream WebSocket XMLHttpRequest Worker
  ImageData ImageBitmap OffscreenCanvas createImageBitmap navigator location indexedDB caches
  importScripts postMessage addEventListener removeEventListener dispatchEvent reportError`.split(
    /\s+/,
  ),
);
