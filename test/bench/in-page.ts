/*
 * Functions that run in the page under measurement, before its own scripts. Each notes
 * on `performance` when something first stood in a frame: no command from outside, and no
 * wait for one, is in the figures.
 */

/** What to press and to wait for, in order; `mark` names the moment at which it stood. */
export interface Script {
  readonly steps: readonly PageStep[];
}

/** One thing to wait for; all conditions given must hold. */
export interface PageStep {
  /** Name of the performance mark; null to note nothing. */
  readonly mark: string | null;
  /** Text that must stand in the page, or in `within`; frames count. */
  readonly text?: readonly string[];
  /** Accessible name of a region or dialog. */
  readonly within?: string;
  /** Text with which an enabled button begins, which is then pressed. */
  readonly press?: string;
  /** Name of a text field, and what to write into it. */
  readonly write?: readonly [field: string, text: string];
  /** How long to look on, in ms, before this step is taken up, as a reader does. */
  readonly afterMs?: number;
}

/** Works the script off, one look a frame. Self-contained: it is sent as text. */
export function follow({ steps }: Script): void {
  if (window !== window.top) return;
  const nameOf = (element: Element): string => {
    const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
    const texts = ids.map((id) => document.getElementById(id)?.textContent ?? '');
    const label = (element as HTMLInputElement).labels?.[0]?.textContent ?? '';
    return element.getAttribute('aria-label') ?? (texts.join(' ').trim() || label.trim());
  };
  const textOf = (node: Node): string => {
    if (node instanceof HTMLElement && node.getClientRects().length === 0) return '';
    let text = '';
    if (node instanceof HTMLIFrameElement) {
      text += node.contentDocument?.body?.textContent ?? '';
    }
    for (const child of node.childNodes) {
      text += child instanceof Text ? child.data : textOf(child);
    }
    return text;
  };
  /** Whether the text may be there: asks for no layout, which the page would else have to make for us. */
  const mayHave = (place: Element, parts: readonly string[]): boolean => {
    if (parts.length === 0) return true;
    const frames = [...place.getElementsByTagName('iframe')];
    const inFrames = frames.map((frame) => frame.contentDocument?.body?.textContent ?? '');
    const text = [place.textContent, ...inFrames].join(' ');
    return parts.every((part) => text.includes(part));
  };
  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask' });
  const note = (mark: string | null) => {
    if (mark === null) return;
    performance.mark(mark);
    // Tasks of 50 ms and more are told; the longest since the last mark.
    performance.measure(`longest task before ${mark}`, { start: 0, duration: longest });
    longest = 0;
  };
  const rest = [...steps];
  let steppedAt = 0;
  const look = () => {
    for (let step = rest[0]; step; step = rest[0]) {
      if (!document.body) break;
      const { within, text = [], press, write, afterMs = 0 } = step;
      if (performance.now() < steppedAt + afterMs) break;
      const place = within
        ? [...document.querySelectorAll('[role=region],[role=dialog],section,dialog')].find(
            (element) =>
              nameOf(element) === within &&
              mayHave(element, text) &&
              element.getClientRects().length > 0,
          )
        : document.body;
      if (!place || !mayHave(place, text)) break;
      const found = text.length > 0 ? textOf(place) : '';
      if (!text.every((part) => found.includes(part))) break;
      if (write) {
        const field = [...place.querySelectorAll('input,textarea')].find(
          (element) => nameOf(element) === write[0],
        ) as HTMLInputElement | undefined;
        if (!field) break;
        field.value = write[1];
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      }
      if (press) {
        const button = [...place.querySelectorAll('button')].find((element) =>
          (nameOf(element) || element.textContent?.trim() || '').startsWith(press),
        );
        if (!button || button.disabled || button.ariaDisabled === 'true') break;
        note(step.mark);
        button.click();
      } else note(step.mark);
      rest.shift();
      steppedAt = performance.now();
    }
    if (rest.length > 0) requestAnimationFrame(look);
    else performance.mark('followed');
  };
  requestAnimationFrame(look);
}
