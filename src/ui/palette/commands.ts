import { workbenchViews } from '../../app/address.ts';
import type { Example } from '../../app/application.svelte.ts';
import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import { countOf } from '../../counts.ts';
import type { CellId } from '../../notebook/notebook.ts';
import type { Run } from '../../orchestration/run.ts';
import type { BackfillState, NotebookSummary } from '../../protocol/engine.ts';
import { backfillStatusWord } from '../backfills/backfill-words.ts';
import { mappedEdges } from '../mappings/mapped-edge.ts';
import { runKeyText, runStatusWord, runSubject } from '../runs/run-words.ts';
import { saveAsFile } from '../shell/save-as-file.ts';
import { chooseTheme } from '../shell/theme.ts';
import { shortRunId } from '../values/short-run-id.ts';

/** What a command is about; shown beside it. */
export type CommandKind =
  | 'view'
  | 'asset'
  | 'key'
  | 'mapping'
  | 'run'
  | 'backfill'
  | 'job'
  | 'schedule'
  | 'sensor'
  | 'example'
  | 'notebook'
  | 'action';

/** Something that can be done, or gone to. */
export interface Command {
  /** The same for the same thing, from one time to the next. */
  readonly id: string;
  readonly kind: CommandKind;
  readonly name: string;
  /** More of it, in few words; found too, though it counts less. Empty for nothing. */
  readonly hint: string;
  readonly run: () => void;
}

/** The other layers of the shell. */
export type Layer = 'share' | 'files' | 'keys' | 'dagster' | 'project';

/** What commands are made from. */
export interface CommandWorld {
  readonly session: NotebookSession;
  readonly examples: readonly Example[];
  readonly notebooks: readonly NotebookSummary[];
  /** Newest first; of many the newest. */
  readonly runs: readonly Run[];
  readonly backfills: readonly BackfillState[];
  readonly navigate: (search: string) => void;
  readonly open: (layer: Layer) => void;
}

/** Everything that can be done now, in the order in which it is offered where nothing is typed. */
export function commandsOf(world: CommandWorld): readonly Command[] {
  return [
    ...views(world.session),
    ...launches(world.session),
    ...clockMoves(world.session),
    ...assets(world.session),
    ...conversions(world.session),
    ...automation(world.session),
    ...actions(world),
    ...mappings(world.session),
    ...runs(world),
    ...backfills(world),
    ...notebooks(world),
  ];
}

function action(id: string, name: string, run: () => void, hint = ''): Command {
  return { id: `action:${id}`, kind: 'action', name, hint, run };
}

function launches(session: NotebookSession): readonly Command[] {
  const own = session.definitions.assets.filter((spec) => !spec.external);
  const keys = own.map(({ assetKey }) => assetKey);
  const picked = session.graphShown.picked.filter((assetKey) => keys.includes(assetKey));
  return [
    ...keys.map((assetKey) =>
      action(`materialize ${assetKey}`, `Materialize ${assetKey}`, () =>
        session.openLaunch([assetKey]),
      ),
    ),
    ...(keys.length > 1
      ? [action('materialize', 'Materialize all assets', () => session.openLaunch(keys))]
      : []),
    ...(picked.length > 1
      ? [
          action('materialize picked', `Materialize the ${picked.length} picked assets`, () =>
            session.openLaunch(picked),
          ),
        ]
      : []),
    ...session.definitions.jobs.map(({ jobName }) =>
      action(`launch ${jobName}`, `Launch ${jobName}`, () => session.openLaunchpad(jobName), 'job'),
    ),
    ...(session.unfinishedRuns > 0
      ? [
          action(
            'stop',
            'Stop all runs',
            () => void session.stop(null),
            countOf(session.unfinishedRuns, 'run'),
          ),
        ]
      : []),
  ];
}

function views(session: NotebookSession): readonly Command[] {
  return workbenchViews
    .filter((view) => view !== 'jobs' || session.definitions.jobs.length > 0)
    .filter((view) => view !== 'twin' || session.worlds.length > 0)
    .map((view) => ({
      id: `view:${view}`,
      kind: 'view',
      name: `Show ${view}`,
      hint: '',
      run: () => {
        session.view = view;
      },
    }));
}

