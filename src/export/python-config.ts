import {
  isLiteral,
  type ConfigField,
  type ConfigSchema,
  type ConfigShape,
} from '../config/config-schema.ts';
import {
  indented,
  pythonCall,
  pythonData,
  pythonDict,
  pythonList,
  pythonText,
} from './python-literal.ts';
import { PythonNames } from './python-names.ts';
import type { Imports, LeftOut } from './python-parts.ts';

/** Names that a field may not have in Python: members of pydantic's models and of Dagster's configs. */
const MEMBERS =
  'construct copy from_orm json parse_file parse_obj parse_raw schema schema_json validate update_forward_refs fields_set to_fields_dict to_config_schema super self'.split(
    ' ',
  );

/** Where a type is used: the class and the field, of which its own name is made. */
interface Place {
  readonly className: string;
  readonly field: string;
}

type ShapeField = ConfigField & { readonly schema: ConfigShape };
type EnumSchema = ConfigSchema & { readonly kind: 'enum' };

/** Writes the config classes of a module, each once, before those that hold it. */
export class PythonConfigs {
  /** The text of each class or enum, in the order in which they are to stand. */
  readonly classes: string[] = [];
  readonly #names: PythonNames;
  readonly #imports: Imports;
  readonly #leftOut: LeftOut[];
  readonly #known = new Map<string, string>();

  constructor(names: PythonNames, imports: Imports, leftOut: LeftOut[]) {
    this.#names = names;
    this.#imports = imports;
    this.#leftOut = leftOut;
  }

  /** The name of the class for a schema; the same for equal schemas that are called the same. */
  classFor(shape: ConfigShape, wanted: string): string {
    return this.#once('class', wanted, shape, (name) => this.#classText(name, shape, null));
  }

  #once(kind: string, wanted: string, data: unknown, write: (name: string) => string): string {
    const key = JSON.stringify([kind, wanted, data]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = this.#names.take(wanted);
    this.#known.set(key, name);
    this.classes.push(write(name));
    return name;
  }

