import { partitionsDefinitionIdentity } from '../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import type { PythonNames } from './python-names.ts';
import { pythonPartitionsDefinition } from './python-partitions.ts';

/** The partitions definitions of a module: one variable for each that is not equal to another. */
export class PartitionsVariables {
  /** Assignments, in the order in which they are to stand. */
  readonly assignments: string[] = [];
  readonly #names: PythonNames;
  readonly #variables = new Map<string, string>();
  /** Many assets share one object: its identity is a long text if it lists keys. */
  readonly #known = new Map<PartitionsDefinition, string>();

  constructor(names: PythonNames) {
    this.#names = names;
  }

  /** The variable of a definition, which is called as wanted if it is new. */
  variableFor(definition: PartitionsDefinition, wanted: string): string {
    const known = this.#known.get(definition);
    if (known !== undefined) return known;
    const identity = identityOf(definition);
    let variable = this.#variables.get(identity);
    if (variable === undefined) {
      const text = pythonPartitionsDefinition(
        definition,
        (dimension) => this.#variables.get(identityOf(dimension)) ?? null,
      );
      variable = this.#names.take(wanted);
      this.assignments.push(`${variable} = ${text}`);
      this.#variables.set(identity, variable);
    }
    this.#known.set(definition, variable);
    return variable;
  }
}

/** Equal definitions of different classes of windows stay apart: Dagster's default mappings look at the class. */
function identityOf(definition: PartitionsDefinition): string {
  const className = definition.kind === 'timeWindow' ? definition.className : '';
  return `${className} ${partitionsDefinitionIdentity(definition)}`;
}