function assets(session: NotebookSession): readonly Command[] {
  return session.definitions.assets.map(({ assetKey, partitionsDef, description, cellId }) => ({
    id: `asset:${assetKey}`,
    kind: 'asset',
    name: assetKey,
    hint:
      description ??
      (partitionsDef ? countOf(session.indexFor(partitionsDef).count, 'key') : 'no partitions'),
    run: () => {
      session.focus = { assetKey, partitionKey: null };
      if (session.view !== 'graph' && session.view !== 'mappings') session.view = 'partitions';
      session.soughtCellId = cellId;
    },
  }));
}

function conversions(session: NotebookSession): readonly Command[] {
  const own = session.definitions.assets.filter((spec) => !spec.external);
  return own.flatMap(({ assetKey }) => [
    action(
      `convert ${assetKey}`,
      `Convert ${assetKey}`,
      () => {
        session.convertShown = { dialog: 'convert', assetKey, to: null };
      },
      'partitions, config, hybrid',
    ),
    action(
      `advise ${assetKey}`,
      `Partitions or config? ${assetKey}`,
      () => {
        session.convertShown = { dialog: 'advisor', assetKey, to: null };
      },
      'advisor',
    ),
  ]);
}

function mappings(session: NotebookSession): readonly Command[] {
  return mappedEdges(session).map(({ upstream, downstream, words }) => {
    const edge = { upstream: upstream.assetKey, downstream: downstream.assetKey };
    return {
      id: `mapping:${edge.upstream} ${edge.downstream}`,
      kind: 'mapping',
      name: `${edge.upstream} → ${edge.downstream}`,
      hint: words,
      run: () => {
        const { looks } = session.mappingsShown;
        session.mappingsShown = { edge, looks, span: null, trial: null };
        session.view = 'mappings';
      },
    };
  });
}

function clockMoves(session: NotebookSession): readonly Command[] {
  const { lookingAt } = session;
  if (lookingAt !== null) {
    return [action('now', 'Go back to now', () => void session.lookAt(null), 'clock')];
  }
  if (!session.virtualClock) {
    return [
      action(
        'virtual',
        'Stop the clock here',
        () => void session.setClock(session.now),
        'virtual time',
      ),
    ];
  }
  return [
    session.isClockMoving
      ? action('pause', 'Pause the clock', () => void session.playClock(0))
      : action('play', 'Play the clock', () => void session.playClock(1)),
    action(
      'next',
      'Clock to the next event',
      () => void session.advanceClock({ to: 'nextEvent', waits: true }),
      'tick, or key that opens',
    ),
    action('hour', 'Clock one hour on', () => advance(session, HOUR_MS)),
    action('day', 'Clock one day on', () => advance(session, DAY_MS)),
    action('week', 'Clock one week on', () => advance(session, DAY_MS * 7)),
    action('real', 'Clock: real time', () => void session.setClock(null)),
  ];
}

const HOUR_MS = 3_600_000;
const DAY_MS = HOUR_MS * 24;

function advance(session: NotebookSession, byMs: number): void {
  void session.advanceClock({ to: session.now + byMs, waits: true });
}

function automation(session: NotebookSession): readonly Command[] {
  const { jobs, schedules, sensors } = session.definitions;
  const show = (kind: 'schedule' | 'sensor', name: string): readonly Command[] => {
    const isRunning = session.instigator(kind, name)?.running ?? false;
    return [
      {
        id: `${kind}:${name}`,
        kind,
        name,
        hint: isRunning ? 'running' : 'stopped',
        run: () => {
          session.view = 'automation';
        },
      },
      action(
        `${isRunning ? 'stop' : 'start'} ${kind} ${name}`,
        `${isRunning ? 'Stop' : 'Start'} ${name}`,
        () => void session.setInstigatorRunning(kind, name, !isRunning),
        kind,
      ),
    ];
  };
  return [
    ...jobs.map(({ jobName, description, assetKeys }) => ({
      id: `job:${jobName}`,
      kind: 'job' as const,
      name: jobName,
      hint: description ?? (assetKeys.length > 0 ? countOf(assetKeys.length, 'asset') : ''),
      run: () => {
        session.openJobName = jobName;
        session.view = 'jobs';
      },
    })),
    ...schedules.flatMap(({ scheduleName }) => show('schedule', scheduleName)),
    ...sensors.flatMap(({ sensorName }) => show('sensor', sensorName)),
  ];
}

