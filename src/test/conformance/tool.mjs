import { once } from 'node:events';
import http from 'node:http';

/** A tool of the service: answers with what it was told. */
export async function startTool() {
  const calls = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      calls.push(body);
      response.end(`rain in ${JSON.parse(body).city}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { calls, url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
