import * as Comlink from 'comlink';
import { NotebookFileError, NotebookUnavailableError, messageOf } from '../errors.ts';
import { parseNotebook } from '../notebook/file-format.ts';
import type { CellId } from '../notebook/notebook.ts';
import { notebookTitle } from '../notebook/settings.ts';
import {
  FIRST_REVISION,
  type EngineApi,
  type NotebookRecord,
  type NotebookSummary,
  type StorageMode,
} from '../protocol/engine.ts';
import { workbenchViews, type Address, type Target } from './address.ts';
import { connectEngine } from './engine-connection.ts';
import { exampleAddress, takeAhead } from './example-ahead.ts';
import { newNotebookId } from './new-notebook-id.ts';
import { NotebookSession } from './notebook-session.svelte.ts';
import { sourceHosts } from './source-hosts.ts';

/** A notebook that the site ships. */
export interface Example {
  readonly name: string;
  /** Under which heading of the first page it stands. */
  readonly group: 'course' | 'start' | 'partitions' | 'jobs' | 'calendar';
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
}

/** What the screen shows. */
export type Screen =
  | { readonly kind: 'start' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'notebook'; readonly session: NotebookSession }
  /** Something could not be opened: why, in words. */
  | { readonly kind: 'problem'; readonly title: string; readonly message: string };

/** Which shipped notebooks this browser has a copy of, as far as can be told without asking the engine. */
export interface OpenedExamples {
  /** True if that cannot be told. */
  has(name: string): boolean;
  add(name: string): void;
}

/** A notebook to open; of a link also where its clock and its reader stood. */
interface Found {
  readonly record: NotebookRecord;
  readonly transient: boolean;
  /** Of a notebook that is only being created: what it is once it is; its id may be another. */
  readonly creating?: Promise<NotebookRecord>;
  readonly at?: number | null;
  readonly view?: string | null;
}

const NEW_NOTEBOOK = `<!-- partita 1
title: Untitled
-->

# Untitled

\`\`\`ts
const letters = dg.StaticPartitionsDefinition(['a', 'b', 'c']);

const greeting = dg.asset({ partitionsDef: letters }, (context) => {
  context.log.info(\`Greeting \${context.partitionKey}\`);
  return \`Hello, \${context.partitionKey}\`;
});
\`\`\`
`;

/**
 * The app as a whole: its engine, the lists of notebooks, and what is open. One per tab; the shell
 * tells it where the address points and follows `screen`.
 */
export class Application {
  screen: Screen = $state.raw({ kind: 'opening' });
  notebooks: readonly NotebookSummary[] = $state.raw([]);
  examples: readonly Example[] = $state.raw([]);
  /** What the reader should know about storage or tabs; null if nothing. */
  banner: string | null = $state(null);
  /** Where notebooks are kept; null while that is not known. */
  storage: StorageMode | null = $state(null);

  readonly #site: URL;
  readonly #engine: Comlink.Remote<EngineApi>;
  readonly #openedExamples: OpenedExamples;
  #opening = 0;

  /** @param site the address of the page without query and fragment. */
  constructor(
    page: Document,
    site: URL,
    options: { readonly ephemeral: boolean; readonly openedExamples: OpenedExamples },
  ) {
    this.#site = site;
    this.#openedExamples = options.openedExamples;
    const basePath = site.pathname.replace(/[^/]*$/, '');
    const { engine, started } = connectEngine(page, basePath, options.ephemeral, (thrown) => {
      this.banner = `Nothing can run: ${messageOf(thrown)} A reload may help.`;
    });
    this.#engine = engine;
    started.then(
      ({ storage, banner }) => {
        this.storage = storage;
        this.banner ??= banner;
      },
      (thrown: unknown) => (this.banner = `The engine did not start: ${messageOf(thrown)}`),
    );
  }

  /** The session that is open; null on other screens. */
  get session(): NotebookSession | null {
    return this.screen.kind === 'notebook' ? this.screen.session : null;
  }

