import { after } from 'node:test';
import { Pod } from './pod.mjs';
import { startTool } from './tool.mjs';

export const KEY = 'sk-conformance';
export const LIMIT = { timeout: 60_000 };
export const upTo = (n) => Array.from({ length: n }, (_, i) => `${i + 1} `).join('');

/** The text of what the built-in model says back word by word: structured output where the prompt is JSON. */
export const CITY = { city: 'Oslo', degrees: 7 };

let service;
let sidecar;
const open = [];
after(async () => {
  for (const each of open.reverse()) await each.close();
});

/** The service alone, without a database; and the same behind a sidecar. Each is started once, and ends with the tests. */
export const seats = {
  service: () => (service ??= startService()),
  sidecar: () => (sidecar ??= startSidecar()),
};

async function startService() {
  const tool = await startTool();
  open.push(tool);
  const pod = await Pod.start({
    'lastcall.api.keys': `conformance:${KEY}`,
    'lastcall.model.scripted.tokens-per-second': 100,
    'lastcall.tool.weather.url': tool.url,
    'lastcall.tool.weather.description': 'the weather of a city',
    'lastcall.embedding.in-process': true,
    'lastcall.embedding.library': process.env.LASTCALL_EMBEDDING,
  });
  open.push(pod);
  return pod;
}

async function startSidecar() {
  const pod = await seats.service();
  const before = await Pod.start({
    'lastcall.proxy.upstream': `http://127.0.0.1:${pod.port}`,
    'lastcall.proxy.listen': '127.0.0.1:0',
    'lastcall.drain.grace-period': '8s',
    'lastcall.drain.exit-margin': '500ms',
    'lastcall.drain.lame-duck.min': '0s',
    'lastcall.drain.lame-duck.max': '0s',
    'lastcall.drain.cancel-reserve': '1s',
    'lastcall.drain.release-reserve': '1500ms',
  });
  open.push(before);
  return before;
}
