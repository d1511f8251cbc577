// Puts the handbook into a vector store, asks a question of it, and prints the answer with what it cites.
import { createReadStream } from 'node:fs';
import OpenAI from 'openai';

const question = process.argv[2] ?? 'When is the money of a return paid back?';
const model = process.env.MODEL ?? 'scripted';
const client = new OpenAI({ baseURL: process.env.LASTCALL_URL ?? 'http://localhost:8080/v1', apiKey: process.env.LASTCALL_KEY ?? 'none', maxRetries: 10 });

/** The store of an earlier run, at whichever pod that was, or a new one. */
async function handbook() {
  for await (const store of client.vectorStores.list()) {
    if (store.name === 'handbook') return store;
  }
  const file = await client.files.create({ file: createReadStream(new URL('handbook.md', import.meta.url)), purpose: 'assistants' });
  const store = await client.vectorStores.create({ name: 'handbook' });
  await client.vectorStores.files.create(store.id, {
    file_id: file.id,
    chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 120, chunk_overlap_tokens: 30 } },
  });
  return store;
}

const store = await handbook();
// A pod that ends gives the file to another one, so this goes on through a rollout.
for (;;) {
  const { status, file_counts: files } = await client.vectorStores.retrieve(store.id);
  if (files.failed > 0) throw new Error('the handbook could not be embedded');
  if (status === 'completed') break;
  await new Promise((resolve) => setTimeout(resolve, 200));
}

// The built-in model makes the call that it is told to; any other model decides by itself.
const input = model === 'scripted' ? `call file_search ${JSON.stringify({ queries: [question] })}` : question;
const response = await client.responses.create({
  model,
  input,
  instructions: 'You answer for the support desk, from the handbook alone, and cite it.',
  tools: [{ type: 'file_search', vector_store_ids: [store.id], max_num_results: 2 }],
  include: ['file_search_call.results'],
});

console.log(response.output_text);
const cited = new Set();
for (const item of response.output) {
  for (const part of item.content ?? []) {
    for (const note of part.annotations ?? []) cited.add(`${note.filename} (${note.file_id})`);
  }
  for (const result of item.results ?? []) console.error(`found ${result.filename} score=${result.score.toFixed(2)}`);
}
console.log(`\nSources: ${[...cited].join(', ') || 'none'}`);
