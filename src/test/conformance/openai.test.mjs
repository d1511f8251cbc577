import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { Pod, Service } from './pod.mjs';
import { CITY, KEY, LIMIT, seats, upTo } from './seats.mjs';
const counting = (n, more = {}) => ({ model: 'scripted', input: `count to ${n}`, ...more });
const clientOf = (port, apiKey = KEY) => new OpenAI({ baseURL: `http://localhost:${port}/v1`, apiKey });

for (const seat of ['service', 'sidecar']) {
  describe(`openai, ${seat}`, () => {
    let pod;
    let client;
    before(async () => {
      pod = await seats[seat]();
      client = clientOf(pod.port);
    }, LIMIT);

    test('creates, retrieves and deletes', LIMIT, async () => {
      const response = await client.responses.create(counting(3));
      assert.equal(response.output_text, upTo(3));
      assert.equal(response.status, 'completed');
      assert.equal(response.usage.output_tokens, 3);

      const again = await client.responses.retrieve(response.id);
      assert.equal(again.output_text, response.output_text);

      await client.responses.delete(response.id);
      await assert.rejects(client.responses.retrieve(response.id), OpenAI.NotFoundError);
    });

    test('the stream helper puts the events together', LIMIT, async () => {
      const stream = client.responses.stream(counting(20));
      const types = [];
      for await (const event of stream) {
        assert.equal(event.sequence_number, types.length);
        types.push(event.type);
      }
      assert.equal(types[0], 'response.created');
      assert.equal(types.at(-1), 'response.completed');
      assert.equal((await stream.finalResponse()).output_text, upTo(20));
    });

    test('a background run is resumed in the middle', LIMIT, async () => {
      const stream = await client.responses.create(counting(200, { background: true, stream: true }));
      const seen = [];
      let id;
      for await (const event of stream) {
        id ??= event.response?.id;
        seen.push(event);
        if (seen.length === 30) break;
      }
      const last = seen.at(-1).sequence_number;

      const rest = await client.responses.retrieve(id, { stream: true, starting_after: last });
      for await (const event of rest) seen.push(event);

      assert.deepEqual(seen.map((event) => event.sequence_number), seen.map((_, i) => i));
      const text = seen.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta);
      assert.equal(text.join(''), upTo(200));

      const helper = client.responses.stream({ response_id: id, starting_after: last });
      assert.equal((await helper.finalResponse()).output_text, upTo(200));
    });

    test('a run is cancelled', LIMIT, async () => {
      const run = await client.responses.create(counting(100_000, { background: true }));
      assert.match(run.status, /queued|in_progress/);
      assert.equal((await client.responses.cancel(run.id)).status, 'cancelled');
      assert.equal((await client.responses.retrieve(run.id)).status, 'cancelled');
    });

    test('a conversation goes on and its input is listed', LIMIT, async () => {
      const first = await client.responses.create(counting(1));
      const second = await client.responses.create(counting(2, { previous_response_id: first.id }));
      const items = [];
      for await (const item of client.responses.inputItems.list(second.id, { order: 'asc', limit: 2 })) items.push(item);
      assert.deepEqual(items.map((item) => item.role), ['user', 'assistant', 'user']);
    });

    test('a chat is completed, whole and as a stream with its usage', LIMIT, async () => {
      const chat = { model: 'scripted', messages: [{ role: 'user', content: 'count to 5' }] };
      const whole = await client.chat.completions.create(chat);
      assert.equal(whole.choices[0].message.content, upTo(5));

      let usage;
      let text = '';
      const chunks = await client.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } });
      for await (const chunk of chunks) {
        text += chunk.choices[0]?.delta.content ?? '';
        usage = chunk.usage ?? usage;
      }
      assert.equal(text, upTo(5));
      assert.equal(usage.completion_tokens, 5);

      const helper = client.chat.completions.stream(chat);
      assert.equal(await helper.finalContent(), upTo(5));
    });

    test('structured output', LIMIT, async () => {
      const shape = z.object({ city: z.string(), degrees: z.number() });
      const input = JSON.stringify(CITY);
      const response = await client.responses.parse({ model: 'scripted', input, text: { format: zodTextFormat(shape, 'weather') } });
      assert.deepEqual(response.output_parsed, CITY);
      const chat = { model: 'scripted', messages: [{ role: 'user', content: input }], response_format: zodResponseFormat(shape, 'weather') };
      assert.deepEqual((await client.chat.completions.parse(chat)).choices[0].message.parsed, CITY);
    });

    test('a loop of two turns', LIMIT, async () => {
      const tools = [{ type: 'function', name: 'add', description: 'adds', parameters: { type: 'object', properties: {} }, strict: false }];
      const input = [{ role: 'user', content: 'call add {"a":2}\ncall add {"a":4}' }];
      let response;
      for (let turn = 0; turn < 3; turn++) {
        response = await client.responses.create({ model: 'scripted', input, tools });
        const call = response.output.find((item) => item.type === 'function_call');
        input.push(...response.output);
        if (call) input.push({ type: 'function_call_output', call_id: call.call_id, output: `sum ${turn}` });
      }
      assert.equal(response.output_text, 'sum 1');
    });

    test('models are listed', LIMIT, async () => {
      const names = [];
      for await (const model of client.models.list()) names.push(model.id);
      assert.ok(names.includes('scripted'));
    });

    test('errors are those of the SDK', LIMIT, async () => {
      await assert.rejects(clientOf(pod.port, 'sk-wrong').models.list(), OpenAI.AuthenticationError);
      await assert.rejects(client.responses.retrieve('resp_none'), OpenAI.NotFoundError);
      await assert.rejects(client.responses.create(counting(1, { temperature: 3 })), OpenAI.BadRequestError);
      await assert.rejects(
        client.responses.create(counting(1, { previous_response_id: 'resp_none' })),
        (error) => error.code === 'previous_response_not_found',
      );
    });
  });
}

test('what a draining pod refuses is answered by another one', LIMIT, async (t) => {
  const draining = await Pod.start({
    'lastcall.api.keys': `conformance:${KEY}`,
    'lastcall.drain.lame-duck.min': '0s',
    'lastcall.drain.lame-duck.max': '0s',
  });
  t.after(() => draining.close());
  const other = await seats.service();
  const service = await Service.start(draining.port, other.port);
  t.after(() => service.close());
  await draining.drain('POST');
  await assert.rejects(
    new OpenAI({ baseURL: `http://localhost:${draining.port}/v1`, apiKey: KEY, maxRetries: 0 }).models.list(),
    (error) => error.status === 503 && error.headers.get('x-should-retry') === 'true',
  );

  const response = await clientOf(service.port).responses.create(counting(3));
  assert.equal(response.output_text, upTo(3));
  assert.equal(service.connections, 2);
});
