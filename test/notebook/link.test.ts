import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '../../src/notebook/base64-url.ts';
import { decodeLink } from '../../src/app/decode-link.ts';
import { encodeLink } from '../../src/notebook/encode-link.ts';

const PAYLOAD = {
  source:
    '<!-- partita 1\ntitle: A\n-->\n\n# Äpfel 🍏\n\n```ts\nconst a = dg.asset(() => 1);\n```\n',
  at: Date.UTC(2026, 2, 10, 9),
  view: 'partitions/customer_orders',
};

function flip(link: string, at: number, bit: number): string {
  const bytes = fromBase64Url(link.slice(1));
  if (!bytes) throw new Error('not a link');
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return link.slice(0, 1) + toBase64Url(bytes);
}

/** A link that unpacks to so many megabytes of one letter: one of them packed, and repeated. */
function bomb(megabytes: number): string {
  const letters = Buffer.alloc(1024 * 1024, 'a');
  const packed = deflateRawSync(letters, { finishFlush: constants.Z_SYNC_FLUSH });
  const end = deflateRawSync(Buffer.alloc(0));
  return `1${toBase64Url(Buffer.concat([...Array<Buffer>(megabytes).fill(packed), end]))}`;
}

describe('the link codec (NB)', () => {
  it('[NB-13] a link gives back file, instant and view', async () => {
    expect(await decodeLink(encodeLink(PAYLOAD))).toEqual({ status: 'ok', payload: PAYLOAD });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.option(fc.integer()),
        fc.option(fc.stringMatching(/^[a-z/ ]{1,20}$/)),
        async (source, at, view) => {
          const link = encodeLink({ source, at, view });
          expect(link).toMatch(/^1[\w-]+$/);
          expect(await decodeLink(link)).toEqual({ status: 'ok', payload: { source, at, view } });
        },
      ),
      { seed: 13, numRuns: 15 },
    );
  });

  it('[NB-13] links written once open for ever', async () => {
    const link =
      '1y8_KyMtPVDA0Nzc2NDY2MgABhYLEopLMksz8vGL95NLikvzc1KL4_KKU1KJiLhtFXV2oPFAXF5DKSbVScOTS1bXj4lJWONxSkJaao_Bhfm8_F1dCQkJJMVcy0JgShUQFW4WUdL3E4uLUEg0NTQVbOwVDTWuQEi4A';
    expect(await decodeLink(link)).toEqual({ status: 'ok', payload: PAYLOAD });
  });

  it('[NB-14] a link cut anywhere is truncated', async () => {
    const link = encodeLink(PAYLOAD);
    for (let length = 0; length < link.length - 1; length += 1) {
      expect((await decodeLink(link.slice(0, length))).status).toBe('truncated');
    }
  });

  it('[NB-15] a flipped bit is noticed', async () => {
    const link = encodeLink(PAYLOAD);
    const length = fromBase64Url(link.slice(1))?.length ?? 0;
    for (let at = 0; at < length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const result = await decodeLink(flip(link, at, bit));
        // The bits after the end of the stream carry nothing.
        if (result.status === 'ok') expect([at, result.payload]).toEqual([length - 1, PAYLOAD]);
        else expect(['corrupt', 'truncated']).toContain(result.status);
      }
    }
  });

  it('[NB-15] what is no link is corrupt, and never throws', async () => {
    for (const text of ['x', '1!', '1a b', '1a%20', '1////']) {
      expect((await decodeLink(text)).status).toBe('corrupt');
    }
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.uint8Array({ maxLength: 300 }), async (text, bytes) => {
        expect((await decodeLink(text)).status).not.toBe('ok');
        expect((await decodeLink(`1${toBase64Url(bytes)}`)).status).not.toBe('ok');
      }),
      { seed: 15, numRuns: 1000 },
    );
  });

  it('[NB-16] another version says which one is needed', async () => {
    expect(await decodeLink('7abc')).toEqual({
      status: 'unknown_version',
      message: expect.stringContaining('version 7'),
    });
  });

  it('[NB-17] a bomb is refused', async () => {
    const unpacked = inflateRawSync(fromBase64Url(bomb(5).slice(1)) ?? '');
    expect(unpacked).toHaveLength(5 * 1024 * 1024);
    expect(await decodeLink(bomb(5))).toMatchObject({ status: 'too_large' });
    expect(await decodeLink(bomb(200))).toMatchObject({ status: 'too_large' });
    // Within the cap it is unpacked, and found not to be a link of ours.
    expect(await decodeLink(bomb(3))).toMatchObject({ status: 'corrupt' });
    const large = { source: 'ab'.repeat(100_000), at: null, view: null };
    expect((await decodeLink(encodeLink(large))).status).toBe('ok');
  });
});
