import * as Comlink from 'comlink';
import type { Compared } from '../comparison/compare-answers.ts';
import type { Comparison, ComparisonPlan } from '../comparison/comparison.ts';
import { answerProgram, setUpProgram } from '../comparison/dagster-program.ts';
import type { AskedNotebook } from '../comparison/question.ts';
import { messageOf } from '../errors.ts';
import type { LoadingStep } from '../real-dagster/messages.ts';
import {
  loadPack,
  PackError,
  readManifest,
  type PackManifest,
  type PackSource,
} from '../real-dagster/pack.ts';
import { startRealDagster, type RealDagster } from '../real-dagster/real-dagster.ts';

/** How far a comparison has come. */
export type ComparisonPhase =
  /** It is looked up whether the site has the pack. */
  | { readonly kind: 'looking' }
  /** It can be asked: `bytes` are loaded, unless they are kept already. */
  | { readonly kind: 'ready'; readonly bytes: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly kind: 'starting'; readonly step: LoadingStep }
  | { readonly kind: 'asking'; readonly done: number; readonly total: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };

/** The engine's side of a comparison, in its worker. */
interface ComparisonApi {
  begin(notebook: AskedNotebook): ComparisonPlan;
  batch: Comparison['batch'];
  compare: Comparison['compare'];
}

/** So many questions go to Dagster at once: few enough that the count moves. */
const BATCH = 12;

/** Asks real Dagster what the notebook shows, and compares. Dagster stays until `close`. */
export class DagsterComparison {
  phase = $state.raw<ComparisonPhase>({ kind: 'looking' });
  /** In the order of the questions. */
  compared = $state.raw<readonly Compared[]>([]);
  /** What is compared; null before it was asked for. */
  plan = $state.raw<ComparisonPlan | null>(null);
  /** Of the pack; null before it is known. */
  version = $state.raw<string | null>(null);
  readonly #page: Document;
  readonly #ended = new AbortController();
  readonly #worker: Worker;
  readonly #engine: Comlink.Remote<ComparisonApi>;
  #manifest: PackManifest | null = null;
  #dagster: RealDagster | null = null;

  constructor(page: Document) {
    this.#page = page;
    this.#worker = new Worker(new URL('../../workers/comparison.ts', import.meta.url), {
      type: 'module',
      name: 'partita-comparison',
    });
    this.#engine = Comlink.wrap<ComparisonApi>(this.#worker);
  }

  /** Looks up whether the site has Dagster. */
  async look(): Promise<void> {
    await this.#guarded(async () => {
      const manifest = await readManifest(await this.#source());
      this.#manifest = manifest;
      this.version = manifest.versions.dagster;
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
      this.phase = { kind: 'ready', bytes };
    });
  }

  /** Asks everything about a notebook; what was answered before is forgotten. */
  async ask(read: () => Promise<AskedNotebook>): Promise<void> {
    await this.#guarded(async () => {
      this.compared = [];
      this.plan = null;
      const { signal } = this.#ended;
      const begun = read().then((notebook) => this.#engine.begin(notebook));
      const [plan, dagster] = await Promise.all([begun, this.#start()]);
      signal.throwIfAborted();
      this.plan = plan;
      const { length: total } = plan.questions.questions;
      this.phase = { kind: 'asking', done: 0, total };
      await dagster.run(setUpProgram, plan.setUp);
      for (let done = 0; done < total; done += BATCH) {
        const batch = await this.#engine.batch(done, done + BATCH);
        const replies = await dagster.run(answerProgram, batch);
        const compared = await this.#engine.compare(done, replies);
        signal.throwIfAborted();
        this.compared = [...this.compared, ...compared];
        this.phase = { kind: 'asking', done: this.compared.length, total };
      }
      this.phase = { kind: 'done' };
    });
  }

  /** Ends both engines, and frees what they hold. */
  close(): void {
    this.#ended.abort();
    this.#dagster?.dispose();
    this.#engine[Comlink.releaseProxy]();
    this.#worker.terminate();
  }

  async #start(): Promise<RealDagster> {
    if (this.#dagster) return this.#dagster;
    if (!this.#manifest) throw new PackError('pack_absent', 'The pack is not known.');
    const pack = await loadPack(await this.#source(), this.#manifest, (loaded, total) => {
      this.phase = { kind: 'loading', loaded, total };
    });
    const dagster = await startRealDagster(
      this.#page,
      pack,
      (step) => {
        this.phase = { kind: 'starting', step };
      },
      this.#ended.signal,
    );
    this.#dagster = dagster;
    return dagster;
  }

  async #source(): Promise<PackSource> {
    return {
      address: new URL('dagster/', this.#page.baseURI).href,
      fetch: (address, options) => fetch(address, options),
      cache: await openCache(),
      digest: digestOf,
      signal: this.#ended.signal,
    };
  }

  /** Whatever fails is told; what was ended says nothing. */
  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      if (this.#ended.signal.aborted) return;
      this.#dagster?.dispose();
      this.#dagster = null;
      this.phase =
        thrown instanceof PackError && thrown.code === 'pack_absent'
          ? { kind: 'absent' }
          : { kind: 'failed', message: messageOf(thrown) };
    }
  }
}

/** Null where the browser keeps nothing, as without https. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open('partita-dagster');
  } catch {
    return null;
  }
}

/** In hexadecimal. Without https the browser has no digest; then the length of the file has to do. */
async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  if (!isSecureContext) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
