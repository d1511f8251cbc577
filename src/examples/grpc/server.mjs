// A gRPC server, unary and streaming, without a library: PORT=8000 node server.mjs
import { createServer } from "node:http2";
import { setTimeout as pause } from "node:timers/promises";

const message = (text) => {
  const body = Buffer.from([10, text.length, ...Buffer.from(text)]); // field 1, a string
  return Buffer.concat([Buffer.from([0, 0, 0, 0, body.length]), body]);
};

createServer()
  .on("stream", async (stream, headers) => {
    stream.on("error", () => {});
    stream.resume();
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    const answers = headers[":path"].endsWith("/Watch") ? 20 : 1;
    for (let number = 0; number < answers; number++) {
      stream.write(message(`answer ${number}`));
      await pause(100);
    }
    stream.end();
  })
  .listen(process.env.PORT ?? 8000, "127.0.0.1");
