import type { TimeWindow } from '../../time/time-window.ts';

/*
 * Sets of stretches of time: ascending and disjoint. Each takes time in the number of
 * stretches, whatever they hold.
 */

/** What is in `a` or `b`; what touches becomes one. */
export function uniteWindows(
  a: readonly TimeWindow[],
  b: readonly TimeWindow[],
): readonly TimeWindow[] {
  const united: TimeWindow[] = [];
  for (const window of [...a, ...b].sort((one, other) => one.startAt - other.startAt)) {
    const last = united.at(-1);
    if (last === undefined || window.startAt > last.endAt) united.push(window);
    else if (window.endAt > last.endAt) {
      united[united.length - 1] = { startAt: last.startAt, endAt: window.endAt };
    }
  }
  return united;
}

/** What is in both; what touches stays apart. */
export function intersectWindows(
  a: readonly TimeWindow[],
  b: readonly TimeWindow[],
): readonly TimeWindow[] {
  const common: TimeWindow[] = [];
  let atB = 0;
  for (let atA = 0; atA < a.length && atB < b.length;) {
    const inA = a[atA] as TimeWindow;
    const inB = b[atB] as TimeWindow;
    const startAt = Math.max(inA.startAt, inB.startAt);
    const endAt = Math.min(inA.endAt, inB.endAt);
    if (startAt < endAt) common.push({ startAt, endAt });
    if (inA.endAt < inB.endAt) atA += 1;
    else atB += 1;
  }
  return common;
}

/** What is in `a` and not in `b`. */
export function subtractWindows(
  a: readonly TimeWindow[],
  b: readonly TimeWindow[],
): readonly TimeWindow[] {
  const left: TimeWindow[] = [];
  let atB = 0;
  for (const { startAt, endAt } of a) {
    let from = startAt;
    while (atB < b.length && (b[atB] as TimeWindow).endAt <= from) atB += 1;
    for (let at = atB; at < b.length && (b[at] as TimeWindow).startAt < endAt; at += 1) {
      const removed = b[at] as TimeWindow;
      if (removed.startAt > from) left.push({ startAt: from, endAt: removed.startAt });
      from = Math.max(from, removed.endAt);
    }
    if (from < endAt) left.push({ startAt: from, endAt });
  }
  return left;
}
