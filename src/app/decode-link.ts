import { fromBase64Url } from '../notebook/base64-url.ts';
import { crc32 } from '../notebook/crc32.ts';
import { LINK_VERSION, MAX_LINK_BYTES, type LinkPayload } from '../notebook/link.ts';
import { unpackLink } from './unpack-link.ts';

/** What became of reading a link; every failure has a sentence for people. */
export type LinkResult =
  | { readonly status: 'ok'; readonly payload: LinkPayload }
  | {
      readonly status: 'truncated' | 'corrupt' | 'unknown_version' | 'too_large';
      readonly message: string;
    };

/** Reads what stands after `#p=`. Never rejects, and never holds much more than 4 MB. */
export async function decodeLink(text: string): Promise<LinkResult> {
  const version = text.slice(0, 1);
  if (version === '') return failed('truncated');
  if (!/\d/.test(version)) return failed('corrupt');
  if (version !== LINK_VERSION) {
    return {
      status: 'unknown_version',
      message: `This link needs version ${version} of the link format. This version of Partita reads version ${LINK_VERSION}.`,
    };
  }
  const packed = fromBase64Url(text.slice(1));
  if (!packed) return failed('corrupt');
  if (packed.length === 0) return failed('truncated');
  const unpacked = await unpackLink(packed);
  return typeof unpacked === 'string' ? failed(unpacked) : readPayload(unpacked);
}

/** A byte order mark is part of a file. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function readPayload(bytes: Uint8Array): LinkResult {
  const space = bytes.indexOf(0x20);
  const content = bytes.subarray(space + 1);
  if (space < 0 || textOf(bytes.subarray(0, space)) !== crc32(content).toString(36)) {
    return failed('corrupt');
  }
  // The checksum holds, so this is what encodeLink wrote.
  const written = textOf(content);
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

const MESSAGES = {
  truncated: 'This link is truncated: its end is missing. Copy it again in full.',
  corrupt: 'This link is damaged: what it holds is not what was written. Copy it again.',
  too_large: `This link unpacks to more than ${MAX_LINK_BYTES / 1024 / 1024} MB. It was not opened.`,
};

function failed(status: keyof typeof MESSAGES): LinkResult {
  return { status, message: MESSAGES[status] };
}
