import { fixedMinuteInterval, parseCron, type CronSchedule } from '../../../src/time/cron.ts';
import {
  tickAfter,
  tickAtOrAfter,
  tickAtOrBefore,
  tickBefore,
} from '../../../src/time/cron-ticks.ts';
import { zoneOf } from '../../../src/time/zone.ts';
import { instant, iso } from '../../partitions/vectors.ts';
import { answerOf, compared } from '../compare-answers.ts';
import type { VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface CronCase extends VectorCase {
  readonly kind: 'valid' | 'ticks';
  readonly cron: string | readonly string[];
  readonly timezone?: string;
  readonly start?: string;
  readonly direction?: 'forward' | 'backward';
  readonly expect: unknown;
  readonly repeatsEveryHour?: boolean;
  readonly fixedMinuteInterval?: number | null;
}

/** Whether a cron text is a schedule, or ten of its ticks. */
export const cronAdapter: VectorAdapter = (vectorCase) => {
  const one = vectorCase as CronCase;
  if (one.kind === 'ticks') {
    return [
      compared(
        'ticks',
        one.expect,
        answerOf(() => tenTicks(one)),
      ),
    ];
  }
  const schedule = parseCron(one.cron as string);
  const answers = [compared('valid', one.expect, schedule !== null)];
  if (one.repeatsEveryHour !== undefined) {
    answers.push(
      compared('repeatsEveryHour', one.repeatsEveryHour, schedule?.repeatsEveryHour ?? false),
    );
  }
  if (one.fixedMinuteInterval !== undefined) {
    const interval = schedule === null ? null : fixedMinuteInterval(schedule);
    answers.push(compared('fixedMinuteInterval', one.fixedMinuteInterval, interval));
  }
  return answers;
};

/** Ten ticks of a union of schedules, each instant once (CRON-9). */
function tenTicks({ cron, timezone, start, direction }: CronCase): readonly string[] {
  const zone = zoneOf(timezone ?? 'UTC');
  const forward = direction === 'forward';
  const ticks = new Set<number>();
  for (const text of [cron].flat()) {
    const schedule = parseCron(text) as CronSchedule;
    let at = (forward ? tickAtOrAfter : tickAtOrBefore)(schedule, zone, instant(start as string));
    for (let count = 0; count < 10; count += 1) {
      ticks.add(at);
      at = (forward ? tickAfter : tickBefore)(schedule, zone, at);
    }
  }
  return [...ticks]
    .sort((a, b) => (forward ? a - b : b - a))
    .slice(0, 10)
    .map(iso);
}
