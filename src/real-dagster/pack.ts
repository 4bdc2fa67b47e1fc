import { PlaygroundError } from '../errors.ts';

/** The files from which Dagster starts. Its bytes are handed over once: they cannot be used again. */
export interface LoadedPack {
  /** Dagster's version. */
  readonly version: string;
  /** Pyodide's script. */
  readonly pyodide: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly python: Uint8Array<ArrayBuffer>;
  readonly site: Uint8Array<ArrayBuffer>;
}

/** What `npm run build:dagster` says of the pack that it wrote. */
export interface PackManifest {
  readonly format: 1;
  readonly versions: { readonly dagster: string; readonly pyodide: string };
  readonly files: readonly PackFile[];
}

export interface PackFile {
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Where files are kept for the next time; the browser's caches are one. */
export interface PackCache {
  match(address: string): Promise<Response | undefined>;
  put(address: string, response: Response): Promise<void>;
}

export type PackFaultCode = 'pack_absent' | 'pack_unreachable' | 'pack_damaged';

/** The pack cannot be had. */
export class PackError extends PlaygroundError {
  readonly code: PackFaultCode;

  constructor(code: PackFaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What loading a pack needs of its surroundings. */
export interface PackSource {
  /** The folder of the pack, with a slash at its end. */
  readonly address: string;
  readonly fetch: (address: string, options: { readonly signal: AbortSignal }) => Promise<Response>;
  /** Null where nothing can be kept. */
  readonly cache: PackCache | null;
  /** SHA-256 in hexadecimal; null where it cannot be had. */
  readonly digest: (bytes: Uint8Array<ArrayBuffer>) => Promise<string | null>;
  readonly signal: AbortSignal;
}

/**
 * Asks the site which pack it has, and if it cannot be reached, the cache.
 *
 * @throws {PackError} `pack_absent` if the site has none, `pack_unreachable` if nothing answers.
 */
export async function readManifest(source: PackSource): Promise<PackManifest> {
  const address = `${source.address}manifest.json`;
  const kept = async () => parseManifest(await source.cache?.match(address));
  let response: Response;
  try {
    response = await source.fetch(address, { signal: source.signal });
  } catch (thrown) {
    source.signal.throwIfAborted();
    const known = await kept();
    if (known) return known;
    throw new PackError('pack_unreachable', 'The site could not be reached, and nothing is kept.', {
      cause: thrown,
    });
  }
  const copy = response.ok ? response.clone() : null;
  // A site that knows no such file may answer with its first page.
  const manifest = await parseManifest(response.ok ? response : undefined);
  if (!manifest) throw new PackError('pack_absent', `There is no pack at ${source.address}.`);
  if (copy) await keep(source.cache, address, copy);
  return manifest;
}

async function parseManifest(response: Response | undefined): Promise<PackManifest | null> {
  try {
    const manifest = (await response?.json()) as PackManifest | undefined;
    return manifest?.format === 1 ? manifest : null;
  } catch {
    // Not JSON: some other page.
    return null;
  }
}

/**
 * Loads what a manifest names; each file is kept under its digest, so that only what changed is loaded again.
 *
 * @param onBytes called with how many bytes have come, of all.
 * @throws {PackError} `pack_unreachable`, or `pack_damaged` if a file is not what the manifest says.
 */
export async function loadPack(
  source: PackSource,
  manifest: PackManifest,
  onBytes: (loaded: number, total: number) => void,
): Promise<LoadedPack> {
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const loaded = new Map<string, number>();
  const onPart = (name: string, bytes: number) => {
    loaded.set(name, bytes);
    onBytes(
      [...loaded.values()].reduce((sum, each) => sum + each, 0),
      total,
    );
  };
  const load = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const file = manifest.files.find((one) => one.name === name);
    if (!file) throw new PackError('pack_damaged', `The pack has no ${name}.`);
    return loadFile(source, file, (bytes) => onPart(name, bytes));
  };
  const [pyodide, wasm, python, site] = await Promise.all([
    load('pyodide.js'),
    load('pyodide.wasm'),
    load('python.zip'),
    load('site.zip'),
  ]);
  const text = new TextDecoder().decode(pyodide);
  return { version: manifest.versions.dagster, pyodide: text, wasm, python, site };
}

async function loadFile(
  source: PackSource,
  file: PackFile,
  onBytes: (loaded: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const address = `${source.address}${file.name}?${file.sha256.slice(0, 16)}`;
  const kept = await source.cache?.match(address);
  let bytes: Uint8Array<ArrayBuffer>;
  if (kept) {
    bytes = new Uint8Array(await kept.arrayBuffer());
  } else {
    try {
      const response = await source.fetch(address, { signal: source.signal });
      if (!response.ok) throw new Error(`The site answered ${response.status}.`);
      bytes = await readBody(response, file.bytes, onBytes);
    } catch (thrown) {
      source.signal.throwIfAborted();
      throw new PackError('pack_unreachable', `${file.name} could not be loaded.`, {
        cause: thrown,
      });
    }
  }
  onBytes(file.bytes);
  const digest = await source.digest(bytes);
  if (bytes.length !== file.bytes || (digest !== null && digest !== file.sha256)) {
    throw new PackError('pack_damaged', `${file.name} is not the file that the pack lists.`);
  }
  if (!kept) await keep(source.cache, address, new Response(bytes.slice()));
  return bytes;
}

async function readBody(
  response: Response,
  expected: number,
  onBytes: (loaded: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array(await response.arrayBuffer());
  const bytes = new Uint8Array(expected);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > expected) throw new Error('It is longer than it should be.');
    bytes.set(value, length);
    length += value.length;
    onBytes(length);
  }
  return length === expected ? bytes : bytes.slice(0, length);
}

/** What cannot be kept, as on a full disk, is loaded again the next time. */
async function keep(cache: PackCache | null, address: string, response: Response): Promise<void> {
  try {
    await cache?.put(address, response);
  } catch {
    // Said above.
  }
}
