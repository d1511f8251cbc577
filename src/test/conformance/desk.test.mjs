import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Pod, Service } from './pod.mjs';
import { startPostgres } from './postgres.mjs';
import { LIMIT } from './seats.mjs';

const postgres = await startPostgres();

describe('the example support-desk, with PostgreSQL', { skip: !postgres && 'no PostgreSQL for this machine' }, () => {
  let ending;
  let staying;
  let service;

  before(async () => {
    const settings = {
      ...postgres.settings,
      'lastcall.model.scripted.tokens-per-second': 1000,
      'lastcall.embedding.in-process': true,
      'lastcall.embedding.library': process.env.LASTCALL_EMBEDDING,
      // So that there is something left to hand over.
      'lastcall.vector-store.batch': 1,
      'lastcall.drain.grace-period': '10s',
      'lastcall.drain.exit-margin': '500ms',
      'lastcall.drain.lame-duck.min': '0s',
      'lastcall.drain.lame-duck.max': '0s',
      'lastcall.drain.cancel-reserve': '1s',
      'lastcall.drain.release-reserve': '1500ms',
    };
    [ending, staying] = await Promise.all([Pod.start(settings), Pod.start(settings)]);
    service = await Service.start(ending.port);
  }, LIMIT);

  after(async () => {
    service?.close();
    await ending?.close();
    await staying?.close();
    await postgres.close();
  });

  test('answers from its handbook although the pod that embeds it ends', { timeout: 120_000 }, async () => {
    const first = ask(service.port);
    while (!(await underWay(ending))) await new Promise((resolve) => setTimeout(resolve, 50));
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

/** Whether the pod embeds a file now. */
async function underWay(pod) {
  const { tables } = await pod.drain('GET');
  const [stores] = tables.find((table) => table.title === 'Vector stores').rows;
  assert.equal(stores['kept in'], 'postgresql');
  return stores['files under way'] !== '0';
}