  /** @param tag of an option of a union: the field that tells it from the others. */
  #classText(
    name: string,
    { fields, permissive }: ConfigShape,
    tag: { readonly field: string; readonly value: string } | null,
  ): string {
    const attributes = new PythonNames([...MEMBERS, ...this.#known.values()]);
    const lines: string[] = [];
    if (tag) lines.push(`${attributes.take(tag.field)}: ${this.#literal([tag.value])}`);
    for (const field of fields) {
      const wanted = /^_|^model_/.test(field.name) ? `field_${field.name}` : field.name;
      lines.push(this.#fieldText(name, field, attributes.take(wanted)));
    }
    const base = permissive ? 'dg.PermissiveConfig' : 'dg.Config';
    return `class ${name}(${base}):\n${indented(lines.length === 0 ? 'pass' : lines.join('\n'))}`;
  }

  /** @param attribute its name in Python; the field's own is then its alias. */
  #fieldText(className: string, field: ConfigField, attribute: string): string {
    const { name, schema, description } = field;
    const place = { className, field: name };
    const type = this.#typeOf(schema, place, true);
    const given = 'defaultValue' in field ? this.#default(schema, field.defaultValue, place) : null;
    const isUnion = schema.kind === 'selector' && isUnionOfConfigs(schema.fields);
    const options = [
      ...(attribute === name ? [] : [`alias=${pythonText(name)}`]),
      ...(isUnion ? [`discriminator=${pythonText(discriminatorOf(schema.fields))}`] : []),
      ...(description === null ? [] : [`description=${pythonText(description)}`]),
    ];
    if (options.length === 0) return `${attribute}: ${type}${given === null ? '' : ` = ${given}`}`;
    this.#imports.modules.add('pydantic');
    const args = given === null ? options : [`default=${given}`, ...options];
    return `${attribute}: ${type} = ${pythonCall('pydantic.Field', args)}`;
  }

  /** @param direct whether it is all of a field's type: Dagster reads literals and unions nowhere else. */
  #typeOf(schema: ConfigSchema, place: Place, direct: boolean): string {
    const inner = (one: ConfigSchema) => this.#typeOf(one, place, false);
    switch (schema.kind) {
      case 'string':
        return 'str';
      case 'int':
      case 'float':
      case 'bool':
        return schema.kind;
      case 'any':
        return this.#typing('Any');
      case 'array':
        return `list[${inner(schema.item)}]`;
      case 'map':
        return `dict[${inner(schema.key)}, ${inner(schema.value)}]`;
      case 'noneable':
        return `${this.#typing('Optional')}[${inner(schema.inner)}]`;
      case 'shape':
        return this.classFor(schema, nameIn(place));
      case 'enum':
        return direct && hasLiterals(schema)
          ? this.#literal(schema.values)
          : this.#enumFor(schema, place);
      case 'selector':
        if (direct && isUnionOfConfigs(schema.fields)) return this.#unionFor(schema.fields, place);
        this.#leftOut.push({
          name: `${place.className}.${place.field}`,
          reason:
            'Dagster reads a union of configs only where it is all of a field and has two options at least. Here anything is let through.',
        });
        return this.#typing('Any');
    }
  }

  #literal(values: readonly string[]): string {
    return `${this.#typing('Literal')}[${values.map(pythonText).join(', ')}]`;
  }

  #typing(name: 'Any' | 'Literal' | 'Optional' | 'Union'): string {
    this.#imports.typing.add(name);
    return name;
  }

  #enumFor(schema: EnumSchema, place: Place): string {
    return this.#once('enum', nameIn(place), schema, (name) => {
      this.#imports.modules.add('enum');
      const members = schema.values.map((value) => {
        const member = String(value);
        return [pythonText(member), pythonData(schema.valueByName?.[member] ?? value)] as const;
      });
      return `${name} = ${pythonCall('enum.Enum', [pythonText(name), pythonDict(members)])}`;
    });
  }

  #unionFor(options: readonly ShapeField[], place: Place): string {
    const classes = options.map((option) => this.#optionFor(option, options, place));
    return `${this.#typing('Union')}[${classes.join(', ')}]`;
  }

  #optionFor(option: ShapeField, all: readonly ShapeField[], place: Place): string {
    const tag = { field: discriminatorOf(all), value: option.name };
    return this.#once('option', `${nameIn(place)}_${option.name}`, [tag, option.schema], (name) =>
      this.#classText(name, option.schema, tag),
    );
  }

  /** The default of a field. Members of enums and configs within are objects there. */
  #default(schema: ConfigSchema, value: unknown, place: Place): string {
    if (value === null || value === undefined) return 'None';
    switch (schema.kind) {
      case 'noneable':
        return this.#default(schema.inner, value, place);
      case 'enum':
        return hasLiterals(schema)
          ? pythonData(value)
          : `${this.#enumFor(schema, place)}[${pythonText(String(value))}]`;
      case 'shape':
        return `${this.classFor(schema, nameIn(place))}(**${pythonData(value)})`;
      case 'selector': {
        const chosen = isUnionOfConfigs(schema.fields) ? chosenOption(schema.fields, value) : null;
        if (!chosen || !isUnionOfConfigs(schema.fields)) return pythonData(value);
        const option = this.#optionFor(chosen.option, schema.fields, place);
        const fields = { [discriminatorOf(schema.fields)]: chosen.option.name, ...chosen.fields };
        return `${option}(**${pythonData(fields)})`;
      }
      case 'array':
        return Array.isArray(value) ? pythonList(value.map(pythonData)) : pythonData(value);
      default:
        return pythonData(value);
    }
  }
}

function nameIn({ className, field }: Place): string {
  return `${className}_${field}`;
}

/** Whether it can be written as a literal type, which has a value at least. */
function hasLiterals(schema: EnumSchema): boolean {
  return isLiteral(schema) && schema.values.length > 0;
}

function isUnionOfConfigs(options: readonly ConfigField[]): options is readonly ShapeField[] {
  return options.length > 1 && options.every(({ schema }) => schema.kind === 'shape');
}

/** A name that no option of the union has for a field. */
function discriminatorOf(options: readonly ConfigField[]): string {
  const names = new Set(options.flatMap(fieldNamesOf));
  let name = 'kind';
  while (names.has(name)) name += '_';
  return name;
}

function fieldNamesOf({ schema }: ConfigField): readonly string[] {
  return schema.kind === 'shape' ? schema.fields.map(({ name }) => name) : [];
}

/** Which option a default is one of, as zod writes it: by a field that names it. */
function chosenOption(options: readonly ShapeField[], value: unknown) {
  const entries = Object.entries(value as object);
  for (const option of options) {
    const names = fieldNamesOf(option);
    const tag = entries.find(([name, one]) => String(one) === option.name && !names.includes(name));
    if (tag) return { option, fields: Object.fromEntries(entries.filter((one) => one !== tag)) };
  }
  return null;
}
