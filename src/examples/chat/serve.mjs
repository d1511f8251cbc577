// Serves the page, and passes everything below /agent on to the service.
import { readFile } from 'node:fs/promises';
import http from 'node:http';

const [port = 8080, own = 3000] = process.argv.slice(2).map(Number);
const page = new URL('index.html', import.meta.url);

const server = http
  .createServer(async (request, response) => {
    if (!request.url.startsWith('/agent/')) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(await readFile(page));
      return;
    }
    const { method, url: path, headers } = request;
    const upstream = http.request({ port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on('close', () => answer.complete || response.destroy());
    });
    upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  })
  .listen(own, () => console.log(`http://localhost:${server.address().port}`));
