import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import readline from 'node:readline';
import { promisify } from 'node:util';
import { KEY } from './seats.mjs';

const classpath = ['classes', readFileSync('java.classpath', 'utf8').trim()].join(':');

const program = (name) => (process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', name) : name);

/** A program of Java's clients; begun when it has said so, its further lines when it has ended well. */
function run(...command) {
  const child = spawn(program('java'), ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classpath, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = [];
  child.stderr.on('data', (text) => errors.push(text));
  const lines = [];
  let begin;
  const begun = new Promise((resolve) => (begin = resolve));
  readline.createInterface({ input: child.stdout }).on('line', (line) => (line === 'begun' ? begin() : lines.push(line)));
  const ended = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`Java's clients exited with ${code}\n${errors.join('')}`);
    return lines;
  });
  process.on('exit', () => child.kill('SIGKILL'));
  return { begun: Promise.race([begun, ended]), ended };
}

export const clients = (port, ...mode) => run('Clients', `http://localhost:${port}/v1`, KEY, ...mode);

/** Compiles a client that has the documents' lines for Java. */
export async function compileLines() {
  const lines = readFileSync(join(process.env.LASTCALL_HOME, 'src/docs/openai-api.md'), 'utf8').match(/```java\n([^]*?)```/)[1];
  mkdirSync('generated', { recursive: true });
  writeFileSync('generated/Lines.java', readFileSync('java/Lines.java', 'utf8').replace('// lines', lines));
  await promisify(execFile)(program('javac'), ['-d', 'classes', '-cp', classpath, 'generated/Lines.java']);
}

/** A stream as that client reads it; its text is the last line. */
export const documentsLines = (port, n) => run('Lines', `http://localhost:${port}/v1`, KEY, `count to ${n}`);
