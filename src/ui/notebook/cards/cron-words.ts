const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** A cron expression in words where it is one of the common forms; as it is written otherwise. */
export function cronInWords(expression: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = expression
    .trim()
    .split(/\s+/);
  if (month !== '*' || !/^\d+$/.test(minute)) {
    if (/^\*(\/\d+)?$/.test(minute) && [hour, day, month, weekday].every((part) => part === '*')) {
      const every = Number(minute.slice(2) || 1);
      return every === 1 ? 'every minute' : `every ${every} minutes`;
    }
    return expression;
  }
  if (hour === '*' && day === '*' && weekday === '*') {
    return minute === '0' ? 'every hour' : `every hour at minute ${Number(minute)}`;
  }
  if (!/^\d+$/.test(hour)) return expression;
  const time = `at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day === '*' && weekday === '*') return `${time} every day`;
  if (day === '*' && /^[0-7]$/.test(weekday)) return `${time} every ${DAYS[Number(weekday) % 7]}`;
  if (day === '*' && weekday === '1-5') return `${time} from Monday to Friday`;
  if (/^\d+$/.test(day) && weekday === '*') return `${time} on day ${Number(day)} of every month`;
  return expression;
}

/** How often something is done, where that is at most once in so long: `every 30 s`, `every 5 min`. */
export function everyInWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds % 3600 === 0) return `every ${seconds / 3600} h`;
  return seconds % 60 === 0 ? `every ${seconds / 60} min` : `every ${seconds} s`;
}
