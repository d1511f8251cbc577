import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner, tool as agentTool } from '@openai/agents';
import { APICallError, generateText, isStepCount, Output, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';
import { CITY, KEY, LIMIT, seats, upTo } from './seats.mjs';

const HOSTED = 'call weather {"city":"Oslo"}';
const OWN = 'call add {"a":2,"b":3}\ncall add {"a":4,"b":5}';

const shape = z.object({ city: z.string(), degrees: z.number() });

for (const seat of ['service', 'sidecar']) {
  describe(`ecosystem, ${seat}`, () => {
    let baseURL;
    before(async () => {
      baseURL = `http://localhost:${(await seats[seat]()).port}/v1`;
    }, LIMIT);

    const aiModel = () => createOpenAI({ baseURL, apiKey: KEY });
    const add = tool({
      description: 'adds',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: async ({ a, b }) => String(a + b),
    });

    for (const api of ['responses', 'chat']) {
      test(`AI SDK, ${api}: text, stream, and a loop of two tool calls`, LIMIT, async () => {
        const model = aiModel()[api]('scripted');
        assert.equal((await generateText({ model, prompt: 'count to 3' })).text, upTo(3));
        let text = '';
        for await (const part of streamText({ model, prompt: 'count to 5' }).textStream) text += part;
        assert.equal(text, upTo(5));
        const loop = await generateText({ model, prompt: OWN, tools: { add }, stopWhen: isStepCount(5) });
        assert.equal(loop.text, '9');
        assert.equal(loop.steps.length, 3);
        const shaped = await generateText({ model, prompt: JSON.stringify(CITY), output: Output.object({ schema: shape }) });
        assert.deepEqual(shaped.output, CITY);
        const wrong = createOpenAI({ baseURL, apiKey: 'sk-wrong' })[api]('scripted');
        await assert.rejects(generateText({ model: wrong, prompt: 'x' }), (error) => APICallError.isInstance(error) && error.statusCode === 401);
        const refused = generateText({ model, prompt: 'x', temperature: 3 });
        await assert.rejects(refused, (error) => APICallError.isInstance(error) && error.statusCode === 400 && !error.isRetryable);
      });
    }

    test('AI SDK: a tool of the service is none of the client\'s', LIMIT, async () => {
      const result = await generateText({ model: aiModel().responses('scripted'), prompt: HOSTED, tools: { add }, stopWhen: isStepCount(3) });
      assert.equal(result.text, 'rain in Oslo');
      assert.equal(result.steps.length, 1);
      let text = '';
      for await (const part of streamText({ model: aiModel().responses('scripted'), prompt: HOSTED }).textStream) text += part;
      assert.equal(text, 'rain in Oslo');
    });

    for (const useResponsesApi of [true, false]) {
      test(`LangChain, ${useResponsesApi ? 'responses' : 'chat'}: text, stream, tool turns`, LIMIT, async () => {
        const model = new ChatOpenAI({ model: 'scripted', apiKey: KEY, configuration: { baseURL }, useResponsesApi });
        assert.equal((await model.invoke('count to 3')).text, upTo(3));
        let text = '';
        for await (const chunk of await model.stream('count to 5')) text += chunk.text;
        assert.equal(text, upTo(5));
        const hosted = await model.invoke(HOSTED);
        assert.equal(hosted.text, 'rain in Oslo');
        assert.equal(hosted.tool_calls?.length ?? 0, 0);

        const bound = model.bindTools([
          { type: 'function', function: { name: 'add', description: 'adds', parameters: { type: 'object', properties: {} } } },
        ]);
        const messages = [new HumanMessage(OWN)];
        for (let turn = 0; turn < 2; turn++) {
          const answer = await bound.invoke(messages);
          assert.equal(answer.tool_calls.length, 1);
          messages.push(answer, new ToolMessage({ tool_call_id: answer.tool_calls[0].id, content: `sum ${turn}` }));
        }
        assert.equal((await bound.invoke(messages)).text, 'sum 1');

        const shaped = model.withStructuredOutput(shape, { name: 'weather', method: 'jsonSchema' });
        assert.deepEqual(await shaped.invoke(JSON.stringify(CITY)), CITY);
        const wrong = new ChatOpenAI({ model: 'scripted', apiKey: 'sk-wrong', configuration: { baseURL }, useResponsesApi });
        await assert.rejects(wrong.invoke('x'), (error) => error.status === 401);
        const refused = new ChatOpenAI({ model: 'scripted', temperature: 3, apiKey: KEY, configuration: { baseURL }, useResponsesApi });
        await assert.rejects(refused.invoke('x'), (error) => error.status === 400);
      });
    }

    for (const api of ['responses', 'chat_completions']) {
      test(`OpenAI Agents, ${api}: its tools and those of the service`, LIMIT, async () => {
        const runnerWith = (apiKey) =>
          new Runner({
            modelProvider: new OpenAIProvider({ openAIClient: new OpenAI({ baseURL, apiKey }), useResponses: api === 'responses' }),
            tracingDisabled: true,
          });
        const runner = runnerWith(KEY);
        const agent = new Agent({
          name: 'adder',
          model: 'scripted',
          tools: [
            agentTool({
              name: 'add',
              description: 'adds',
              parameters: z.object({ a: z.number(), b: z.number() }),
              execute: async ({ a, b }) => String(a + b),
            }),
          ],
        });
        assert.equal((await runner.run(agent, OWN)).finalOutput, '9');
        assert.equal((await runner.run(agent, HOSTED)).finalOutput, 'rain in Oslo');
        const streamed = await runner.run(agent, 'count to 5', { stream: true });
        let text = '';
        for await (const piece of streamed.toTextStream()) text += piece;
        assert.equal(text, upTo(5));
        const shaped = new Agent({ name: 'shaped', model: 'scripted', outputType: shape });
        assert.deepEqual((await runner.run(shaped, JSON.stringify(CITY))).finalOutput, CITY);
        await assert.rejects(runnerWith('sk-wrong').run(agent, 'x'), (error) => error.status === 401);
      });
    }
  });
}
