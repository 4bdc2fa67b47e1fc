import { createServer } from 'node:http';
import { listen, type RunningServer } from './static-server.ts';

/** A foreign origin that answers everyone and remembers who came. */
export interface HitCounter extends RunningServer {
  /** Method and path of each request, and of each attempt at a socket, in order. */
  readonly hits: readonly string[];
}

/** Starts an origin of its own, which allows every other origin to read it. */
export async function countHits(): Promise<HitCounter> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Content-Type', 'text/javascript');
    response.end('globalThis.reached = true;');
  });
  server.on('upgrade', (request, socket) => {
    hits.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  return { ...(await listen(server)), hits };
}
