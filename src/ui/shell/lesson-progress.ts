/** How far the reader has come in the goals of a shipped notebook. */
export interface LessonProgress {
  readonly reached: number;
  readonly all: number;
}

/*
 * The first page shows this of each lesson without opening it. Kept with the browser, below the site's path;
 * the notebook itself keeps which goals were reached.
 */
const keyOf = (example: string) =>
  `partita:goals:${location.pathname.replace(/[^/]*$/, '')}:${example}`;

/** Null if it was never opened, or storage is blocked. */
export function lessonProgress(example: string): LessonProgress | null {
  try {
    const [, reached, all] =
      /^(\d+)\/(\d+)$/.exec(localStorage.getItem(keyOf(example)) ?? '') ?? [];
    return reached === undefined ? null : { reached: Number(reached), all: Number(all) };
  } catch {
    return null;
  }
}

export function keepLessonProgress(example: string, { reached, all }: LessonProgress): void {
  try {
    localStorage.setItem(keyOf(example), `${reached}/${all}`);
  } catch {
    // Storage is blocked or full: the first page then says nothing of it.
  }
}
