/** What the view of the graph shows, beside the asset in focus and the dependency that is chosen. */
export interface GraphShown {
  /** Whether jobs, schedules and sensors stand beside the assets. */
  readonly automation: boolean;
  /** Groups that are drawn as one node; null as fits. */
  readonly folded: readonly string[] | null;
  /** Assets that were picked to do something with them. */
  readonly picked: readonly string[];
}

/** As the view begins. */
export const graphAtFirst: GraphShown = { automation: false, folded: null, picked: [] };

/** What a query says of the view; what it does not know it leaves alone. */
export function parseGraphShown(query: URLSearchParams): GraphShown {
  return {
    automation: query.has('launchers'),
    folded: query.has('folded') ? listIn(query.get('folded')) : null,
    picked: listIn(query.get('picked')),
  };
}

/** Adds to a query what `parseGraphShown` reads. */
export function addGraphShown(query: URLSearchParams, shown: GraphShown): void {
  const { automation, folded, picked } = shown;
  if (automation) query.set('launchers', '');
  // No name of an asset or a group has a dot.
  if (folded !== null) query.set('folded', folded.join('.'));
  if (picked.length > 0) query.set('picked', picked.join('.'));
}

function listIn(text: string | null): readonly string[] {
  return (text ?? '').split('.').filter((name) => name !== '');
}
