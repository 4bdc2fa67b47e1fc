/** A key, or keys pressed together, and what they do. */
export interface Shortcut {
  /** As it is written: `Ctrl K`. */
  readonly keys: string;
  readonly what: string;
  /** The command that does the same, by its id; absent if there is none. */
  readonly command?: string;
}

/** Shortcuts that work in the same place. */
export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

/** Every key that does something; on a Mac ⌘ does what Ctrl does. */
export const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    title: 'Anywhere',
    shortcuts: [
      { keys: 'Ctrl K', what: 'Commands: views, assets, keys, runs, examples, actions' },
      { keys: 'Ctrl S', what: 'Save now', command: 'action:save' },
      {
        keys: 'Ctrl Z',
        what: 'Undo adding, deleting or moving a cell',
        command: 'action:undo',
      },
      { keys: 'Ctrl Shift Z', what: 'Redo it', command: 'action:redo' },
      { keys: '?', what: 'This list', command: 'action:keys' },
    ],
  },
  {
    title: 'In the notebook',
    shortcuts: [
      { keys: '↑ ↓', what: 'From cell to cell' },
      { keys: 'Enter', what: 'Edit the cell' },
      { keys: 'Esc', what: 'Leave the editor' },
      { keys: 'Ctrl Enter', what: 'Materialize what the cell declares' },
    ],
  },
  {
    title: 'On a bar',
    shortcuts: [
      { keys: '← →', what: 'From key to key' },
      { keys: 'Home, End', what: 'First and last key' },
      { keys: 'Page Up, Page Down', what: 'A tenth of the keys' },
      { keys: 'Shift', what: 'With these: extend the selection' },
      { keys: 'Space', what: 'Select the key, or no more' },
      { keys: '+ −', what: 'Zoom' },
      { keys: 'Enter', what: 'Open the key' },
    ],
  },
  {
    title: 'In the graph',
    shortcuts: [
      { keys: '← →', what: 'Along an edge' },
      { keys: '↑ ↓', what: 'To the asset beside' },
      { keys: 'Space', what: 'Pick the asset, to materialize several' },
      { keys: 'Enter', what: 'Open its keys' },
      { keys: '+ − 0', what: 'Zoom, and show all' },
    ],
  },
  {
    title: 'In the microscope',
    shortcuts: [
      { keys: '← →', what: 'From key to key, at either end' },
      { keys: 'Home, End', what: 'First and last key' },
      { keys: '+ −', what: 'Fewer keys, or more' },
      { keys: 'Enter', what: 'Open the key' },
    ],
  },
  {
    title: 'In lists of tabs',
    shortcuts: [
      { keys: '← →', what: 'From view to view' },
      { keys: 'Home, End', what: 'First and last view' },
    ],
  },
];

const byCommand = new Map(
  SHORTCUTS.flatMap(({ shortcuts }) =>
    shortcuts.flatMap(({ command, keys }) => (command ? [[command, keys] as const] : [])),
  ),
);

/** The keys that do what a command does; null if none do. */
export function keysOfCommand(id: string): string | null {
  return byCommand.get(id) ?? null;
}
