/**
 * The one script of the sandbox frame. It starts a classic worker for each session, hands it
 * its two ports, ends it when told, answers pings, and does nothing else. The text is a
 * constant because both content security policies, the page's and the frame's, name its hash.
 *
 * On the control port come `start` (with the ports for calls and for messages), `kill` and
 * `ping`; back go `err` (a script error), `ctor` (the worker could not be made), `killed` and
 * `pong`. At most 48 workers live at once, so that a fault of ours cannot fork without end.
 */
export const bootScript = `(() => {
  'use strict';
  const nonce = document.documentElement.dataset.nonce;
  const workers = new Map();
  let connected = false;
  addEventListener('message', (event) => {
    const control = event.ports[0];
    if (connected || event.source !== parent || !control) return;
    if (!event.data || event.data.connect !== nonce) return;
    connected = true;
    const start = ({ id, code, name }, ports) => {
      if (workers.size >= 48) return control.postMessage({ t: 'ctor', id, m: 'too many workers' });
      const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
      try {
        const worker = new Worker(url, { name });
        workers.set(id, worker);
        worker.onerror = (e) => {
          e.preventDefault();
          control.postMessage({ t: 'err', id, m: e.message || '', l: e.lineno || 0, c: e.colno || 0 });
        };
        worker.postMessage({ partita: 'ports' }, ports);
        setTimeout(() => URL.revokeObjectURL(url), 10000);
      } catch (thrown) {
        URL.revokeObjectURL(url);
        control.postMessage({ t: 'ctor', id, m: String(thrown) });
      }
    };
    control.onmessage = ({ data, ports }) => {
      if (data.t === 'ping') control.postMessage({ t: 'pong', n: data.n });
      else if (data.t === 'start') start(data, ports);
      else if (data.t === 'kill') {
        const worker = workers.get(data.id);
        if (worker) worker.terminate();
        workers.delete(data.id);
        control.postMessage({ t: 'killed', id: data.id });
      }
    };
  });
  parent.postMessage({ ready: nonce }, '*');
})();`;

/** The source expression of {@link bootScript} in a policy; kept equal to it by a test. */
export const bootScriptHash = "'sha256-HhjPL1mFmerYGtY3NaIRF1kAtvcaZsx4mPldDvj4S20='";
