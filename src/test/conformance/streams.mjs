import { createOpenAI } from '@ai-sdk/openai';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner } from '@openai/agents';
import { streamText } from 'ai';
import OpenAI from 'openai';
import { KEY } from './seats.mjs';

async function* openai(api, baseURL, prompt) {
  const client = new OpenAI({ baseURL, apiKey: KEY });
  if (api === 'responses') {
    for await (const event of await client.responses.create({ model: 'scripted', input: prompt, stream: true })) {
      if (event.type === 'response.output_text.delta') yield event.delta;
    }
  } else {
    const messages = [{ role: 'user', content: prompt }];
    for await (const chunk of await client.chat.completions.create({ model: 'scripted', messages, stream: true })) {
      yield chunk.choices[0]?.delta.content ?? '';
    }
  }
}

async function* aiSdk(api, baseURL, prompt) {
  const model = createOpenAI({ baseURL, apiKey: KEY })[api]('scripted');
  for await (const part of streamText({ model, prompt, onError: () => {} }).fullStream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'text-delta') yield part.text;
  }
}

async function* langChain(api, baseURL, prompt) {
  const settings = { model: 'scripted', apiKey: KEY, configuration: { baseURL }, useResponsesApi: api === 'responses' };
  for await (const chunk of await new ChatOpenAI(settings).stream(prompt)) yield chunk.text;
}

async function* agents(api, baseURL, prompt) {
  const openAIClient = new OpenAI({ baseURL, apiKey: KEY });
  const modelProvider = new OpenAIProvider({ openAIClient, useResponses: api === 'responses' });
  const agent = new Agent({ name: 'counter', model: 'scripted' });
  const streamed = await new Runner({ modelProvider, tracingDisabled: true }).run(agent, prompt, { stream: true });
  yield* streamed.toTextStream();
  await streamed.completed;
}

/** A stream of each SDK on each API, as the pieces of its text. */
export const streams = Object.entries({ openai, aiSdk, langChain, agents }).flatMap(([name, stream]) =>
  ['responses', 'chat'].map((api) => ({ name: `${name}, ${api}`, open: (port, prompt) => stream(api, `http://localhost:${port}/v1`, prompt) })),
);

/** Reads a stream to its end, or to its failure. */
export async function read(stream, onPiece = () => {}) {
  let text = '';
  try {
    for await (const piece of stream) {
      text += piece;
      onPiece(text);
    }
    return { text };
  } catch (error) {
    return { text, error };
  }
}

/** Opens all of them, and resolves when each has begun to speak. */
export async function openAll(port, prompt) {
  const opened = streams.map(({ name, open }) => {
    let begun;
    const begins = new Promise((resolve) => (begun = resolve));
    const ended = read(open(port, prompt), (text) => text && begun());
    return { name, begins: Promise.race([begins, ended]), ended };
  });
  await Promise.all(opened.map((stream) => stream.begins));
  return opened;
}
