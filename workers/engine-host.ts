import type { CellAnalysis } from '../src/notebook/analysis.ts';
import type { StoredFile, StoredNotebook } from '../src/orchestration/ports.ts';
import { messageOf } from '../src/errors.ts';
import {
  FIRST_REVISION,
  type EngineApi,
  type NotebookRecord,
  type NotebookSummary,
  type SaveOutcome,
  type Unsubscribe,
} from '../src/protocol/engine.ts';
import { excerptOf } from '../src/protocol/value-excerpt.ts';
import { MemoryStores } from '../src/storage/memory-stores.ts';
import type { OpenedStorage } from '../src/storage/open-storage.ts';
import type { Stores } from '../src/storage/stores.ts';
import type { NotebookEnginePorts } from './engine-ports.ts';
import type { NotebookEngine } from './notebook-engine.ts';

/** What the engine acts through. */
export interface EnginePorts extends Omit<NotebookEnginePorts, 'lead' | 'shippedAnalyses'> {
  readonly openStorage: (options: {
    readonly basePath: string;
    readonly ephemeral: boolean;
  }) => Promise<OpenedStorage>;
  /** Leads a notebook that other tabs may have open too. */
  readonly lead: (
    notebookId: string,
    options: {
      readonly basePath: string;
      readonly onLead: () => void;
      readonly signal: AbortSignal;
    },
  ) => Promise<void>;
  /** What to say if tabs cannot be told apart; null if they can. */
  readonly oneTabBanner: string | null;
  /** From now on, frames are asked for by this. */
  readonly setRequestFrame: (requestFrame: () => void) => void;
  /**
   * Called as a notebook is first worked with: what its runs need may be fetched meanwhile. Resolves to the analyses
   * of its cells, as far as there are any without a parser: those of the example as which it was made. Never rejects.
   */
  readonly fetchAhead: (example: string | null) => Promise<readonly CellAnalysis[]>;
  readonly connectFrame: (control: MessagePort) => void;
}

/** The engine of one tab: notebooks and their stores, and a `NotebookEngine` for each open one. */
export class EngineHost implements EngineApi {
  readonly #ports: EnginePorts;
  /** Notebooks of this tab alone, until they are kept. */
  readonly #transient: MemoryStores;
  readonly #transientIds = new Set<string>();
  readonly #open = new Map<string, NotebookEngine>();
  /** The examples as which notebooks were made since the page was opened, by their ids. */
  readonly #madeAs = new Map<string, string>();
  /** Notebooks that are not yet in their store. */
  readonly #creating = new Map<string, Promise<unknown>>();
  /** Transient notebooks on their way to the device. */
  readonly #moving = new Map<string, Promise<void>>();
  readonly #storage: Promise<OpenedStorage>;
  #basePath = '/';
  #opened: (options: { readonly basePath: string; readonly ephemeral: boolean }) => void = () => {};

