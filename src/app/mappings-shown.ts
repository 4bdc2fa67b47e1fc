/** Which dependency a view is about. */
export interface MappingEdge {
  readonly upstream: string;
  readonly downstream: string;
}

/** What the view of mappings shows, beside the key in focus. */
export interface MappingsShown {
  /** Null for the first of the notebook. */
  readonly edge: MappingEdge | null;
  /** Whether it follows a key downstream to what it reads, or a key upstream to what reads it. */
  readonly looks: 'up' | 'down';
  /** So many keys of the end that is looked from; null as fits. */
  readonly span: number | null;
  /** A mapping that is tried instead of the notebook's, as text; null if none is. */
  readonly trial: string | null;
}

/** As the view begins. */
export const mappingsAtFirst: MappingsShown = {
  edge: null,
  looks: 'up',
  span: null,
  trial: null,
};

/** What a query says of the view; what it does not know it leaves alone. */
export function parseMappingsShown(query: URLSearchParams): MappingsShown {
  // No asset key has a dot.
  const [upstream, downstream] = (query.get('edge') ?? '').split('.');
  const span = Number(query.get('span'));
  return {
    edge: upstream && downstream ? { upstream, downstream } : null,
    looks: query.get('looks') === 'down' ? 'down' : 'up',
    span: Number.isSafeInteger(span) && span > 0 ? span : null,
    trial: query.get('try'),
  };
}

/** Adds to a query what `parseMappingsShown` reads. */
export function addMappingsShown(query: URLSearchParams, shown: MappingsShown): void {
  const { edge, looks, span, trial } = shown;
  if (edge) query.set('edge', `${edge.upstream}.${edge.downstream}`);
  if (looks === 'down') query.set('looks', looks);
  if (span !== null) query.set('span', String(span));
  if (trial !== null) query.set('try', trial);
}
