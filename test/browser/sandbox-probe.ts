/**
 * A cell whose asset tries every way out that we know of, against `origin`, and returns what
 * came of each. It takes its globals from wherever they may still be found.
 */
export function probeCell(origin: string): string {
  return `const probe = dg.asset(async () => {
  const origin = ${JSON.stringify(origin)};
  const answers = {};
  const attempt = async (name, run) => {
    try {
      const done = await Promise.race([run(), new Promise((r) => setTimeout(() => r('pending'), 600))]);
      answers[name] = String(done).slice(0, 60);
    } catch (thrown) {
      answers[name] = 'refused: ' + String(thrown && thrown.message).slice(0, 60);
    }
  };
  const heard = (target) => new Promise((resolve) => {
    target.onopen = () => resolve('open');
    target.onerror = () => resolve('error');
    target.onmessage = () => resolve('message');
  });
  const blob = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const outside = "fetch('" + origin + "/nested')";
  await attempt('fetch', () => fetch(origin + '/fetch').then((r) => 'reached'));
  await attempt('fetch of the prototype', () => Object.getPrototypeOf(globalThis).fetch(origin + '/fetch-prototype'));
  await attempt('fetch of a data URL', () => fetch('data:text/plain,x').then(() => 'read'));
  await attempt('fetch of a blob URL', () => fetch(blob('x')).then(() => 'read'));
  await attempt('XMLHttpRequest', async () => { const x = new XMLHttpRequest(); x.open('GET', origin + '/xhr', false); x.send(); return 'sent'; });
  await attempt('WebSocket', () => heard(new WebSocket(origin.replace('http', 'ws') + '/socket')));
  await attempt('EventSource', () => heard(new EventSource(origin + '/events')));
  await attempt('WebTransport', () => new WebTransport(origin.replace('http:', 'https:') + '/transport').ready);
  await attempt('importScripts', async () => { importScripts(origin + '/import-scripts'); return 'loaded'; });
  await attempt('sendBeacon', async () => navigator.sendBeacon(origin + '/beacon', 'x'));
  await attempt('Worker of a blob', () => heard(new Worker(blob(outside))));
  await attempt('Worker of a data URL', () => heard(new Worker('data:text/javascript,' + encodeURIComponent(outside))));
  await attempt('Worker of the network', () => heard(new Worker(origin + '/worker')));
  await attempt('SharedWorker', async () => new SharedWorker(origin + '/shared') && 'made');
  await attempt('indexedDB', async () => { indexedDB.open('x'); return 'opened'; });
  await attempt('caches', () => caches.open('x').then(() => 'opened'));
  await attempt('BroadcastChannel', async () => { new BroadcastChannel('x').postMessage('out'); return 'sent'; });
  await attempt('locks', () => navigator.locks.request('x', () => 'locked'));
  await attempt('storage', () => navigator.storage.getDirectory().then(() => 'opened'));
  await attempt('RTCPeerConnection', async () => new RTCPeerConnection() && 'made');
  await attempt('Function', async () => (() => {}).constructor('return 1')());
  await attempt('postMessage', async () => { postMessage({ t: 'err', id: 1 }); return 'posted'; });
  await attempt('close', async () => { close(); return 'closed'; });
  return answers;
});`;
}

/** A cell that steals the ports of its worker and speaks on them what it should not. */
export const COMLINK_ATTACK = `const attack = dg.asset(async (context) => {
  const stolen = new Set();
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (...args) {
    stolen.add(this);
    return post.apply(this, args);
  };
  context.log.info('makes the runtime use its port');
  await files.write('a.txt', 'and the other');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const raw = (value) => ({ type: 'RAW', value });
  const text = "Object.prototype.polluted = 'by text'";
  for (const port of stolen) {
    let id = 0;
    for (const path of [['__proto__', 'polluted'], ['constructor', 'prototype', 'polluted'], ['log', '__proto__', 'polluted']]) {
      post.call(port, { id: 'set' + (id += 1), type: 'SET', path, value: raw('by set') });
    }
    for (const path of [['constructor'], ['constructor', 'constructor'], ['log', 'constructor'], ['__proto__', 'constructor', 'constructor']]) {
      post.call(port, { id: 'apply' + (id += 1), type: 'APPLY', path, argumentList: [raw(text)] });
      post.call(port, { id: 'new' + (id += 1), type: 'CONSTRUCT', path, argumentList: [raw(text)] });
      post.call(port, { id: 'get' + (id += 1), type: 'GET', path });
    }
    post.call(port, { id: 'end', type: 'ENDPOINT', path: [] });
    const forged = JSON.parse('{"kind": "log", "__proto__": {"polluted": "by message"}, "stepId": 1}');
    post.call(port, [forged]);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  return stolen.size;
});`;
