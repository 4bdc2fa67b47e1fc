/** More runs than this are refused to one launch: each is written down before the first starts. */
export const MOST_RUNS = 50_000;
