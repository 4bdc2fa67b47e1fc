import { formatSelection, partsOfProduct } from '../../partitions/selection/format-selection.ts';
import type { EvaluatedSelection } from '../../partitions/selection/evaluate-selection.ts';
import type { SelectionProblem } from '../../partitions/selection/selection-tree.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import {
  equalSubsets,
  subsetOfSpan,
  subtract,
  union,
} from '../../partitions/subset/subset-algebra.ts';
import { emptySubset, type PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { lookFurther } from './look-further.ts';
import { QUICK_TEXTS, quickChoices, type QuickChoice, type QuickChoices } from './quick-choices.ts';
import type { SelectionLanguage } from './selection-language.ts';
import type { SelectionSource } from './selection-source.ts';

/** A quick choice of more stretches of keys is written as its word. */
const QUICK_STRETCHES = 20;
/** Keys in more stretches are written as what was, and what was added or removed. */
const MOST_STRETCHES = 200;

/**
 * A choice of keys: one of the quick ones, or a text. It is live: when a key fails, `failed` has
 * one more. Its owner makes one, hands it to a `SelectionPicker`, and reads `subset`.
 */
export class SelectionState {
  readonly #sourceNow: () => SelectionSource | null;
  #choice: QuickChoice = $state('all');
  /** Of a custom choice; the others have the text of their keys. */
  #typed = $state('');
  /** What the text is known to mean, from where it came. */
  #known: { readonly index: PartitionIndex; readonly subset: PartitionsSubset } | null =
    $state.raw(null);
  #language: SelectionLanguage | null = $state.raw(null);
  #loading: Promise<void> | null = null;
  /** Counts how often patterns were looked further for. */
  #turns = $state(0);

  /** Whose keys are chosen; null for none. */
  readonly source: SelectionSource | null = $derived.by(() => this.#sourceNow());
  readonly choices: QuickChoices | null = $derived.by(() => {
    const { source } = this;
    return source && quickChoices(source.index, source.statuses);
  });
  /** The text with what it means; null for a quick choice, and until the language has come. */
  readonly answer: EvaluatedSelection | null = $derived.by(() => {
    void this.#turns;
    const { source } = this;
    if (this.#choice !== 'custom' || !source) return null;
    return this.#language?.read(this.#typed, source) ?? null;
  });
  /** The chosen keys, as far as the text could be understood. */
  readonly subset: PartitionsSubset = $derived.by(() => {
    const { source } = this;
    if (!source) return emptySubset;
    if (this.#choice !== 'custom') return this.choices?.[this.#choice] ?? emptySubset;
    if (this.answer) return this.answer.subset;
    return this.#known?.index === source.index ? this.#known.subset : emptySubset;
  });
  /** As it stands in the field. */
  readonly text: string = $derived.by(() => {
    const { source } = this;
    if (this.#choice === 'custom' || !source) return this.#typed;
    return this.subset.length / 2 <= QUICK_STRETCHES
      ? formatSelection(this.subset, source.index)
      : QUICK_TEXTS[this.#choice];
  });
  /** What is wrong with the text, in its order. */
  readonly problems: readonly SelectionProblem[] = $derived(this.answer?.problems ?? []);
  /** Whether it is not known yet which keys the text means. */
  readonly isPending: boolean = $derived.by(() => {
    if (this.#choice !== 'custom') return false;
    if (this.answer) return this.answer.isPending;
    return this.#typed !== '' && this.#known?.index !== this.source?.index;
  });

  /** @param source whose keys are chosen; null for none. A new answer for each change of what it is made of. */
  constructor(source: () => SelectionSource | null) {
    this.#sourceNow = source;
  }

  get choice(): QuickChoice {
    return this.#choice;
  }

  get language(): SelectionLanguage | null {
    return this.#language;
  }

  /** Fetches what reads texts; it is not needed as long as nobody writes one. */
  load(): Promise<void> {
    this.#loading ??= import('./selection-language.ts').then(({ SelectionLanguage: Language }) => {
      this.#language = new Language();
    });
    return this.#loading;
  }

  /** Custom leaves the keys as they are. */
  choose(choice: QuickChoice): void {
    if (choice === 'custom' && this.#choice !== 'custom') {
      const { source } = this;
      this.#typed = this.text;
      this.#known = source && { index: source.index, subset: this.subset };
      void this.load();
    }
    this.#choice = choice;
  }

  setText(text: string): void {
    this.#choice = 'custom';
    this.#typed = text;
    this.#known = null;
    void this.load();
  }

  setSubset(subset: PartitionsSubset): void {
    const { source } = this;
    if (!source) return;
    this.#choice = 'custom';
    this.#typed = textOf(subset, source.index);
    this.#known = { index: source.index, subset };
    // Ordinals move when keys come; the text says what was meant.
    void this.load();
  }

  add(keys: PartitionsSubset): void {
    this.#change(union(this.subset, keys), (text, more) => `${text}, ${more}`, keys);
  }

  remove(keys: PartitionsSubset): void {
    this.#change(subtract(this.subset, keys), (text, less) => `(${text}) - (${less})`, keys);
  }

  /** Looks further for what is pending, frame by frame; returns what ends it. For use in an effect. */
  lookFurther(): (() => void) | undefined {
    if (!this.isPending || !this.answer || !this.#language) return undefined;
    return lookFurther(this.#language.scans, () => (this.#turns += 1));
  }

  #change(
    result: PartitionsSubset,
    write: (text: string, keys: string) => string,
    keys: PartitionsSubset,
  ): void {
    const { source } = this;
    if (!source) return;
    const isShort =
      result.length / 2 <= MOST_STRETCHES ||
      keys.length / 2 > MOST_STRETCHES ||
      partsOfProduct(result, source.index) !== null;
    if (isShort) this.setSubset(result);
    else this.setText(write(this.text, formatSelection(keys, source.index)));
  }
}

/** A subset as text: in two dimensions its parts, where it is every pair of them. */
function textOf(subset: PartitionsSubset, index: PartitionIndex): string {
  const { definition, dimensions = [] } = index;
  const product = definition.kind === 'multi' ? partsOfProduct(subset, index) : null;
  if (definition.kind !== 'multi' || product === null || subset.length === 0) {
    return formatSelection(subset, index);
  }
  const texts = product.flatMap((parts, position) => {
    const dimension = dimensions[position];
    if (dimension === undefined) return [];
    if (equalSubsets(parts, subsetOfSpan(0, dimension.count))) return [];
    const list = formatSelection(parts, dimension);
    // Two neighbours are written as two.
    const isOne = parts.length === 2 && (parts[1] ?? 0) - (parts[0] ?? 0) !== 2;
    return [`${definition.dimensions[position]?.name ?? ''}=${isOne ? list : `(${list})`}`];
  });
  return texts.length === 0 ? 'all' : texts.join(' & ');
}
