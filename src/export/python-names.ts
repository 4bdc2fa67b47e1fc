/** Python's keywords, those that are keywords only in places among them. */
const KEYWORDS =
  'False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try type while with yield _';

/** What generated code calls by its name, and so may not be hidden. */
const USED =
  'Any Literal Optional Union bool datetime defs dg dict enum float int list partita pydantic str';

const RESERVED: ReadonlySet<string> = new Set(`${KEYWORDS} ${USED}`.split(' '));

/** Hands out identifiers of one Python scope, each once. */
export class PythonNames {
  readonly #taken: Set<string>;

  /** @param taken further identifiers that may not be used. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** An identifier like `wanted`: that itself if it is one, is free, and means nothing else. */
  take(wanted: string): string {
    let base = wanted.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|__)/, 'x');
    if (base === '' || RESERVED.has(base)) base = `${base}_`;
    let name = base;
    for (let count = 2; this.#taken.has(name) || RESERVED.has(name); count += 1) {
      name = `${base}_${count}`;
    }
    this.#taken.add(name);
    return name;
  }
}
