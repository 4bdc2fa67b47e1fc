import { deflateSync, FlateErrorCode, Inflate, strFromU8, strToU8, type FlateError } from 'fflate';
import { fromBase64Url, toBase64Url } from './base64-url.ts';
import { crc32 } from './crc32.ts';

/** What a link carries. */
export interface LinkPayload {
  /** The notebook as a file. */
  readonly source: string;
  /** Where its clock stood, in epoch milliseconds; null for real time. */
  readonly at: number | null;
  /** The view that was selected, in words of the sender's choosing; null for none. One line. */
  readonly view: string | null;
}

/** What became of reading a link; every failure has a sentence for people. */
export type LinkResult =
  | { readonly status: 'ok'; readonly payload: LinkPayload }
  | {
      readonly status: 'truncated' | 'corrupt' | 'unknown_version' | 'too_large';
      readonly message: string;
    };

const VERSION = '1';

/** The most bytes that a link may unpack to. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Deflate makes at most 1,032 bytes of one, so no piece unpacks to much more than 1 MB. */
const PIECE_BYTES = 1024;

/**
 * The text that stands after `#p=`: the version digit, then base64url of what
 * deflate makes of one line (CRC-32 of the rest, instant, view) and the file.
 */
export function encodeLink({ source, at, view }: LinkPayload): string {
  const content = `${at ?? ''} ${view ?? ''}\n${source}`;
  const checksum = crc32(strToU8(content)).toString(36);
  return VERSION + toBase64Url(deflateSync(strToU8(`${checksum} ${content}`), { level: 9 }));
}

/** Reads what stands after `#p=`. Never throws, and never holds much more than 4 MB. */
export function decodeLink(text: string): LinkResult {
  const version = text.slice(0, 1);
  if (version === '') return truncated();
  if (!/\d/.test(version)) return corrupt();
  if (version !== VERSION) {
    return {
      status: 'unknown_version',
      message: `This link needs version ${version} of the link format. This version of Partita reads version ${VERSION}.`,
    };
  }
  const packed = fromBase64Url(text.slice(1));
  if (!packed) return corrupt();
  if (packed.length === 0) return truncated();
  const unpacked = inflate(packed);
  return unpacked instanceof Uint8Array ? readPayload(unpacked) : unpacked;
}

function readPayload(bytes: Uint8Array): LinkResult {
  const space = bytes.indexOf(0x20);
  const content = bytes.subarray(space + 1);
  if (space < 0 || strFromU8(bytes.subarray(0, space)) !== crc32(content).toString(36)) {
    return corrupt();
  }
  // The checksum holds, so this is what encodeLink wrote.
  const written = strFromU8(content);
  const lineEnd = written.indexOf('\n');
  const line = written.slice(0, lineEnd);
  const gap = line.indexOf(' ');
  const at = line.slice(0, gap);
  return {
    status: 'ok',
    payload: {
      source: written.slice(lineEnd + 1),
      at: at === '' ? null : Number(at),
      view: line.slice(gap + 1) || null,
    },
  };
}

/** Unpacks piece by piece, so that a bomb is refused before it fills the memory. */
function inflate(packed: Uint8Array): Uint8Array | LinkResult {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Inflate((piece) => {
    pieces.push(piece);
    size += piece.length;
  });
  try {
    // The last byte goes alone: fflate tells that a stream has not ended only while it has bytes.
    const last = packed.length - 1;
    for (let from = 0; from < last; from += PIECE_BYTES) {
      stream.push(packed.subarray(from, Math.min(from + PIECE_BYTES, last)));
      if (size > MAX_BYTES) return tooLarge();
    }
    stream.push(packed.subarray(last), true);
  } catch (error) {
    // Nothing but fflate throws here.
    return (error as FlateError).code === FlateErrorCode.UnexpectedEOF ? truncated() : corrupt();
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function truncated(): LinkResult {
  return {
    status: 'truncated',
    message: 'This link is truncated: its end is missing. Copy it again in full.',
  };
}

function corrupt(): LinkResult {
  return {
    status: 'corrupt',
    message: 'This link is damaged: what it holds is not what was written. Copy it again.',
  };
}

function tooLarge(): LinkResult {
  return {
    status: 'too_large',
    message: `This link unpacks to more than ${MAX_BYTES / 1024 / 1024} MB. It was not opened.`,
  };
}
