import { deflateSync, strToU8 } from 'fflate';
import { toBase64Url } from './base64-url.ts';
import { crc32 } from './crc32.ts';
import { LINK_VERSION, type LinkPayload } from './link.ts';

/**
 * The text that stands after `#p=`: the version digit, then base64url of what
 * deflate makes of one line (CRC-32 of the rest, instant, view) and the file.
 */
export function encodeLink({ source, at, view }: LinkPayload): string {
  const content = `${at ?? ''} ${view ?? ''}\n${source}`;
  const checksum = crc32(strToU8(content)).toString(36);
  return LINK_VERSION + toBase64Url(deflateSync(strToU8(`${checksum} ${content}`), { level: 9 }));
}
