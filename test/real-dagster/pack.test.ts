import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  loadPack,
  readManifest,
  type PackCache,
  type PackManifest,
  type PackSource,
} from '../../src/real-dagster/pack.ts';

const ADDRESS = 'https://partita.test/dagster/';
const FILES = {
  'pyodide.js': 'self.loadPyodide = 1;',
  'pyodide.wasm': 'wasm',
  'python.zip': 'the standard library',
  'site.zip': 'dagster and what it needs',
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const manifest: PackManifest = {
  format: 1,
  versions: { dagster: '1.13.27', pyodide: '314.0.7' },
  files: Object.entries(FILES).map(([name, text]) => ({
    name,
    bytes: text.length,
    sha256: sha256(text),
  })),
};

class MemoryCache implements PackCache {
  readonly kept = new Map<string, string>();

  match(address: string): Promise<Response | undefined> {
    const text = this.kept.get(address);
    return Promise.resolve(text === undefined ? undefined : new Response(text));
  }

  async put(address: string, response: Response): Promise<void> {
    this.kept.set(address, await response.text());
  }
}

/** A site that has these files, and what it was asked for. */
function siteWith(files: Readonly<Record<string, string>>, cache: PackCache | null = null) {
  const asked: string[] = [];
  const source: PackSource = {
    address: ADDRESS,
    fetch: (address) => {
      const name = address.slice(ADDRESS.length).replace(/\?.*/, '');
      asked.push(name);
      const text = files[name];
      return Promise.resolve(
        text === undefined ? new Response('Not found', { status: 404 }) : new Response(text),
      );
    },
    cache,
    digest: (bytes) => Promise.resolve(createHash('sha256').update(bytes).digest('hex')),
    signal: new AbortController().signal,
  };
  return { source, asked };
}

const wholeSite = { ...FILES, 'manifest.json': JSON.stringify(manifest) };
const unreachable = (cache: PackCache | null): PackSource => ({
  ...siteWith({}, cache).source,
  fetch: () => Promise.reject(new TypeError('Failed to fetch')),
});
const load = async (source: PackSource) => {
  const progress: (readonly [number, number])[] = [];
  const pack = await loadPack(source, manifest, (...bytes) => progress.push(bytes));
  return { pack, progress };
};

describe('the pack', () => {
  it('[RD-1] is absent from a site that has none, or that answers with its first page', async () => {
    const absent = { code: 'pack_absent' };
    await expect(readManifest(siteWith({}).source)).rejects.toMatchObject(absent);
    const page = siteWith({ 'manifest.json': '<!doctype html>' });
    await expect(readManifest(page.source)).rejects.toMatchObject(absent);
    const other = siteWith({ 'manifest.json': '{"format":2}' });
    await expect(readManifest(other.source)).rejects.toMatchObject(absent);
  });

  it('[RD-1] cannot be told of where nothing answers and nothing is kept', async () => {
    await expect(readManifest(unreachable(null))).rejects.toMatchObject({
      code: 'pack_unreachable',
    });
  });

  it('[RD-2] is loaded whole, with progress up to the last byte', async () => {
    const { pack, progress } = await load(siteWith(wholeSite).source);
    expect(pack).toMatchObject({ version: '1.13.27', pyodide: FILES['pyodide.js'] });
    expect(new TextDecoder().decode(pack.site)).toBe(FILES['site.zip']);
    const total = Object.values(FILES).join('').length;
    expect(progress.at(-1)).toEqual([total, total]);
  });

  it('[RD-2] is loaded once, and afterwards without the site', async () => {
    const cache = new MemoryCache();
    const { source, asked } = siteWith(wholeSite, cache);
    await load({ ...source });
    await readManifest(source);
    expect(asked).toHaveLength(5);
    const offline = unreachable(cache);
    expect(await readManifest(offline)).toEqual(manifest);
    expect((await load(offline)).pack.version).toBe('1.13.27');
  });

  it('[RD-2] is loaded although nothing can be kept', async () => {
    const full: PackCache = {
      match: () => Promise.resolve(undefined),
      put: () => Promise.reject(new DOMException('The disk is full.', 'QuotaExceededError')),
    };
    expect((await load(siteWith(wholeSite, full).source)).pack.version).toBe('1.13.27');
  });

  it('[RD-3] is refused if a file is another, shorter, longer or missing', async () => {
    const damaged = (text: string) => load(siteWith({ ...wholeSite, 'site.zip': text }).source);
    await expect(damaged('dagster and what it NEEDS')).rejects.toMatchObject({
      code: 'pack_damaged',
    });
    await expect(damaged('dagster')).rejects.toMatchObject({ code: 'pack_damaged' });
    await expect(damaged(`${FILES['site.zip']}!`)).rejects.toMatchObject({
      code: 'pack_unreachable',
    });
    const { 'manifest.json': listed } = wholeSite;
    await expect(load(siteWith({ 'manifest.json': listed }).source)).rejects.toMatchObject({
      code: 'pack_unreachable',
    });
  });
});
