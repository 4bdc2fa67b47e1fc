import type { ConfigField, ConfigSchema, ConfigShape } from '../../src/config/config-schema.ts';

/** A schema as the vectors describe it: `fields` by name. */
export interface VectorSchema {
  readonly fields: Readonly<Record<string, VectorField>>;
  readonly permissive?: boolean;
}

export interface VectorField {
  readonly type: string;
  readonly items?: VectorField;
  readonly keys?: VectorField;
  readonly values?: VectorField & readonly string[];
  readonly of?: VectorField;
  readonly members?: Readonly<Record<string, string>>;
  readonly schema?: VectorSchema;
  readonly variants?: readonly VectorSchema[];
  readonly default?: unknown;
  readonly alias?: string;
  readonly value?: string;
}

export function shapeOfVector({ fields, permissive = false }: VectorSchema): ConfigShape {
  const all = Object.entries(fields).filter(([, field]) => field.type !== 'literalTag');
  return { kind: 'shape', fields: all.map(([name, field]) => fieldOf(name, field)), permissive };
}

function fieldOf(name: string, field: VectorField): ConfigField {
  const schema = schemaOf(field);
  const optional =
    'default' in field ||
    schema.kind === 'noneable' ||
    (schema.kind === 'shape' && schema.fields.every((inner) => !inner.required));
  return {
    name: field.alias ?? name,
    schema,
    required: !optional,
    description: null,
    ...('default' in field && { defaultValue: field.default }),
  };
}

function schemaOf(field: VectorField): ConfigSchema {
  const any: ConfigSchema = { kind: 'any' };
  switch (field.type) {
    case 'str':
      return { kind: 'string' };
    case 'int':
      return { kind: 'int' };
    case 'float':
      return { kind: 'float' };
    case 'bool':
      return { kind: 'bool' };
    case 'any':
      return any;
    case 'list':
      return { kind: 'array', item: field.items ? schemaOf(field.items) : any };
    case 'dict':
      return {
        kind: 'map',
        key: field.keys ? schemaOf(field.keys) : { kind: 'string' },
        value: field.values ? schemaOf(field.values) : any,
      };
    case 'optional':
      return { kind: 'noneable', inner: schemaOf(field.of as VectorField) };
    case 'enum':
      return { kind: 'enum', values: Object.keys(field.members ?? {}) };
    case 'literal':
      return { kind: 'enum', values: field.values ?? [] };
    case 'nested':
      return shapeOfVector(field.schema as VectorSchema);
    case 'union':
      return {
        kind: 'selector',
        fields: (field.variants ?? []).map((variant): ConfigField => {
          const tag = Object.values(variant.fields).find(({ type }) => type === 'literalTag');
          const schema = shapeOfVector(variant);
          return {
            name: String(tag?.value),
            schema,
            required: schema.fields.some((inner) => inner.required),
            description: null,
          };
        }),
      };
    default:
      throw new Error(`No schema for ${field.type}`);
  }
}
