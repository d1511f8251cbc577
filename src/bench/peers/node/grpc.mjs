// gRPC by HTTP/2 without TLS, of node:http2 alone: /peer.Events/Count answers 60 messages in 6 s, any other method one.
import { createServer } from "node:http2";
import { setTimeout as pause } from "node:timers/promises";

const message = (text) => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, Buffer.from(text)]);
};
const server = createServer();
server.on("stream", async (stream, headers) => {
  stream.on("error", () => {});
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  const count = headers[":path"] === "/peer.Events/Count" ? 60 : 1;
  for (let number = 0; number < count && !stream.destroyed; number++) {
    stream.write(message(String(number)));
    if (count > 1) await pause(100);
  }
  stream.end();
});
server.listen(Number(process.env.PORT), "127.0.0.1");