function actions({ session, navigate, open }: CommandWorld): readonly Command[] {
  return [
    ...(session.definitions.tests.length > 0
      ? [action('tests', 'Run all tests', () => void session.runTests(null))]
      : []),
    action('code', 'Add code cell', () => add(session, 'code')),
    action('text', 'Add text cell', () => add(session, 'text')),
    ...(session.canUndo ? [action('undo', 'Undo cell change', () => session.undo())] : []),
    ...(session.canRedo ? [action('redo', 'Redo cell change', () => session.redo())] : []),
    action('save', 'Save now', () => void session.flush()),
    action('share', 'Share', () => open('share'), 'link'),
    action('files', 'Files', () => open('files')),
    action('export', 'Save as a file', () => saveAsFile(session), 'export, download'),
    action('dagster', 'Ask real Dagster', () => open('dagster'), 'compare, conformance, proof'),
    action('project', 'Export to Dagster', () => open('project'), 'python, project, zip'),
    action('new', 'New notebook', () => navigate('?new')),
    action('all', 'All notebooks', () => navigate(''), 'start'),
    action('clear', 'Clear history', () => void clearHistory(session), 'runs, values'),
    action('system', 'Theme: system', () => chooseTheme('system')),
    action('light', 'Theme: light', () => chooseTheme('light')),
    action('dark', 'Theme: dark', () => chooseTheme('dark')),
    action('keys', 'Keys', () => open('keys'), 'shortcuts'),
  ];
}

function add(session: NotebookSession, kind: 'code' | 'text'): void {
  const cellId: CellId = session.addCell(kind, session.notebook.cells.length);
  session.soughtCellId = cellId;
}

async function clearHistory(session: NotebookSession): Promise<void> {
  const question = 'Clear history? Runs and values of this notebook are forgotten; the text stays.';
  if (confirm(question)) await session.clearHistory();
}

function runs({ session, runs: listed }: CommandWorld): readonly Command[] {
  return listed.map((run) => ({
    id: `run:${run.runId}`,
    kind: 'run',
    name: `Run ${shortRunId(run.runId)}: ${[runSubject(run), runKeyText(run)].filter(Boolean).join(' ')}`,
    hint: runStatusWord(run.status),
    run: () => session.openRun(run.runId),
  }));
}

function backfills({ session, backfills: listed }: CommandWorld): readonly Command[] {
  return listed.map(({ backfill }) => ({
    id: `backfill:${backfill.backfillId}`,
    kind: 'backfill',
    name: `Backfill ${backfill.backfillId}: ${backfill.targets.map(({ assetKey }) => assetKey).join(', ')}`,
    hint: backfillStatusWord(backfill),
    run: () => session.openBackfill(backfill.backfillId),
  }));
}

function notebooks({
  session,
  examples,
  notebooks: own,
  navigate,
}: CommandWorld): readonly Command[] {
  return [
    ...examples.map(({ name, title, summary }) => ({
      id: `example:${name}`,
      kind: 'example' as const,
      name: title,
      hint: summary,
      run: () => navigate(`?example=${encodeURIComponent(name)}`),
    })),
    ...own
      .filter(({ notebookId, example }) => example === null && notebookId !== session.notebookId)
      .map(({ notebookId, title }) => ({
        id: `notebook:${notebookId}`,
        kind: 'notebook' as const,
        name: title,
        hint: '',
        run: () => navigate(`?notebook=${encodeURIComponent(notebookId)}`),
      })),
  ];
}
