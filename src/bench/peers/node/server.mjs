// With terminus as its README sets it up for Kubernetes: the health check fails, five seconds pass, connections may end. ALONE=1: without it.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

const server = createServer(async (request, response) => {
  const events = /^\/events\/(\d+)$/.exec(request.url);
  if (events) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let number = 0; number < Number(events[1]); number++) {
      response.write(`data: ${number}\n\n`);
      await pause(100);
    }
    response.end();
    return;
  }
  if (request.url === "/slow") await pause(1000);
  response.writeHead(200, { "content-type": "application/json" });
  response.end("42\n");
});
if (!process.env.ALONE) {
  const { createTerminus } = await import("@godaddy/terminus");
  createTerminus(server, {
    signal: "SIGTERM",
    timeout: 20_000,
    healthChecks: { "/health": async () => {} },
    beforeShutdown: () => pause(5000),
  });
}
// A number, or the path of a socket.
const port = process.env.PORT;
if (/^\d+$/.test(port)) server.listen(Number(port), "127.0.0.1");
else server.listen(port);