  constructor(ports: EnginePorts) {
    this.#ports = ports;
    this.#transient = new MemoryStores(ports.realNow);
    this.#storage = new Promise((resolve, reject) => {
      this.#opened = (options) => ports.openStorage(options).then(resolve, reject);
    });
  }

  async start(
    { basePath, ephemeral }: Parameters<EngineApi['start']>[0],
    requestFrame: () => void,
  ): ReturnType<EngineApi['start']> {
    this.#basePath = basePath;
    this.#ports.setRequestFrame(requestFrame);
    this.#opened({ basePath, ephemeral });
    const { mode, banner } = await this.#storage;
    const tabs = mode === 'persistent' ? this.#ports.oneTabBanner : null;
    return { storage: mode, banner: banner ?? tabs };
  }

  async connectFrame(control: MessagePort): Promise<void> {
    this.#ports.connectFrame(control);
  }

  async watchNotebooks(
    listener: (notebooks: readonly NotebookSummary[]) => void,
  ): Promise<Unsubscribe> {
    const { notebooks } = await this.#storage;
    return following(
      (changed) => notebooks.subscribe(changed),
      async () => {
        const records = await notebooks.list();
        listener(
          records.map(({ notebookId, title, updatedAt, example }) => ({
            notebookId,
            title,
            updatedAt,
            example,
          })),
        );
      },
    );
  }

  async findNotebook(
    by: { readonly notebookId: string } | { readonly example: string },
  ): Promise<NotebookRecord | null> {
    if ('notebookId' in by) {
      const { notebooks } = await this.#storesOf(by.notebookId);
      const found = await notebooks.get(by.notebookId);
      return found && recordOf(found);
    }
    const { notebooks } = await this.#storage;
    const found = await notebooks.findByExample(by.example);
    return found && recordOf(found);
  }

  createNotebook(draft: Parameters<EngineApi['createNotebook']>[0]): Promise<NotebookRecord> {
    const { notebookId, example } = draft;
    if (example !== null) this.#madeAs.set(notebookId, example);
    const creating = this.#create(draft).finally(() => this.#creating.delete(notebookId));
    this.#creating.set(notebookId, creating);
    return creating;
  }

  async #create({
    notebookId,
    source,
    title,
    example,
    transient,
  }: Parameters<EngineApi['createNotebook']>[0]): Promise<NotebookRecord> {
    if (transient) this.#transientIds.add(notebookId);
    const kept = await this.#storage;
    // Two tabs may open one example at once: the second gets the first's copy.
    const existing =
      transient || example === null ? null : await kept.notebooks.findByExample(example);
    if (existing) return recordOf(existing);
    const now = this.#ports.realNow();
    const record: StoredNotebook = {
      notebookId,
      title,
      source,
      revision: FIRST_REVISION,
      example,
      createdAt: now,
      updatedAt: now,
      clockAt: null,
    };
    await (transient ? this.#transient : kept).notebooks.put(record);
    return recordOf(record);
  }

  async keepNotebook(notebookId: string): Promise<NotebookRecord> {
    const kept = await this.#storage;
    await this.#creating.get(notebookId);
    if (this.#transientIds.has(notebookId)) {
      const move = async () => {
        const { copyNotebook } = await import('../src/storage/copy-notebook.ts');
        await copyNotebook(this.#transient, kept, notebookId);
        this.#transientIds.delete(notebookId);
      };
      const engine = this.#open.get(notebookId);
      const moving = engine ? engine.moveTo(kept, move) : move();
      this.#moving.set(notebookId, moving);
      await moving.finally(() => this.#moving.delete(notebookId));
      await this.#transient.notebooks.delete(notebookId);
    }
    const record = await kept.notebooks.get(notebookId);
    if (!record) throw new Error(`There is no notebook "${notebookId}".`);
    return recordOf(record);
  }

  async saveNotebook(
    notebookId: string,
    source: string,
    title: string,
    baseRevision: number,
  ): Promise<SaveOutcome> {
    const { notebooks } = await this.#storesOf(notebookId);
    const at = this.#ports.realNow();
    try {
      const { saved, record } = await notebooks.save(notebookId, source, title, baseRevision, at);
      const status = saved ? 'saved' : 'conflict';
      return { status, record: recordOf(record), message: null };
    } catch (problem) {
      const message = messageOf(problem);
      return { status: 'failed', record: null, message };
    }
  }

  async watchNotebook(
    notebookId: string,
    listener: (record: NotebookRecord) => void,
  ): Promise<Unsubscribe> {
    const { notebooks } = await this.#storesOf(notebookId);
    let told = 0;
    return following(
      (changed) => notebooks.subscribe(changed),
      async () => {
        const record = await notebooks.get(notebookId);
        if (!record || record.revision === told) return;
        told = record.revision;
        listener(recordOf(record));
      },
    );
  }

  async deleteNotebook(notebookId: string): Promise<void> {
    const { notebooks } = await this.#storesOf(notebookId);
    this.#open.get(notebookId)?.dispose();
    this.#open.delete(notebookId);
    await notebooks.delete(notebookId);
    this.#transientIds.delete(notebookId);
  }

  async clearHistory(notebookId: string): Promise<void> {
    return (await this.#engineOf(notebookId)).clearHistory();
  }

  async evaluate(notebookId: string, ...rest: Rest<'evaluate'>): ReturnType<EngineApi['evaluate']> {
    return (await this.#engineOf(notebookId)).evaluate(...rest);
  }

  async watchState(notebookId: string, ...rest: Rest<'watchState'>): Promise<Unsubscribe> {
    return (await this.#engineOf(notebookId)).watchState(...rest);
  }

  async lookAt(notebookId: string, ...rest: Rest<'lookAt'>): Promise<void> {
    return (await this.#engineOf(notebookId)).lookAt(...rest);
  }

  async readInstants(notebookId: string): ReturnType<EngineApi['readInstants']> {
    return (await this.#engineOf(notebookId)).readInstants();
  }

  async setClock(notebookId: string, ...rest: Rest<'setClock'>): Promise<void> {
    return (await this.#engineOf(notebookId)).setClock(...rest);
  }

  async cancelBackfill(notebookId: string, ...rest: Rest<'cancelBackfill'>): Promise<void> {
    return (await this.#engineOf(notebookId)).cancelBackfill(...rest);
  }

  async pauseBackfill(notebookId: string, ...rest: Rest<'pauseBackfill'>): Promise<void> {
    return (await this.#engineOf(notebookId)).pauseBackfill(...rest);
  }

  async listBackfills(
    notebookId: string,
    ...rest: Rest<'listBackfills'>
  ): ReturnType<EngineApi['listBackfills']> {
    return (await this.#engineOf(notebookId)).listBackfills(...rest);
  }

  async findBackfill(
    notebookId: string,
    ...rest: Rest<'findBackfill'>
  ): ReturnType<EngineApi['findBackfill']> {
    return (await this.#engineOf(notebookId)).findBackfill(...rest);
  }

  async repeatBackfill(
    notebookId: string,
    ...rest: Rest<'repeatBackfill'>
  ): ReturnType<EngineApi['repeatBackfill']> {
    return (await this.#engineOf(notebookId)).repeatBackfill(...rest);
  }

  async reexecuteRun(
    notebookId: string,
    ...rest: Rest<'reexecuteRun'>
  ): ReturnType<EngineApi['reexecuteRun']> {
    return (await this.#engineOf(notebookId)).reexecuteRun(...rest);
  }

  async advanceClock(notebookId: string, ...rest: Rest<'advanceClock'>): Promise<void> {
    return (await this.#engineOf(notebookId)).advanceClock(...rest);
  }

  async playClock(notebookId: string, ...rest: Rest<'playClock'>): Promise<void> {
    return (await this.#engineOf(notebookId)).playClock(...rest);
  }

  async setInstigatorRunning(
    notebookId: string,
    ...rest: Rest<'setInstigatorRunning'>
  ): Promise<void> {
    return (await this.#engineOf(notebookId)).setInstigatorRunning(...rest);
  }

  async setCursor(notebookId: string, ...rest: Rest<'setCursor'>): Promise<void> {
    return (await this.#engineOf(notebookId)).setCursor(...rest);
  }

  async dryRunTick(
    notebookId: string,
    ...rest: Rest<'dryRunTick'>
  ): ReturnType<EngineApi['dryRunTick']> {
    return (await this.#engineOf(notebookId)).dryRunTick(...rest);
  }

  async launchPreview(
    notebookId: string,
    ...rest: Rest<'launchPreview'>
  ): ReturnType<EngineApi['launchPreview']> {
    return (await this.#engineOf(notebookId)).launchPreview(...rest);
  }

  async evaluateSensor(
    notebookId: string,
    ...rest: Rest<'evaluateSensor'>
  ): ReturnType<EngineApi['evaluateSensor']> {
    return (await this.#engineOf(notebookId)).evaluateSensor(...rest);
  }

  async listTicks(
    notebookId: string,
    ...rest: Rest<'listTicks'>
  ): ReturnType<EngineApi['listTicks']> {
    return (await this.#engineOf(notebookId)).listTicks(...rest);
  }

  async changeDynamicPartitions(
    notebookId: string,
    ...rest: Rest<'changeDynamicPartitions'>
  ): ReturnType<EngineApi['changeDynamicPartitions']> {
    return (await this.#engineOf(notebookId)).changeDynamicPartitions(...rest);
  }

  async wipePartitions(
    notebookId: string,
    ...rest: Rest<'wipePartitions'>
  ): ReturnType<EngineApi['wipePartitions']> {
    return (await this.#engineOf(notebookId)).wipePartitions(...rest);
  }

  async reportMaterialization(
    notebookId: string,
    ...rest: Rest<'reportMaterialization'>
  ): ReturnType<EngineApi['reportMaterialization']> {
    return (await this.#engineOf(notebookId)).reportMaterialization(...rest);
  }

  async deleteRun(
    notebookId: string,
    ...rest: Rest<'deleteRun'>
  ): ReturnType<EngineApi['deleteRun']> {
    return (await this.#engineOf(notebookId)).deleteRun(...rest);
  }

  async undoWipe(notebookId: string, ...rest: Rest<'undoWipe'>): Promise<void> {
    return (await this.#engineOf(notebookId)).undoWipe(...rest);
  }

  async plan(notebookId: string, ...rest: Rest<'plan'>): ReturnType<EngineApi['plan']> {
    return (await this.#engineOf(notebookId)).plan(...rest);
  }

  async launch(notebookId: string, ...rest: Rest<'launch'>): ReturnType<EngineApi['launch']> {
    return (await this.#engineOf(notebookId)).launch(...rest);
  }

  async readPartitionRunConfig(
    notebookId: string,
    ...rest: Rest<'readPartitionRunConfig'>
  ): ReturnType<EngineApi['readPartitionRunConfig']> {
    return (await this.#engineOf(notebookId)).readPartitionRunConfig(...rest);
  }

  async evaluateKeyRule(
    notebookId: string,
    ...rest: Rest<'evaluateKeyRule'>
  ): ReturnType<EngineApi['evaluateKeyRule']> {
    return (await this.#engineOf(notebookId)).evaluateKeyRule(...rest);
  }

  async stop(notebookId: string, ...rest: Rest<'stop'>): Promise<void> {
    return (await this.#engineOf(notebookId)).stop(...rest);
  }

  async setConcurrency(notebookId: string, ...rest: Rest<'setConcurrency'>): Promise<void> {
    return (await this.#engineOf(notebookId)).setConcurrency(...rest);
  }

  async listRuns(notebookId: string, ...rest: Rest<'listRuns'>): ReturnType<EngineApi['listRuns']> {
    return (await this.#engineOf(notebookId)).listRuns(...rest);
  }

  async findRun(notebookId: string, ...rest: Rest<'findRun'>): ReturnType<EngineApi['findRun']> {
    return (await this.#engineOf(notebookId)).findRun(...rest);
  }

  async listJobRuns(
    notebookId: string,
    ...rest: Rest<'listJobRuns'>
  ): ReturnType<EngineApi['listJobRuns']> {
    return (await this.#engineOf(notebookId)).listJobRuns(...rest);
  }

  async readJobHistory(
    notebookId: string,
    ...rest: Rest<'readJobHistory'>
  ): ReturnType<EngineApi['readJobHistory']> {
    return (await this.#engineOf(notebookId)).readJobHistory(...rest);
  }

  async watchRunEvents(notebookId: string, ...rest: Rest<'watchRunEvents'>): Promise<Unsubscribe> {
    return (await this.#engineOf(notebookId)).watchRunEvents(...rest);
  }

  async readValue(
    notebookId: string,
    ...rest: Rest<'readValue'>
  ): ReturnType<EngineApi['readValue']> {
    const { instances } = await this.#storesOf(notebookId);
    const stored = await instances.readValue(notebookId, ...rest);
    const now = this.#open.get(notebookId)?.lookingAt ?? Infinity;
    // What it replaced is not kept.
    if (stored && stored.at > now) return null;
    return stored && { ...stored, value: excerptOf(stored.value) };
  }

  async readReplacedValues(
    notebookId: string,
    ...rest: Rest<'readReplacedValues'>
  ): ReturnType<EngineApi['readReplacedValues']> {
    const { readReplacedValues } = await import('../src/orchestration/replaced-values.ts');
    const { instances } = await this.#storesOf(notebookId);
    const replaced = await readReplacedValues(notebookId, instances, ...rest);
    return replaced.map((value) => ({ ...value, value: excerptOf(value.value) }));
  }

  async listHistory(
    notebookId: string,
    ...rest: Rest<'listHistory'>
  ): ReturnType<EngineApi['listHistory']> {
    return (await this.#engineOf(notebookId)).listHistory(...rest);
  }

  async markFine(notebookId: string, ...rest: Rest<'markFine'>): Promise<void> {
    return (await this.#engineOf(notebookId)).markFine(...rest);
  }

  async explainStaleness(
    notebookId: string,
    ...rest: Rest<'explainStaleness'>
  ): ReturnType<EngineApi['explainStaleness']> {
    return (await this.#engineOf(notebookId)).explainStaleness(...rest);
  }

  async readKeyEvents(
    notebookId: string,
    ...rest: Rest<'readKeyEvents'>
  ): ReturnType<EngineApi['readKeyEvents']> {
    return (await this.#engineOf(notebookId)).readKeyEvents(...rest);
  }

  async readKeyRows(
    notebookId: string,
    ...rest: Rest<'readKeyRows'>
  ): ReturnType<EngineApi['readKeyRows']> {
    return (await this.#engineOf(notebookId)).readKeyRows(...rest);
  }

  async readKeyLinks(
    notebookId: string,
    ...rest: Rest<'readKeyLinks'>
  ): ReturnType<EngineApi['readKeyLinks']> {
    return (await this.#engineOf(notebookId)).readKeyLinks(...rest);
  }

  async readMetadataNumbers(
    notebookId: string,
    ...rest: Rest<'readMetadataNumbers'>
  ): ReturnType<EngineApi['readMetadataNumbers']> {
    return (await this.#engineOf(notebookId)).readMetadataNumbers(...rest);
  }

  async surveyMapping(
    notebookId: string,
    ...rest: Rest<'surveyMapping'>
  ): ReturnType<EngineApi['surveyMapping']> {
    return (await this.#engineOf(notebookId)).surveyMapping(...rest);
  }

  async readMaterializationTimes(
    notebookId: string,
    ...rest: Rest<'readMaterializationTimes'>
  ): ReturnType<EngineApi['readMaterializationTimes']> {
    return (await this.#engineOf(notebookId)).readMaterializationTimes(...rest);
  }

  async readWholeLog(
    notebookId: string,
    ...rest: Rest<'readWholeLog'>
  ): ReturnType<EngineApi['readWholeLog']> {
    return (await this.#engineOf(notebookId)).readWholeLog(...rest);
  }

  async watchFiles(
    notebookId: string,
    listener: (files: readonly StoredFile[]) => void,
  ): Promise<Unsubscribe> {
    const { files } = await this.#storesOf(notebookId);
    return following(
      (changed) => files.subscribe(notebookId, changed),
      async () => listener(await files.list(notebookId)),
    );
  }

  async readFile(notebookId: string, path: string): Promise<Uint8Array | null> {
    return (await this.#storesOf(notebookId)).files.read(notebookId, path);
  }

  async writeFile(
    notebookId: string,
    path: string,
    bytes: Uint8Array,
    shipped: boolean,
  ): Promise<void> {
    const { files } = await this.#storesOf(notebookId);
    await files.write(notebookId, path, bytes, shipped, this.#ports.realNow());
  }

  async removeFile(notebookId: string, path: string): Promise<void> {
    await (await this.#storesOf(notebookId)).files.remove(notebookId, path);
  }

  async runTests(notebookId: string, ...rest: Rest<'runTests'>): ReturnType<EngineApi['runTests']> {
    return (await this.#engineOf(notebookId)).runTests(...rest);
  }

  async checkGoals(notebookId: string): ReturnType<EngineApi['checkGoals']> {
    return (await this.#engineOf(notebookId)).checkGoals();
  }

  async #storesOf(notebookId: string): Promise<Stores> {
    // Whoever created it hears why it failed.
    await this.#creating.get(notebookId)?.catch(() => null);
    return this.#transientIds.has(notebookId) ? this.#transient : this.#storage;
  }

  /** @throws {Error} if there is no such notebook. */
  async #engineOf(notebookId: string): Promise<NotebookEngine> {
    const known = this.#open.get(notebookId);
    if (known) return known;
    // Text can be found, read and saved before this has come: it brings the daemon.
    const shippedAnalyses = this.#ports.fetchAhead(this.#madeAs.get(notebookId) ?? null);
    const { NotebookEngine } = await import('./notebook-engine.ts');
    const stores = await this.#storesOf(notebookId);
    const record = await stores.notebooks.get(notebookId);
    // It may have been opened meanwhile, or be on its way to the device.
    const opened = this.#open.get(notebookId);
    if (opened) return opened;
    const moving = this.#moving.get(notebookId);
    if (moving || this.#transientIds.has(notebookId) !== (stores === this.#transient)) {
      await moving;
      return this.#engineOf(notebookId);
    }
    if (!record) throw new Error(`There is no notebook "${notebookId}".`);
    const engine = new NotebookEngine(notebookId, stores, {
      ...this.#ports,
      shippedAnalyses,
      lead: (id, options) => this.#lead(id, options),
    });
    this.#open.set(notebookId, engine);
    return engine;
  }

  /** What no other tab can open needs no election. */
  async #lead(
    notebookId: string,
    { onLead, signal }: { readonly onLead: () => void; readonly signal: AbortSignal },
  ): Promise<void> {
    const { mode } = await this.#storage;
    if (mode === 'memory' || this.#transientIds.has(notebookId)) {
      if (!signal.aborted) onLead();
      return;
    }
    await this.#ports.lead(notebookId, { basePath: this.#basePath, onLead, signal });
  }
}

/** What a method takes after the notebook's id. */
type Rest<Name extends keyof EngineApi> =
  Parameters<EngineApi[Name]> extends [string, ...infer After] ? After : never;

/** Tells at once, and after every change; in order, and not once more after the end. */
async function following(
  subscribe: (changed: () => void) => () => void,
  tell: () => Promise<void>,
): Promise<Unsubscribe> {
  let isOver = false;
  let telling: Promise<void> | null = null;
  let isStale = false;
  const tellUntilFresh = async () => {
    do {
      isStale = false;
      await tell();
    } while (isStale && !isOver);
    telling = null;
  };
  const changed = () => {
    isStale = true;
    if (!isOver) telling ??= tellUntilFresh();
  };
  const unsubscribe = subscribe(changed);
  changed();
  await telling;
  return () => {
    isOver = true;
    unsubscribe();
  };
}

function recordOf({
  notebookId,
  title,
  source,
  revision,
  example,
  updatedAt,
}: StoredNotebook): NotebookRecord {
  return { notebookId, title, source, revision, example, updatedAt };
}
