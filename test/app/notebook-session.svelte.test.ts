import type * as Comlink from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NotebookSession } from '../../src/app/notebook-session.svelte.ts';
import type { CellId } from '../../src/notebook/notebook.ts';
import type {
  CodeLocation,
  EngineApi,
  NotebookRecord,
  NotebookState,
  SaveOutcome,
  TestResult,
} from '../../src/protocol/engine.ts';

const source = `<!-- partita 1
title: Letters
now: 2026-03-10T09:00:00Z
files: letters.csv
-->

# Letters

\`\`\`ts
const one = 1;
\`\`\`

\`\`\`ts
const two = 2;
\`\`\`
`;

const opened: NotebookRecord = {
  notebookId: 'n1',
  title: 'Letters',
  updatedAt: 0,
  example: null,
  source,
  revision: 3,
};

/** An engine that remembers what it was asked, and answers as told. */
class FakeEngine {
  readonly evaluated: string[][] = [];
  readonly saved: { source: string; baseRevision: number }[] = [];
  readonly written: string[] = [];
  saveOutcome: ((source: string, base: number) => SaveOutcome) | null = null;
  pushState: (state: NotebookState) => void = () => undefined;
  pushRecord: (record: NotebookRecord) => void = () => undefined;

  async watchState(_id: string, listener: (state: NotebookState) => void) {
    this.pushState = listener;
    return () => undefined;
  }

  async watchFiles() {
    return () => undefined;
  }

  async watchNotebook(_id: string, listener: (record: NotebookRecord) => void) {
    this.pushRecord = listener;
    return () => undefined;
  }

  async evaluate(_id: string, cells: readonly { text: string }[]) {
    this.evaluated.push(cells.map((cell) => cell.text));
    return {} as CodeLocation;
  }

  async saveNotebook(_id: string, text: string, _title: string, baseRevision: number) {
    this.saved.push({ source: text, baseRevision });
    return (
      this.saveOutcome?.(text, baseRevision) ?? {
        status: 'saved' as const,
        record: { ...opened, source: text, revision: baseRevision + 1 },
        message: null,
      }
    );
  }

  async readFile() {
    return null;
  }

  async writeFile(_id: string, path: string) {
    this.written.push(path);
  }

  async plan() {
    return { waves: [], runCount: 0, problems: [] };
  }

  async keepNotebook() {
    return opened;
  }

  async runTests(): Promise<readonly TestResult[]> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return [{ testId: 1, title: 'one', cellId: 'c2', status: 'passed', error: null }];
  }
}

let engine: FakeEngine;

function open(options: { transient?: boolean; evaluates?: boolean; shipped?: boolean } = {}) {
  const session = new NotebookSession(engine as unknown as Comlink.Remote<EngineApi>, opened, {
    transient: options.transient ?? false,
    evaluates: options.evaluates ?? true,
    clockAt: null,
    fetchShipped: async () => {
      if (options.shipped === false) throw new Error('There is no examples/letters.csv.');
      return new Uint8Array([97]);
    },
  });
  session.start();
  return session;
}

const texts = (session: NotebookSession) => session.notebook.cells.map((cell) => cell.text);
const idAt = (session: NotebookSession, place: number) =>
  session.notebook.cells[place]?.cellId as CellId;

beforeEach(() => {
  vi.useFakeTimers();
  engine = new FakeEngine();
});
afterEach(() => vi.useRealTimers());

