import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const marked = new Marked({ gfm: true });

/** What text needs, and nothing that loads, submits, or styles: the page's policy refuses those anyway. */
const allowed = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    'style',
    'form',
    'input',
    'button',
    'textarea',
    'select',
    'video',
    'audio',
    'iframe',
  ],
  FORBID_ATTR: ['style', 'class'],
  ADD_ATTR: ['target'],
  // Names of the author's must not shadow the page's own.
  SANITIZE_NAMED_PROPS: true,
};

const purify = DOMPurify();

purify.addHook('afterSanitizeAttributes', (node) => {
  // A picture without words is decoration.
  if (node.tagName === 'IMG' && !node.hasAttribute('alt')) node.setAttribute('alt', '');
  if (node.tagName !== 'A') return;
  const href = node.getAttribute('href') ?? '';
  // Links of the site's own stay in the tab.
  if (href.startsWith('?') || href.startsWith('#') || href === './') return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

/** Markdown as HTML that is safe to put into the page, whoever wrote it. */
export function renderMarkdown(text: string): string {
  return purify.sanitize(marked.parse(text, { async: false }), allowed);
}