  /** Shows what the address says. What was open is saved first. */
  async open(address: Address): Promise<void> {
    this.#opening += 1;
    const opening = this.#opening;
    const closing = this.session?.close();
    if (address.target.kind === 'start') {
      this.screen = { kind: 'start' };
      void this.listNotebooks();
      await closing;
      return;
    }
    this.screen = { kind: 'opening' };
    try {
      await closing;
      const found = await this.#find(address.target);
      if (opening !== this.#opening) return;
      this.#show(found, address);
      const created = await found.creating;
      if (opening !== this.#opening || !created) return;
      // Another tab, or an earlier visit, has its copy already.
      if (created.notebookId !== found.record.notebookId) {
        void this.session?.close();
        this.#show({ ...found, record: created }, address);
      }
    } catch (thrown) {
      if (opening !== this.#opening) return;
      this.screen = { kind: 'problem', title: titleOf(address.target), message: messageOf(thrown) };
    }
  }

  #show({ record, transient, at, view }: Found, address: Address): void {
    const session = new NotebookSession(this.#engine, record, {
      transient,
      evaluates: !address.safe,
      clockAt: at ?? null,
      fetchShipped: (path) => this.#fetchBytes(`examples/${path}`),
    });
    const own = session.worlds.length > 0 ? 'twin' : session.view;
    session.view = address.view ?? workbenchViews.find((known) => known === view) ?? own;
    session.showsNotebook = address.view === null && session.view !== 'twin';
    session.openRunId = address.runId;
    session.openBackfillId = address.backfillId;
    session.openJobName = address.jobName;
    if (address.launchpad !== null) session.openLaunchpad(address.launchpad);
    session.convertShown = address.convert;
    session.focus = address.focus;
    session.partitionsShown = address.partitions;
    session.runsShown = address.runs;
    session.mappingsShown = address.mappings;
    session.graphShown = address.graph;
    session.twinShown = address.twin;
    this.screen = { kind: 'notebook', session };
  }

  /** Keeps the notebook that a file holds and answers its id. @throws {NotebookFileError} if it is none. */
  async importFile(name: string, bytes: ArrayBuffer): Promise<string> {
    const source = textOf(bytes);
    const title = titleIn(source) ?? name.replace(/\.[^.]*$/, '');
    const { creating } = this.#create({ source, title, example: null, transient: false });
    return (await creating).notebookId;
  }

  /** Restores a shipped notebook: text and history start over. */
  async startOver(session: NotebookSession): Promise<void> {
    if (!session.example) return;
    await session.close();
    await this.#engine.deleteNotebook(session.notebookId);
  }

  async deleteNotebook(notebookId: string): Promise<void> {
    await this.#engine.deleteNotebook(notebookId);
  }

  /** The whole address that opens the notebook as it stands. */
  async linkTo(session: NotebookSession): Promise<string> {
    const { encodeLink } = await import('../notebook/encode-link.ts');
    const payload = encodeLink({
      source: session.exportSource(),
      at: session.virtualClock ? session.now : null,
      view: session.view,
    });
    return `${this.#site.href.replace(/[?#].*$/, '')}#p=${payload}`;
  }

  async #find(target: Exclude<Target, { kind: 'start' }>): Promise<Found> {
    switch (target.kind) {
      case 'example': {
        const { name } = target;
        const shipped = this.#fetchText(exampleAddress(name));
        if (this.#openedExamples.has(name)) {
          // Handled below, when it is needed; a copy on the device needs no network.
          shipped.catch(() => null);
          const kept = await this.#engine.findNotebook({ example: name });
          if (kept) return { record: kept, transient: false };
        }
        const source = await shipped;
        const title = titleIn(source) ?? name;
        const found = this.#create({ source, title, example: name, transient: false });
        found.creating.then(
          () => this.#openedExamples.add(name),
          () => null,
        );
        return found;
      }
      case 'notebook': {
        const record = await this.#engine.findNotebook({ notebookId: target.notebookId });
        if (!record)
          throw new NotebookUnavailableError(
            'This notebook is not on this device. It may have been deleted.',
          );
        return { record, transient: false };
      }
      case 'new':
        return this.#create({
          source: NEW_NOTEBOOK,
          title: 'Untitled',
          example: null,
          transient: false,
        });
      case 'link': {
        const { decodeLink } = await import('./decode-link.ts');
        const decoded = await decodeLink(target.payload);
        if (decoded.status !== 'ok') throw new NotebookUnavailableError(decoded.message);
        const { source, at, view } = decoded.payload;
        const title = titleIn(source) ?? 'Untitled';
        return { ...this.#create({ source, title, example: null, transient: true }), at, view };
      }
      case 'source':
        throw new NotebookUnavailableError(
          `Notebooks can be opened from these hosts only: ${sourceHosts.join(', ') || 'none yet'}.`,
        );
    }
  }

  /** A notebook that can be read at once, while the engine keeps it. */
  #create(draft: {
    readonly source: string;
    readonly title: string;
    readonly example: string | null;
    readonly transient: boolean;
  }) {
    const notebookId = newNotebookId();
    const creating = this.#engine.createNotebook({ ...draft, notebookId });
    // Whoever opens it waits for it too.
    creating.catch(() => null);
    const { source, title, example, transient } = draft;
    const record: NotebookRecord = {
      notebookId,
      title,
      source,
      revision: FIRST_REVISION,
      updatedAt: 0,
      example,
    };
    return { record, transient, creating };
  }

  #listing = false;

  /** Has `examples` and `notebooks` filled, and kept so. */
  async listNotebooks(): Promise<void> {
    if (this.#listing) return;
    this.#listing = true;
    const examples = this.#fetchText('examples/index.json').then(
      (text) => (this.examples = JSON.parse(text) as Example[]),
    );
    const listening = this.#engine.watchNotebooks(
      Comlink.proxy((notebooks: readonly NotebookSummary[]) => (this.notebooks = notebooks)),
    );
    await Promise.all([examples, listening]).catch((thrown: unknown) => {
      this.#listing = false;
      this.banner = `The lists of notebooks could not be read: ${messageOf(thrown)}`;
    });
  }

  async #fetchText(path: string): Promise<string> {
    return (await this.#fetch(path)).text();
  }

  async #fetchBytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#fetch(path)).arrayBuffer());
  }

  async #fetch(path: string): Promise<Response> {
    const response = await (takeAhead(path) ?? fetch(new URL(path, this.#site)));
    // Some hosts answer an unknown path with their start page.
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
    if (!response.ok || isPage) throw new NotebookUnavailableError(`There is no ${path}.`);
    return response;
  }
}

/** The text of a file, with its byte order mark: what is saved again shall be the same. @throws {NotebookFileError} */
function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotebookFileError(
      'not_text',
      'This file is not text in UTF-8, so it is no notebook. If it is text, save it as UTF-8 first.',
    );
  }
}

/** The title that a file gives itself. @throws {NotebookFileError} if it is no notebook. */
function titleIn(source: string): string | null {
  let count = 0;
  const notebook = parseNotebook(source, () => `c${(count += 1)}` as CellId);
  return notebookTitle(notebook.header);
}

function titleOf(target: Target): string {
  if (target.kind === 'link') return 'This link does not open';
  if (target.kind === 'example') return `There is no example "${target.name}"`;
  return 'This notebook does not open';
}
