import type { NotebookSession } from '../../app/notebook-session.svelte.ts';

/** Downloads the notebook as a Markdown file named after its title. */
export function saveAsFile(session: NotebookSession): void {
  const name =
    session.example ?? (session.title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-') || 'notebook');
  download(`${name}.md`, new Blob([session.exportSource()], { type: 'text/markdown' }));
}

/** Hands `content` to the browser's downloads under `name`. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(url);
}
