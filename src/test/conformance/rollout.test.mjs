import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { clients, compileLines, documentsLines } from './java.mjs';
import { startPage } from './page.mjs';
import { Pod, Service } from './pod.mjs';
import { startPostgres } from './postgres.mjs';
import { KEY, LIMIT, seats, upTo } from './seats.mjs';
import { openAll } from './streams.mjs';

/** Said within the drain's budget, and not. */
const SHORT = 250;
const LONG = 1500;

const postgres = await startPostgres();

test('a sidecar that drains ends no stream that can end in time', LIMIT, async () => {
  const sidecar = await seats.sidecar();
  const opened = await openAll(sidecar.port, 'count to 200');
  const exit = sidecar.terminate();
  for (const { name, ended } of opened) assert.deepEqual(await ended, { text: upTo(200) }, name);
  assert.equal(await exit, 0);
});

describe('a rollout, with PostgreSQL', { skip: !postgres && 'no PostgreSQL for this machine' }, () => {
  let ending;
  let staying;
  let service;
  let page;

  before(async () => {
    const settings = {
      ...postgres.settings,
      'lastcall.model.scripted.tokens-per-second': 50,
      'lastcall.drain.grace-period': '10s',
      'lastcall.drain.exit-margin': '500ms',
      'lastcall.drain.lame-duck.min': '0s',
      'lastcall.drain.lame-duck.max': '0s',
      'lastcall.drain.cancel-reserve': '1s',
      'lastcall.drain.release-reserve': '1500ms',
    };
    [ending, staying] = await Promise.all([Pod.start(settings), Pod.start(settings), compileLines()]);
    service = await Service.start(ending.port);
    page = await startPage(service.port);
  }, LIMIT);

  after(async () => {
    await page?.close();
    service?.close();
    await ending?.close();
    await staying?.close();
    await postgres.close();
  });

  test('no stream, chat or page loses anything', { timeout: 120_000 }, async () => {
    const shown = page?.chat(`count to ${LONG}`);
    const java = clients(service.port, 'streams', `count to ${LONG}`);
    const resumedInJava = documentsLines(service.port, LONG);
    await Promise.all([java, resumedInJava, shown].map((each) => each?.begun));
    const resumed = resumedByTheDocumentsLines(service.port, LONG);
    const long = await openAll(service.port, `count to ${LONG}`);
    await resumed.begun;
    const short = await openAll(service.port, `count to ${SHORT}`);

    service.ports = [staying.port];
    const exit = ending.terminate();
    for (const { name, ended } of short) assert.deepEqual(await ended, { text: upTo(SHORT) }, name);
    for (const { name, ended } of long) {
      const { text, error } = await ended;
      assert.ok(error, `${name}: broken off, and taken for whole: ${text.slice(-20)}`);
      assert.ok(upTo(LONG).startsWith(text), name);
    }
    assert.equal((await resumed.text), upTo(LONG));
    assert.equal((await resumedInJava.ended).at(-1), upTo(LONG));
    for (const line of await java.ended) {
      const [name, kind, end, text] = line.split('\t');
      if (kind === 'whole') assert.equal(text, upTo(LONG), name);
      else assert.equal(end, 'broken', `${name}: broken off, and taken for whole`);
    }
    assert.equal(await exit, 0);
    if (shown) assert.equal((await shown.text).trim(), upTo(LONG).trim());
  });
});

/** A stream as a client reads it that has the lines for Node in the documents. */
function resumedByTheDocumentsLines(port, n) {
  const lines = readFileSync(join(process.env.LASTCALL_HOME, 'src/docs/openai-api.md'), 'utf8').match(/```js\n([^]*?)```/)[1];
  const AsyncFunction = (async () => {}).constructor;
  const goOn = new AsyncFunction('OpenAI', 'client', 'id', 'last', 'take', lines);
  const client = new OpenAI({ baseURL: `http://localhost:${port}/v1`, apiKey: KEY });
  let begun;
  let text = '';
  const take = (event) => {
    if (event.type === 'response.output_text.delta') text += event.delta;
  };
  const reading = async () => {
    let id;
    let last = -1;
    try {
      for await (const event of await client.responses.create({ model: 'scripted', input: `count to ${n}`, stream: true })) {
        id ??= event.response?.id;
        last = event.sequence_number;
        take(event);
        if (text) begun();
      }
    } catch {
      await goOn(OpenAI, client, id, last, take);
      return text;
    }
    throw new Error('was not broken off');
  };
  return { begun: new Promise((resolve) => (begun = resolve)), text: reading() };
}
