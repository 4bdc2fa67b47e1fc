import type { NotebookHeader } from '../../notebook/notebook.ts';

/** Where a notebook sends its reader once all its goals are reached. */
export interface NextNotebook {
  /** The query of its address. */
  readonly href: string;
  readonly title: string;
}

/** What `next: lesson-2, The same with config` in a header says; null if it says nothing that can be opened. */
export function nextNotebook({ entries }: NotebookHeader): NextNotebook | null {
  const value = entries.find(([key]) => key === 'next')?.[1] ?? '';
  const [, name, title] = /^([\w-]+)(?:\s*,\s*(.+))?$/.exec(value) ?? [];
  return name === undefined ? null : { href: `?example=${name}`, title: title ?? name };
}
