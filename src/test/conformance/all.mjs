// In one process, so that what they share is started once.
import './openai.test.mjs';
import './ecosystem.test.mjs';
import './chat.test.mjs';
import './java.test.mjs';
import './memory.test.mjs';
import './http2.test.mjs';
import './desk.test.mjs';
import './rollout.test.mjs';
