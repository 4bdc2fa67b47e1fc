import type { Attachment } from 'svelte/attachments';

/** A dialog that is modal from when it is in the page until it is closed or taken off. */
export interface Modal {
  /** Opens the dialog it is attached to. */
  readonly open: Attachment<HTMLDialogElement>;
  /** Closes it while it is still in the page, so that the platform gives the focus back, and says so at once. */
  close(): void;
}

/**
 * Makes a dialog modal. `onclose` is called once, in the same task in which it is closed: the platform's
 * own event comes later, when what opens it may have been pressed again and would be closed unseen. It is
 * not called if the dialog is taken off the page.
 */
export function modal(onclose: () => void): Modal {
  let dialog: HTMLDialogElement | null = null;

  function close(): void {
    if (!dialog) return;
    const closed = dialog;
    dialog = null;
    closed.close();
    onclose();
  }

  return {
    close,
    open(element) {
      dialog = element;
      element.showModal();
      const oncancel = (event: Event) => {
        // A choice of files that is given up says the same word from inside.
        if (event.target !== element) return;
        event.preventDefault();
        close();
      };
      element.addEventListener('cancel', oncancel);
      // The platform may close it without asking.
      element.addEventListener('close', close);
      return () => {
        dialog = null;
        element.removeEventListener('cancel', oncancel);
        element.removeEventListener('close', close);
        element.close();
      };
    },
  };
}
