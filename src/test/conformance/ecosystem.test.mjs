import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, run, setDefaultOpenAIClient, setOpenAIAPI, setTracingDisabled, tool as agentTool } from '@openai/agents';
import { generateText, streamText, isStepCount, tool } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';
import { Pod } from './pod.mjs';
import { startTool } from './tool.mjs';

const LIMIT = { timeout: 60_000 };
const upTo = (n) => Array.from({ length: n }, (_, i) => `${i + 1} `).join('');
const HOSTED = 'call weather {"city":"Oslo"}';
const OWN = 'call add {"a":2,"b":3}\ncall add {"a":4,"b":5}';

let pod;
let service;
let baseURL;

before(async () => {
  service = await startTool();
  pod = await Pod.start({
    'lastcall.model.scripted.tokens-per-second': 200,
    'lastcall.tool.weather.url': service.url,
    'lastcall.tool.weather.description': 'the weather of a city',
  });
  baseURL = `http://localhost:${pod.port}/v1`;
}, LIMIT);

after(() => {
  pod?.close();
  service?.close();
});

const aiModel = () => createOpenAI({ baseURL, apiKey: 'none' });
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
    const model = new ChatOpenAI({ model: 'scripted', apiKey: 'none', configuration: { baseURL }, useResponsesApi });
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
  });
}

for (const api of ['responses', 'chat_completions']) {
  test(`OpenAI Agents, ${api}: its tools and those of the service`, LIMIT, async () => {
    setTracingDisabled(true);
    setOpenAIAPI(api);
    setDefaultOpenAIClient(new OpenAI({ baseURL, apiKey: 'none' }));
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
    assert.equal((await run(agent, OWN)).finalOutput, '9');
    assert.equal((await run(agent, HOSTED)).finalOutput, 'rain in Oslo');
  });
}
