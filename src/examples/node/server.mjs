// A program that knows nothing of draining: PORT=8000 node server.mjs
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

createServer(async (request, response) => {
  if (request.url === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let number = 0; number < 20; number++) {
      response.write(`data: ${number}\n\n`);
      await pause(100);
    }
    response.end();
    return;
  }
  if (request.url === "/slow") await pause(1000);
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"answer":42}\n');
}).listen(process.env.PORT ?? 8000, "127.0.0.1");
