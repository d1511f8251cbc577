import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import { after, before, describe, test } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { Pod, Service } from './pod.mjs';
import { LIMIT } from './seats.mjs';

const DRAIN = {
  'lastcall.drain.grace-period': '8s',
  'lastcall.drain.exit-margin': '500ms',
  'lastcall.drain.lame-duck.min': '0s',
  'lastcall.drain.lame-duck.max': '0s',
  'lastcall.drain.cancel-reserve': '1s',
  'lastcall.drain.release-reserve': '1500ms',
};
const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

// Messages are plain bytes: what is tried is HTTP/2, not protobuf.
const kind = (path, requestStream, responseStream) => ({
  path: `/test.Echo/${path}`,
  requestStream,
  responseStream,
  requestSerialize: (bytes) => bytes,
  requestDeserialize: (bytes) => bytes,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
});
const ECHO = {
  unary: kind('unary', false, false),
  down: kind('down', false, true),
  up: kind('up', true, false),
  both: kind('both', true, true),
};
const Echo = grpc.makeGenericClientConstructor(ECHO, 'test.Echo');
const ROOMY = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/** An application that knows nothing of any drain. */
class Application {
  cancelled = 0;

  async start() {
    this.server = new grpc.Server(ROOMY);
    this.server.addService(ECHO, {
      unary: (call, answer) => this.#unary(call, answer),
      down: (call) => this.#down(call),
      up: (call, answer) => {
        let bytes = 0;
        call.on('data', (message) => (bytes += message.length));
        call.on('end', () => answer(null, Buffer.from(String(bytes))));
      },
      both: (call) => {
        call.on('data', (message) => call.write(message));
        call.on('end', () => call.end());
        call.on('cancelled', () => this.cancelled++);
      },
    });
    const bind = grpc.ServerCredentials.createInsecure();
    this.port = await new Promise((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', bind, (failure, port) => (failure ? reject(failure) : resolve(port))));
    return this;
  }

  #unary(call, answer) {
    const asked = call.request.toString();
    call.on('cancelled', () => this.cancelled++);
    if (asked === 'fail') {
      const metadata = new grpc.Metadata();
      metadata.set('why', 'asked to');
      answer({ code: grpc.status.FAILED_PRECONDITION, details: 'as asked', metadata });
    } else if (asked !== 'hang') {
      answer(null, call.request);
    }
  }

  #down(call) {
    const count = Number(call.request.toString());
    let sent = 0;
    const timer = setInterval(() => {
      if (call.cancelled || sent === count) {
        clearInterval(timer);
        call.end();
      } else {
        call.write(Buffer.from(String(++sent)));
      }
    }, 20);
    call.on('cancelled', () => this.cancelled++);
  }

  close() {
    this.server.forceShutdown();
  }
}

const unary = (client, text, options = {}) =>
  new Promise((resolve) =>
    client.unary(Buffer.from(text), options, (failure, answer) => resolve(failure ?? answer.toString())));

/** What a stream said, and its status. */
const all = (call) =>
  new Promise((resolve) => {
    const said = [];
    let status;
    call.on('data', (message) => said.push(message.toString()));
    call.on('error', () => {});
    call.on('status', (ended) => {
      status = ended;
      resolve({ said, code: status.code, details: status.details });
    });
  });

describe('grpc-js through a sidecar', () => {
  let application;
  let sidecar;
  let client;
  const sidecars = [];
  const clients = [];
  const startSidecar = async () => {
    const pod = await Pod.start({
      'lastcall.proxy.upstream': `h2c://127.0.0.1:${application.port}`,
      'lastcall.proxy.listen': '127.0.0.1:0',
      ...DRAIN,
    });
    sidecars.push(pod);
    return pod;
  };
  const clientOf = (port, options = {}) => {
    const made = new Echo(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), { ...ROOMY, ...options });
    clients.push(made);
    return made;
  };
  before(async () => {
    application = await new Application().start();
    sidecar = await startSidecar();
    client = clientOf(sidecar.port);
  }, LIMIT);
  after(async () => {
    clients.forEach((each) => each.close());
    for (const each of sidecars) await each.close();
    application.close();
  });

  test('calls of all four kinds', LIMIT, async () => {
    assert.equal(await unary(client, 'hello'), 'hello');

    const down = await all(client.down(Buffer.from('5')));
    assert.deepEqual([down.said.join(), down.code], ['1,2,3,4,5', grpc.status.OK]);

    const bytes = await new Promise((resolve) => {
      const up = client.up((failure, answer) => resolve(failure ?? answer.toString()));
      for (let i = 0; i < 100; i++) up.write(Buffer.alloc(1000));
      up.end();
    });
    assert.equal(bytes, '100000');

    const both = client.both();
    const answers = all(both);
    for (let i = 0; i < 100; i++) both.write(Buffer.from(String(i)));
    both.end();
    assert.deepEqual((await answers).said, Array.from({ length: 100 }, (_, i) => String(i)));
  });

  test('a message beyond every window arrives whole', LIMIT, async () => {
    const large = 'x'.repeat(5 << 20);
    assert.equal(await unary(client, large), large);
  });

  test('a status with its details and trailers', LIMIT, async () => {
    const failure = await unary(client, 'fail');
    assert.deepEqual([failure.code, failure.details], [grpc.status.FAILED_PRECONDITION, 'as asked']);
    assert.deepEqual(failure.metadata.get('why'), ['asked to']);
  });

  test('deadlines and cancels reach the application', LIMIT, async () => {
    const before = application.cancelled;
    const failure = await unary(client, 'hang', { deadline: Date.now() + 300 });
    assert.equal(failure.code, grpc.status.DEADLINE_EXCEEDED);
    await until(() => application.cancelled > before);

    const both = client.both();
    const ended = all(both);
    both.write(Buffer.from('1'));
    await once(both, 'data');
    both.cancel();
    assert.equal((await ended).code, grpc.status.CANCELLED);
    await until(() => application.cancelled > before + 1);
  });

  test('a rollout: calls under way end, new ones go elsewhere, what is too long is UNAVAILABLE', LIMIT, async () => {
    const old = await startSidecar();
    const next = await startSidecar();
    const service = await Service.start(old.port);
    const retrying = clientOf(service.port, {
      'grpc.service_config': JSON.stringify({
        methodConfig: [{
          name: [{}],
          retryPolicy: {
            maxAttempts: 5,
            initialBackoff: '0.1s',
            maxBackoff: '1s',
            backoffMultiplier: 2,
            retryableStatusCodes: ['UNAVAILABLE'],
          },
        }],
      }),
    });
    const short = all(retrying.down(Buffer.from('100')));
    const endless = all(retrying.down(Buffer.from('100000')));
    await until(() => service.connections > 0);
    assert.equal(await unary(retrying, 'before'), 'before');

    const ended = old.terminate();
    service.ports = [next.port];
    const answers = [];
    for (let i = 0; i < 50; i++) answers.push(await unary(retrying, String(i)));

    assert.deepEqual(answers, Array.from({ length: 50 }, (_, i) => String(i)));
    const whole = await short;
    assert.deepEqual([whole.said.length, whole.code], [100, grpc.status.OK]);
    const cut = await endless;
    assert.equal(cut.code, grpc.status.UNAVAILABLE, cut.details);
    assert.deepEqual(cut.said, cut.said.map((_, i) => String(i + 1)));
    assert.equal(await ended, 0);
    service.close();
  });
});