describe('an open notebook', () => {
  it('[APP-6] is evaluated when it opens, and again after a pause in typing', async () => {
    const session = open();
    await vi.runAllTimersAsync();
    expect(engine.evaluated).toEqual([['const one = 1;', 'const two = 2;']]);
    session.editCell(idAt(session, 1), 'const one = 11;');
    session.editCell(idAt(session, 1), 'const one = 111;');
    expect(engine.evaluated).toHaveLength(1);
    await vi.runAllTimersAsync();
    expect(engine.evaluated.slice(1)).toEqual([['const one = 111;', 'const two = 2;']]);
  });

  it('[APP-6] a plan waits until the text as it stands was evaluated', async () => {
    const session = open();
    await vi.runAllTimersAsync();
    session.editCell(idAt(session, 1), 'const one = 4;');
    await session.plan({
      assetKeys: [],
      partitionRanges: null,
      runConfig: {},
      tags: {},
      jobName: null,
    });
    expect(engine.evaluated.at(-1)?.[0]).toBe('const one = 4;');
  });

  it('[APP-4] a change is saved after a pause under the revision it is based on', async () => {
    const session = open();
    await vi.runAllTimersAsync();
    expect(session.saveState).toBe('saved');
    session.editCell(idAt(session, 0), '# Numbers');
    expect(session.saveState).toBe('saving');
    await vi.runAllTimersAsync();
    expect(session.saveState).toBe('saved');
    expect(engine.saved).toEqual([
      { source: source.replace('# Letters', '# Numbers'), baseRevision: 3 },
    ]);
    session.editCell(idAt(session, 0), '# Digits');
    await session.flush();
    expect(engine.saved.at(-1)?.baseRevision).toBe(4);
  });

  it('[APP-4] what could not be saved is said, and saved with the next change', async () => {
    const session = open();
    engine.saveOutcome = () => ({ status: 'failed', record: null, message: 'The disk is full.' });
    session.editCell(idAt(session, 0), '# Numbers');
    await vi.runAllTimersAsync();
    expect([session.saveState, session.saveProblem]).toEqual(['not saved', 'The disk is full.']);
    engine.saveOutcome = null;
    session.editCell(idAt(session, 0), '# Numbers!');
    await vi.runAllTimersAsync();
    expect([session.saveState, session.saveProblem]).toEqual(['saved', null]);
    expect(engine.saved.at(-1)?.source).toContain('# Numbers!');
  });

  it('[APP-5] of two tabs that change it, none is overwritten until the reader decides', async () => {
    const session = open();
    const theirs = { ...opened, source: source.replace('Letters\n\n', 'Theirs\n\n'), revision: 9 };
    engine.saveOutcome = () => ({ status: 'conflict', record: theirs, message: null });
    session.editCell(idAt(session, 0), '# Mine');
    await vi.runAllTimersAsync();
    expect(session.saveState).toBe('not saved');
    expect(session.conflict).toBe(theirs);
    engine.saveOutcome = null;
    await session.keepMine();
    expect(engine.saved.at(-1)).toMatchObject({ baseRevision: 9 });
    expect(engine.saved.at(-1)?.source).toContain('# Mine');
    expect(session.conflict).toBeNull();
  });

  it('[APP-5] text that outlived its tab is saved as written on its revision, so that a newer one is asked about', async () => {
    const session = open();
    const draft = source.replace('Letters\n\n', 'Draft\n\n');
    session.restore({ source: draft, revision: 2 });
    await vi.runAllTimersAsync();
    expect(engine.saved.at(-1)).toEqual({ source: draft, baseRevision: 2 });
    expect(session.revision).toBe(3);
  });

  it('[APP-5] follows another tab while it has nothing of its own', async () => {
    const session = open();
    await vi.runAllTimersAsync();
    engine.pushRecord({ ...opened, source: source.replace('one = 1', 'one = 7'), revision: 4 });
    expect(texts(session)[1]).toBe('const one = 7;');
  });

  it('[APP-7] is not kept when it came from a link, until asked for', async () => {
    const session = open({ transient: true });
    session.editCell(idAt(session, 0), '# Mine');
    await vi.runAllTimersAsync();
    await session.flush();
    expect([session.saveState, engine.saved.length]).toEqual(['unsaved copy', 0]);
    await session.keep();
    expect([session.saveState, engine.saved.length]).toEqual(['saved', 1]);
  });

  it('[APP-8] brings the files that its header names', async () => {
    open();
    await vi.runAllTimersAsync();
    expect(engine.written).toEqual(['letters.csv']);
  });

  it('[APP-8] says which file cannot be had, and still evaluates', async () => {
    const session = open({ shipped: false });
    await vi.runAllTimersAsync();
    expect(session.fileProblems[0]).toMatch(/letters\.csv.*There is no examples/);
    expect(engine.evaluated).toHaveLength(1);
  });

  it('evaluates nothing when it is opened safely', async () => {
    const session = open({ evaluates: false });
    session.editCell(idAt(session, 1), 'while (true) {}');
    await vi.runAllTimersAsync();
    expect(engine.evaluated).toEqual([]);
  });

  it('[APP-11] opened without evaluating, it evaluates when it is asked to', async () => {
    const session = open({ evaluates: false });
    session.editCell(idAt(session, 1), 'const one = 2;');
    await vi.runAllTimersAsync();
    expect(engine.evaluated).toEqual([]);
    session.evaluate();
    await vi.runAllTimersAsync();
    expect(engine.evaluated).toEqual([['const one = 2;', 'const two = 2;']]);
    session.editCell(idAt(session, 1), 'const one = 3;');
    await vi.runAllTimersAsync();
    expect(engine.evaluated).toHaveLength(2);
  });

  it('[APP-12] an edit of code forgets the results of tests, one of text does not', async () => {
    const session = open();
    void session.runTests(null);
    await vi.runAllTimersAsync();
    expect(session.testResults.size).toBe(1);
    session.editCell(idAt(session, 0), '# Other letters');
    expect(session.testResults.size).toBe(1);
    session.editCell(idAt(session, 1), 'const one = 2;');
    expect(session.testResults.size).toBe(0);
    const running = session.runTests(null);
    await vi.advanceTimersByTimeAsync(0);
    session.editCell(idAt(session, 1), 'const one = 3;');
    await vi.runAllTimersAsync();
    await running;
    expect(session.testResults.size).toBe(0);
  });
});

describe('the structure of a notebook', () => {
  it('[APP-3] adding, deleting and moving are undone and done again', () => {
    const session = open();
    const start = texts(session);
    session.addCell('code', 1);
    session.moveCell(idAt(session, 3), 0);
    session.deleteCell(idAt(session, 1));
    const end = texts(session);
    expect(end).toEqual(['const two = 2;', '', 'const one = 1;']);
    for (let times = 0; times < 3; times += 1) session.undo();
    expect(texts(session)).toEqual(start);
    expect(session.canUndo).toBe(false);
    for (let times = 0; times < 3; times += 1) session.redo();
    expect(texts(session)).toEqual(end);
    expect(session.canRedo).toBe(false);
  });

  it('[APP-3] a cell comes back with the text that it had when it went', () => {
    const session = open();
    const added = session.addCell('text', 3);
    session.editCell(added, 'some words');
    session.undo();
    expect(texts(session)).toHaveLength(3);
    session.redo();
    expect(texts(session)[3]).toBe('some words');
  });

  it('[APP-3] a new change forgets what was undone', () => {
    const session = open();
    session.deleteCell(idAt(session, 0));
    session.undo();
    session.addCell('text', 0);
    expect(session.canRedo).toBe(false);
  });
});
