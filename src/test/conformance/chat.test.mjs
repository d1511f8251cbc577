import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { AbstractChat, DefaultChatTransport } from 'ai';
import { KEY, LIMIT, seats, upTo } from './seats.mjs';

const headers = { authorization: `Bearer ${KEY}` };

/** What useChat is below React. */
class State {
  status = 'ready';
  error;
  messages = [];
  pushMessage = (message) => (this.messages = [...this.messages, message]);
  popMessage = () => (this.messages = this.messages.slice(0, -1));
  replaceMessage = (index, message) => (this.messages = this.messages.with(index, structuredClone(message)));
  snapshot = (value) => structuredClone(value);
}
class Chat extends AbstractChat {
  constructor({ messages, ...init }) {
    const state = new State();
    if (messages) state.messages = messages;
    super({ ...init, state });
  }
}
const textOf = (message) => message.parts.filter((part) => part.type === 'text').map((part) => part.text).join('');

let pod;
const chatOf = (id, messages) =>
  new Chat({ id, messages, transport: new DefaultChatTransport({ api: `http://localhost:${pod.port}/agent/chat`, headers }) });

before(async () => {
  pod = await seats.service();
}, LIMIT);

test('a chat answers, with its tools', LIMIT, async () => {
  const chat = chatOf('plain');
  await chat.sendMessage({ text: 'count to 5' });
  assert.equal(chat.error, undefined);
  assert.equal(textOf(chat.messages.at(-1)), upTo(5));
  await chat.sendMessage({ text: 'call weather {"city":"Oslo"}' });
  const last = chat.messages.at(-1);
  assert.equal(textOf(last), 'rain in Oslo');
  assert.equal(last.parts.find((part) => part.type === 'dynamic-tool').output, 'rain in Oslo');
  assert.equal(chat.messages.length, 4);
});

test('a page that is loaded again finds its answer, and nothing where there is none', LIMIT, async () => {
  const first = chatOf('reload');
  const sending = first.sendMessage({ text: 'count to 200' });
  while (!first.messages.at(-1)?.parts.length || first.messages.length < 2) await new Promise((done) => setTimeout(done, 20));
  await first.stop();
  await sending;

  const again = chatOf('reload', [{ id: 'u', role: 'user', parts: [{ type: 'text', text: 'count to 200' }] }]);
  await again.resumeStream();
  assert.equal(again.error, undefined);
  assert.equal(textOf(again.messages.at(-1)), upTo(200));

  const idle = chatOf('reload');
  await idle.resumeStream();
  assert.equal(idle.messages.length, 0);
  assert.equal(idle.error, undefined);
});

test('stop ends the answer for good', LIMIT, async () => {
  const chat = chatOf('stop');
  const sending = chat.sendMessage({ text: 'count to 100000' });
  while (chat.messages.length < 2) await new Promise((done) => setTimeout(done, 20));
  const stopped = await fetch(`http://localhost:${pod.port}/agent/chat/stop/stop`, { method: 'POST', headers });
  assert.equal(stopped.status, 204);
  await sending;
  const rest = await fetch(`http://localhost:${pod.port}/agent/chat/stop/stream`, { headers });
  assert.equal(rest.status, 204);
});