describe("Node's http2 by prior knowledge", () => {
  test('streams of one connection end whole after GOAWAY', LIMIT, async () => {
    const pod = await Pod.start({ ...DRAIN, 'lastcall.model.scripted.tokens-per-second': 50 });
    const session = http2.connect(`http://127.0.0.1:${pod.port}`);
    let goaway;
    session.on('goaway', (code, last) => (goaway ??= { code, last }));
    session.on('error', () => {});
    let begun = 0;
    const ask = (input) =>
      new Promise((resolve) => {
        const stream = session.request({ ':method': 'POST', ':path': '/agent/stream', 'content-type': 'application/json' });
        let text = '';
        stream.setEncoding('utf8');
        stream.once('data', () => begun++);
        stream.on('data', (part) => (text += part));
        stream.on('error', () => {});
        stream.on('close', () => resolve({ text, code: stream.rstCode }));
        stream.end(JSON.stringify({ input }));
      });
    const streams = Array.from({ length: 30 }, () => ask('count to 100'));
    await until(() => begun === 30);
    const exit = pod.terminate();

    for (const { text, code } of await Promise.all(streams)) {
      assert.equal(code, http2.constants.NGHTTP2_NO_ERROR);
      assert.match(text, /"100 "/);
      assert.match(text, /"reason":"completed"/);
    }
    assert.equal(await exit, 0);
    assert.equal(goaway.code, http2.constants.NGHTTP2_NO_ERROR);
    session.destroy();
  });

  test('a WebSocket as a stream (RFC 8441), and its close in the drain', LIMIT, async () => {
    // Gives back every byte: a masked frame is a frame.
    const application = http.createServer().on('upgrade', (request, socket) => {
      const key = request.headers['sec-websocket-key'];
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
      socket.on('error', () => {}).pipe(socket);
    });
    await once(application.listen(0, '127.0.0.1'), 'listening');
    const pod = await Pod.start({
      'lastcall.proxy.upstream': `http://127.0.0.1:${application.address().port}`,
      'lastcall.proxy.listen': '127.0.0.1:0',
      ...DRAIN,
    });
    const session = http2.connect(`http://127.0.0.1:${pod.port}`);
    session.on('error', () => {});
    const [settings] = await once(session, 'remoteSettings');
    assert.equal(settings.enableConnectProtocol, true);

    const stream = session.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/socket', 'sec-websocket-version': '13' });
    const [head] = await once(stream, 'response');
    assert.equal(head[':status'], 200);
    const large = Buffer.alloc(10 + 4 + 300_000, 'x');
    large.writeUInt16BE(0x82ff);
    large.writeBigUInt64BE(300_000n, 2);
    let read = Buffer.alloc(0);
    stream.on('data', (bytes) => (read = Buffer.concat([read, bytes])));
    stream.write(large);
    await until(() => read.length >= large.length);
    assert.deepEqual(read, large);

    read = Buffer.alloc(0);
    const exit = pod.terminate();
    await until(() => read.includes('"retryable":true}'));
    assert.equal(read.readUInt16BE(2), 1012);
    stream.end(Buffer.from('888200000000' + '03f4', 'hex'));
    await once(stream, 'close');
    assert.equal(stream.rstCode, http2.constants.NGHTTP2_NO_ERROR);
    assert.equal(await exit, 0);
    session.destroy();
    application.close();
  });
});
