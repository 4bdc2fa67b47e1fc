/**
 * The schema of a config as data: what Dagster's stage-1 validation needs, and
 * nothing of zod. Made in the sandbox from a zod shape; stage 2 (ranges,
 * refinements) happens there when the step starts (CFG-9).
 */
export type ConfigSchema =
  | { readonly kind: 'string' }
  | { readonly kind: 'int' }
  | { readonly kind: 'float' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'any' }
  | {
      readonly kind: 'enum';
      /** As config writes them: the names of members, or literal texts. */
      readonly values: readonly string[];
      /** What the members called in `values` stand for; absent where they stand for themselves. */
      readonly valueByName?: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'array'; readonly item: ConfigSchema }
  | { readonly kind: 'map'; readonly key: ConfigSchema; readonly value: ConfigSchema }
  | { readonly kind: 'noneable'; readonly inner: ConfigSchema }
  /** A discriminated union: exactly one of the fields is given. */
  | { readonly kind: 'selector'; readonly fields: readonly ConfigField[] }
  | ConfigShape;

/** Whether its values stand for themselves, as those of a literal type do. */
export function isLiteral(schema: ConfigSchema): boolean {
  return schema.kind === 'enum' && schema.valueByName === undefined;
}

export interface ConfigShape {
  readonly kind: 'shape';
  /** In the author's order; messages list them by name (CFG-12). */
  readonly fields: readonly ConfigField[];
  /** Whether entries that are not fields are let through (CFG-8). */
  readonly permissive: boolean;
}

export interface ConfigField {
  readonly name: string;
  readonly schema: ConfigSchema;
  /** False if it has a default or may be null (CFG-6). */
  readonly required: boolean;
  /** The default, as plain data; absent if there is none. */
  readonly defaultValue?: unknown;
  /** True where the default is that of the object around it, so that null does not stand for it. */
  readonly refusesNull?: boolean;
  readonly description: string | null;
}
