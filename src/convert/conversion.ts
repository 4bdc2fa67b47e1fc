import type { AssetKeyText, Definitions } from '../definitions/definitions.ts';
import type { Cell } from '../notebook/notebook.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { TurnedForm } from './asset-form.ts';
import type { NewOption } from './code-texts.ts';

/** Which assets are turned, and into what. */
export interface ConversionRequest {
  /** Those of the notebook as it stands, text cells too. */
  readonly cells: readonly Cell[];
  /** What these declare. */
  readonly definitions: Definitions;
  readonly assetKeys: readonly AssetKeyText[];
  readonly to: TurnedForm;
  /** The field of config that names the piece; null for the one that the code suggests. */
  readonly field: string | null;
  /** Where the keys come from, if the assets have none yet; null for what the code suggests. */
  readonly partitions: PartitionsChoice | null;
  /** What a hybrid's config begins with if there are no options yet; null for what the code suggests. */
  readonly option: NewOption | null;
}

export type PartitionsChoice =
  /** A constant of the notebook. */
  | { readonly kind: 'existing'; readonly name: string }
  | { readonly kind: 'static'; readonly keys: readonly PartitionKey[] }
  | { readonly kind: 'dynamic' };

/** One cell that changes. */
export type CellChange =
  | {
      readonly kind: 'edit';
      readonly cellId: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: 'delete'; readonly cellId: string; readonly before: string }
  /** A code cell, before the one named; null for the end. Those before the same stand in this order. */
  | { readonly kind: 'add'; readonly beforeCellId: string | null; readonly after: string };

/** Something that the reader should know of a part of the notebook. */
export interface Finding {
  /** An asset, a job, a schedule, a sensor or a class, by its name. */
  readonly part: string;
  /** One sentence or two. */
  readonly sentence: string;
}

/** What turning comes to, as edits of cells. */
export interface Conversion {
  /** In the order of the notebook; none if there is an obstacle. */
  readonly changes: readonly CellChange[];
  /** What cannot be turned, and why; empty if everything can. */
  readonly obstacles: readonly Finding[];
  /** What will be different, and what is left to do by hand. */
  readonly notes: readonly Finding[];
}
