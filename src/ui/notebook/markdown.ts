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
    'picture',
    'source',
  ],
  FORBID_ATTR: ['style', 'class'],
  ADD_ATTR: ['target'],
  // Names of the author's must not shadow the page's own.
  SANITIZE_NAMED_PROPS: true,
};

const purify = DOMPurify();

purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'IMG') {
    node.removeAttribute('srcset');
    // A picture without words is decoration.
    if (!node.hasAttribute('alt')) node.setAttribute('alt', '');
    // Nothing is fetched because of a text: a picture from elsewhere is its words.
    if (!/^data:image\//i.test(node.getAttribute('src') ?? '')) {
      const words = node.ownerDocument.createElement('em');
      words.textContent = node.getAttribute('alt');
      node.replaceWith(words);
    }
    return;
  }
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
