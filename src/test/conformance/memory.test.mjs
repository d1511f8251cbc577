import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { OpenAIEmbeddings } from '@langchain/openai';
import OpenAI, { toFile } from 'openai';
import { clients } from './java.mjs';
import { KEY, LIMIT, seats } from './seats.mjs';

const MODEL = 'all-minilm-l6-v2';
const cosine = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

for (const seat of ['service', 'sidecar']) {
  describe(`memory, ${seat}`, () => {
    let port;
    let client;
    before(async () => {
      port = (await seats[seat]()).port;
      client = new OpenAI({ baseURL: `http://localhost:${port}/v1`, apiKey: KEY });
    }, LIMIT);

    test('embeds, packed and as numbers', LIMIT, async () => {
      const input = ['I forgot my password', 'How do I log in again?', 'The volcano erupted'];
      // The SDK asks for base64 where nothing is said, and unpacks it.
      const packed = await client.embeddings.create({ model: MODEL, input });
      const plain = await client.embeddings.create({ model: MODEL, input, encoding_format: 'float' });
      const [one, other, far] = packed.data.map((each) => each.embedding);
      assert.equal(one.length, 384);
      assert.ok(cosine(one, other) > cosine(one, far));
      assert.ok(Math.abs(cosine(one, plain.data[0].embedding) - 1) < 1e-4);
      assert.ok(packed.usage.prompt_tokens > 8);
      await assert.rejects(client.embeddings.create({ model: MODEL, input: [1, 2] }), OpenAI.BadRequestError);
      await assert.rejects(client.embeddings.create({ model: 'none', input: 'x' }), OpenAI.NotFoundError);
    });

    test("LangChain's embeddings", LIMIT, async () => {
      const embeddings = new OpenAIEmbeddings({ model: MODEL, apiKey: KEY, configuration: { baseURL: `http://localhost:${port}/v1` } });
      assert.equal((await embeddings.embedQuery('one text')).length, 384);
      assert.equal((await embeddings.embedDocuments(['one text', 'another one'])).length, 2);
    });

    test('files, a vector store, a search and a cited answer', LIMIT, async () => {
      const file = await client.files.create({ file: await toFile(Buffer.from('Refunds are paid within ten days.'), 'refunds.txt'), purpose: 'assistants' });
      assert.equal(await (await client.files.content(file.id)).text(), 'Refunds are paid within ten days.');
      const store = await client.vectorStores.create({ name: 'policies' });
      const attached = await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id, attributes: { topic: 'refunds' } }, { pollIntervalMs: 50 });
      assert.equal(attached.status, 'completed');
      const uploaded = await client.vectorStores.files.uploadAndPoll(store.id, await toFile(Buffer.from('The office closes at five.'), 'hours.txt'), { pollIntervalMs: 50 });
      assert.equal(uploaded.status, 'completed');
      const found = await client.vectorStores.search(store.id, { query: 'When do I get my money back?', max_num_results: 1 });
      assert.equal(found.data[0].filename, 'refunds.txt');
      const filtered = await client.vectorStores.search(store.id, { query: 'money', filters: { type: 'ne', key: 'topic', value: 'refunds' } });
      assert.deepEqual(filtered.data.map((each) => each.filename), ['hours.txt']);

      const response = await client.responses.create({
        model: 'scripted',
        input: 'call file_search {"queries":["money back"]}',
        tools: [{ type: 'file_search', vector_store_ids: [store.id], max_num_results: 1 }],
        include: ['file_search_call.results'],
      });
      const [call, message] = response.output;
      assert.equal(call.type, 'file_search_call');
      assert.equal(call.results[0].filename, 'refunds.txt');
      assert.equal(message.content[0].annotations[0].file_id, file.id);
      assert.match(response.output_text, /ten days/);

      const listed = [];
      for await (const each of client.vectorStores.files.list(store.id)) listed.push(each.id);
      assert.deepEqual(listed, [uploaded.id, file.id]);
      assert.ok((await client.vectorStores.files.delete(file.id, { vector_store_id: store.id })).deleted);
      assert.ok((await client.vectorStores.delete(store.id)).deleted);
      assert.ok((await client.files.delete(file.id)).deleted);
      await assert.rejects(client.vectorStores.retrieve(store.id), OpenAI.NotFoundError);
    });
  });
}

test("openai-java's and langchain4j's embeddings and vector stores", LIMIT, async () => {
  await clients((await seats.service()).port, 'memory').ended;
});
