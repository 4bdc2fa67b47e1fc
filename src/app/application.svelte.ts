import * as Comlink from 'comlink';
import { NotebookFileError, NotebookUnavailableError } from '../errors.ts';
import { parseNotebook } from '../notebook/file-format.ts';
import type { CellId } from '../notebook/notebook.ts';
import { notebookSettings } from '../notebook/settings.ts';
import type { EngineApi, NotebookRecord, NotebookSummary } from '../protocol/engine.ts';
import { workbenchViews, type Address, type Target } from './address.ts';
import { connectEngine } from './engine-connection.ts';
import { NotebookSession } from './notebook-session.svelte.ts';
import { sourceHosts } from './source-hosts.ts';

/** A notebook that the site ships. */
export interface Example {
  readonly name: string;
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

/** A notebook to open; of a link also where its clock and its reader stood. */
interface Found {
  readonly record: NotebookRecord;
  readonly transient: boolean;
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

  readonly #site: URL;
  readonly #engine: Promise<Comlink.Remote<EngineApi>>;
  #opening = 0;

  /** @param site the address of the page without query and fragment. */
  constructor(page: Document, site: URL, options: { readonly ephemeral: boolean }) {
    this.#site = site;
    const basePath = site.pathname.replace(/[^/]*$/, '');
    this.#engine = connectEngine(page, basePath, options.ephemeral, (thrown) => {
      this.banner = `Nothing can run: ${wordsOf(thrown)} A reload may help.`;
    }).then(({ engine, banner }) => {
      this.banner ??= banner;
      return engine;
    });
    this.#engine.catch((thrown: unknown) => {
      this.banner = `The engine did not start: ${wordsOf(thrown)}`;
    });
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
      void this.#listNotebooks();
      await closing;
      return;
    }
    this.screen = { kind: 'opening' };
    try {
      await closing;
      const { record, transient, at, view } = await this.#find(address.target);
      if (opening !== this.#opening) return;
      const session = new NotebookSession(await this.#engine, record, {
        transient,
        evaluates: !address.safe,
        clockAt: at ?? null,
        fetchShipped: (path) => this.#fetchBytes(`examples/${path}`),
      });
      session.view = address.view ?? workbenchViews.find((known) => known === view) ?? session.view;
      session.openRunId = address.runId;
      this.screen = { kind: 'notebook', session };
    } catch (thrown) {
      if (opening !== this.#opening) return;
      this.screen = { kind: 'problem', title: titleOf(address.target), message: wordsOf(thrown) };
    }
  }

  /** Keeps the notebook that a file holds and answers its id. @throws {NotebookFileError} if it is none. */
  async importFile(name: string, bytes: ArrayBuffer): Promise<string> {
    const source = textOf(bytes);
    const engine = await this.#engine;
    const title = titleIn(source) ?? name.replace(/\.[^.]*$/, '');
    const record = await engine.createNotebook({ source, title, example: null, transient: false });
    return record.notebookId;
  }

  /** Restores a shipped notebook: text and history start over. */
  async startOver(session: NotebookSession): Promise<void> {
    if (!session.example) return;
    const engine = await this.#engine;
    await session.close();
    await engine.deleteNotebook(session.notebookId);
  }

  async deleteNotebook(notebookId: string): Promise<void> {
    await (await this.#engine).deleteNotebook(notebookId);
  }

  /** The whole address that opens the notebook as it stands. */
  async linkTo(session: NotebookSession): Promise<string> {
    const { encodeLink } = await import('../notebook/link.ts');
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
        const shipped = this.#fetchText(`examples/${target.name}.md`);
        // Handled below, when it is needed; a copy on the device needs no network.
        shipped.catch(() => null);
        const engine = await this.#engine;
        const kept = await engine.findNotebook({ example: target.name });
        if (kept) return { record: kept, transient: false };
        const source = await shipped;
        const record = await engine.createNotebook({
          source,
          title: titleIn(source) ?? target.name,
          example: target.name,
          transient: false,
        });
        return { record, transient: false };
      }
      case 'notebook': {
        const record = await (await this.#engine).findNotebook({ notebookId: target.notebookId });
        if (!record)
          throw new NotebookUnavailableError(
            'This notebook is not on this device. It may have been deleted.',
          );
        return { record, transient: false };
      }
      case 'new':
        return this.#create(NEW_NOTEBOOK, false);
      case 'link': {
        const { decodeLink } = await import('../notebook/link.ts');
        const decoded = decodeLink(target.payload);
        if (decoded.status !== 'ok') throw new NotebookUnavailableError(decoded.message);
        const { source, at, view } = decoded.payload;
        return { ...(await this.#create(source, true)), at, view };
      }
      case 'source':
        throw new NotebookUnavailableError(
          `Notebooks can be opened from these hosts only: ${sourceHosts.join(', ') || 'none yet'}.`,
        );
    }
  }

  async #create(source: string, transient: boolean) {
    const engine = await this.#engine;
    const title = titleIn(source) ?? 'Untitled';
    const record = await engine.createNotebook({ source, title, example: null, transient });
    return { record, transient };
  }

  #listing = false;

  async #listNotebooks(): Promise<void> {
    if (this.#listing) return;
    this.#listing = true;
    const examples = this.#fetchText('examples/index.json').then(
      (text) => (this.examples = JSON.parse(text) as Example[]),
    );
    const listening = this.#engine.then((engine) =>
      engine.watchNotebooks(
        Comlink.proxy((notebooks: readonly NotebookSummary[]) => (this.notebooks = notebooks)),
      ),
    );
    await Promise.all([examples, listening]).catch((thrown: unknown) => {
      this.#listing = false;
      this.banner = `The lists of notebooks could not be read: ${wordsOf(thrown)}`;
    });
  }

  async #fetchText(path: string): Promise<string> {
    return (await this.#fetch(path)).text();
  }

  async #fetchBytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#fetch(path)).arrayBuffer());
  }

  async #fetch(path: string): Promise<Response> {
    const response = await fetch(new URL(path, this.#site));
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
  return notebookSettings(notebook.header).title;
}

function titleOf(target: Target): string {
  if (target.kind === 'link') return 'This link does not open';
  if (target.kind === 'example') return `There is no example "${target.name}"`;
  return 'This notebook does not open';
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
