/** What a link carries. */
export interface LinkPayload {
  /** The notebook as a file. */
  readonly source: string;
  /** Where its clock stood, in epoch milliseconds; null for real time. */
  readonly at: number | null;
  /** The view that was selected, in words of the sender's choosing; null for none. One line. */
  readonly view: string | null;
}

/** The version that is written; the first letter of what stands after `#p=`. */
export const LINK_VERSION = '1';

/** The most bytes that a link may unpack to. */
export const MAX_LINK_BYTES = 4 * 1024 * 1024;

/**
 * Undoes deflate, or says what is wrong: the end is missing, it is none, or it would come to more than
 * {@link MAX_LINK_BYTES}. Never rejects, and never holds much more than that.
 */
export type Unpack = (
  packed: Uint8Array<ArrayBuffer>,
) => Promise<Uint8Array | 'truncated' | 'corrupt' | 'too_large'>;
