// What the service adds to a model's first token and between tokens, beside a direct call of the same upstream.
//   node src/bench/latency.mjs target/quarkus-app/quarkus-run.jar [key=value ...]
// Each token carries the time at which the upstream wrote it: what is added is the time on the way. Settings such as a JDBC URL make runs durable.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import readline from 'node:readline';

const [jar, ...settings] = process.argv.slice(2);
const TOKENS = 40;
const GAP = 10;
const ROUNDS = 60;
const now = () => Number(process.hrtime.bigint()) / 1e6;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const upstream = http.createServer(async (request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let i = 0; i < TOKENS; i++) {
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: `${now()} ` } }] })}\n\n`);
    await pause(GAP);
  }
  response.end(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`);
});
upstream.listen(0, '127.0.0.1');
await once(upstream, 'listening');
const direct = `http://127.0.0.1:${upstream.address().port}/v1`;

const properties = { 'quarkus.http.port': 0, 'quarkus.management.port': 0, 'lastcall.model.openai.base-url': direct };
if (!settings.some((each) => each.startsWith('quarkus.datasource'))) {
  Object.assign(properties, { 'quarkus.datasource.active': false, 'quarkus.redis.active': false });
}
const args = [...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`), ...settings.map((each) => `-D${each}`)];
const pod = spawn('java', ['-Xmx512m', ...args, '-jar', jar], { stdio: ['ignore', 'pipe', 'inherit'] });
let port;
for await (const line of readline.createInterface({ input: pod.stdout })) {
  port = line.match(/Listening on: http:\/\/\S+?:(\d+)/)?.[1];
  if (port) break;
}
pod.stdout.resume();

/** The time on the way of the first token from the request's sending, and of each later one from the upstream's writing. */
async function ask(base) {
  const begun = now();
  const answer = await fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] }),
  });
  let first;
  const later = [];
  let rest = '';
  for await (const bytes of answer.body) {
    const read = now();
    const lines = (rest + Buffer.from(bytes)).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const written = Number(line.match(/"content":"([\d.]+) "/)?.[1]);
      if (!written) continue;
      if (first === undefined) first = read - begun;
      else later.push(read - written);
    }
  }
  return { first, later };
}

const quantile = (values, q) => values.sort((a, b) => a - b)[Math.floor(q * (values.length - 1))].toFixed(2);
for (const [name, base] of [['warm-up', `http://127.0.0.1:${port}/v1`], ['direct', direct], ['service', `http://127.0.0.1:${port}/v1`]]) {
  const first = [];
  const later = [];
  for (let i = 0; i < ROUNDS; i++) {
    const seen = await ask(base);
    first.push(seen.first);
    later.push(...seen.later);
  }
  console.log(`${name}: first token p50 ${quantile(first, 0.5)} ms p99 ${quantile(first, 0.99)} ms; later tokens p50 ${quantile(later, 0.5)} ms p99 ${quantile(later, 0.99)} ms`);
}
pod.kill('SIGKILL');
upstream.closeAllConnections();
upstream.close();
