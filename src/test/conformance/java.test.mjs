import { test } from 'node:test';
import { clients } from './java.mjs';
import { LIMIT, seats } from './seats.mjs';

for (const seat of ['service', 'sidecar']) {
  test(`langchain4j and Spring AI, ${seat}: calls, streams, tools, structured output, errors`, LIMIT, async () => {
    await clients((await seats[seat]()).port, 'facts').ended;
  });
}
