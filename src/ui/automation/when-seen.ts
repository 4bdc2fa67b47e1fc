import type { Attachment } from 'svelte/attachments';

/** Calls `act` once, when the element comes into sight. What is far below is then not made for nobody. */
export function whenSeen(act: () => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      act();
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
