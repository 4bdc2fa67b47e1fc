import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';

/** What a window of a calendar is called in a config. */
const OF_WINDOWS = { hourly: 'hour', daily: 'date', weekly: 'week', monthly: 'month' } as const;

/** The field that stands for the keys of a definition: `customer_id` for `customer_partitions`. */
export function fieldOfDefinition(constant: string, definition: PartitionsDefinition): string {
  if (definition.kind === 'timeWindow' && definition.className !== 'timeWindow') {
    return OF_WINDOWS[definition.className];
  }
  const stem = constant.replace(/_?partitions?(_?def(inition)?)?$/i, '');
  if (stem === '' || !/^[A-Za-z_]\w*$/.test(stem)) return 'partition_key';
  return `${singular(stem)}_id`;
}

/** The class that holds a field: `CustomerConfig` for `customer_id`. */
export function classOfField(field: string): string {
  return `${pascal(stemOfField(field))}Config`;
}

/** The definition whose keys a field stands for: `customer_partitions` for `customer_id`. */
export function definitionOfField(field: string): string {
  return `${stemOfField(field)}_partitions`;
}

/** The name that a dynamic definition keeps its keys under. */
export function dynamicNameOfField(field: string): string {
  return `${stemOfField(field)}s`;
}

/** The constant that holds the defaults of a class of options: `ProcessingDefaults` for `ProcessingConfig`. */
export function defaultsOfClass(className: string): string {
  return `${className.replace(/(?<=.)Config$/, '')}Defaults`;
}

/** The name, or the first with a number behind it that is not taken. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let count = 2; isTaken(free); count += 1) free = `${name}${count}`;
  return free;
}

function stemOfField(field: string): string {
  return field.replace(/(?<=.)_?(id|key|name)$/i, '').replace(/\W/g, '_');
}

function singular(stem: string): string {
  return /[^s]s$/.test(stem) ? stem.slice(0, -1) : stem;
}

function pascal(stem: string): string {
  return stem.replace(/(?:^|_+)([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
