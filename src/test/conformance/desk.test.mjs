import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Pod, Service } from './pod.mjs';
import { startPostgres } from './postgres.mjs';
import { LIMIT } from './seats.mjs';

const postgres = await startPostgres();

describe('the example support-desk, with PostgreSQL', { skip: !postgres && 'no PostgreSQL for this machine' }, () => {
  let pods = [];
  let service;

  before(async () => {
    const settings = {
      ...postgres.settings,
      'lastcall.model.scripted.tokens-per-second': 1000,
      'lastcall.embedding.in-process': true,
      'lastcall.embedding.library': process.env.LASTCALL_EMBEDDING,
      // So that there is something left to hand over, however fast the machine is.
      'lastcall.vector-store.batch': 1,
      'lastcall.drain.grace-period': '10s',
      'lastcall.drain.exit-margin': '500ms',
      'lastcall.drain.lame-duck.min': '0s',
      'lastcall.drain.lame-duck.max': '0s',
      'lastcall.drain.cancel-reserve': '1s',
      'lastcall.drain.release-reserve': '1500ms',
    };
    await appendFile(new URL('support-desk/handbook.md', import.meta.url), storeRoom(1000));
    pods = await Promise.all([Pod.start(settings), Pod.start(settings)]);
    service = await Service.start(pods[0].port);
  }, LIMIT);

  after(async () => {
    service?.close();
    for (const pod of pods) await pod.close();
    await postgres.close();
  });

  test('answers from its handbook although the pod that embeds it ends', { timeout: 120_000 }, async () => {
    const first = ask(service.port);
    const ending = await Promise.race([embedding(pods), first.then(() => assert.fail('embedded before a pod was seen to embed'))]);
    const staying = pods.find((pod) => pod !== ending);
    service.ports = [staying.port];
    assert.equal(await ending.terminate(), 0);
    assert.match(ending.output.join('\n'), /"handed-off":1\b/);
    const answer = await first;
    assert.match(answer, /paid to the card that was charged, within ten working days/);
    const [source] = answer.match(/Sources: handbook\.md \(file-\w+\)/);
    // The store of the first time is found again.
    assert.ok((await ask(staying.port)).includes(source));
  });
});

async function ask(port) {
  const example = new URL('support-desk/ask.mjs', import.meta.url).pathname;
  const env = { ...process.env, LASTCALL_URL: `http://localhost:${port}/v1` };
  const { stdout } = await promisify(execFile)(process.execPath, [example, 'When is the money of a return paid back?'], { env, timeout: 100_000 });
  return stdout;
}

/** The pod that embeds a file, once one does: any of them may take it, not only the one that it was sent to. */
async function embedding(pods) {
  for (;;) {
    for (const pod of pods) {
      const { tables } = await pod.drain('GET');
      const [stores] = tables.find((table) => table.title === 'Vector stores').rows;
      assert.equal(stores['kept in'], 'postgresql');
      if (stores['files under way'] !== '0') return pod;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Some seconds of work for the model, with nothing in it that the question is about. */
function storeRoom(boxes) {
  return '\n## The store room\n' + Array.from({ length: boxes }, (_, i) => `\nBox ${i} on shelf ${i % 17} holds spare lamps of kind ${i % 23}.\n`).join('');
}
