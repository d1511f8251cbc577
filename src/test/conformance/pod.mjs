import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import readline from 'node:readline';

const START_LIMIT = 60_000;
// Most live for seconds: the first compiler alone, and the archive of the *IT where there is one (LASTCALL_ARCHIVE).
const SHORT_LIVED = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const portIn = (line, pattern) => Number(line.match(pattern)?.[1]) || undefined;

/** The packaged application as a process on free ports, without databases. */
export class Pod {
  static async start(settings = {}) {
    const all = {
      'quarkus.http.port': 0,
      'quarkus.management.port': 0,
      'quarkus.datasource.active': false,
      'quarkus.redis.active': false,
      ...settings,
    };
    const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
    const properties = Object.entries(all).map(([key, value]) => `-D${key}=${value}`);
    const { LASTCALL_JAR: jar, LASTCALL_ARCHIVE: archive, ...env } = process.env;
    const options = archive ? [...SHORT_LIVED, `-XX:SharedArchiveFile=${archive}`] : SHORT_LIVED;
    const child = spawn(java, [...options, ...properties, '-jar', jar], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const pod = new Pod(child);
    await pod.#listening();
    return pod;
  }

  constructor(child) {
    this.child = child;
    this.output = [];
  }

  #listening() {
    return new Promise((resolve, reject) => {
      const failed = (why) => {
        clearTimeout(timer);
        reject(new Error(`${why}\n${this.output.join('\n')}`));
      };
      const timer = setTimeout(() => failed('not started in time'), START_LIMIT);
      this.child.once('exit', (code) => failed(`exited with ${code}`));
      readline.createInterface({ input: this.child.stdout }).on('line', (line) => {
        this.output.push(line);
        // A sidecar names its port in a line of its own.
        this.port ??= portIn(line, /Listening on: http:\/\/\S+?:(\d+)/);
        this.managementPort ??= portIn(line, /Management interface listening on http:\/\/\S+?:(\d+)/);
        if (this.port && this.managementPort) {
          clearTimeout(timer);
          resolve();
        }
      });
    });
  }

  /** Waits for the exit; by force, because nothing in it is waited for any more. */
  async close() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exit;
    }
  }

  /** As the kubelet ends it; resolves with the exit code. */
  async terminate() {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    return (await exit)[0];
  }

  async drain(method) {
    const answer = await fetch(`http://localhost:${this.managementPort}/drain`, { method });
    return answer.json();
  }
}

/** What kube-proxy does: each new connection goes to the next endpoint, and stays there. The endpoints may change. */
export class Service {
  static async start(...ports) {
    const service = new Service(ports);
    service.server.listen(0, '127.0.0.1');
    await once(service.server, 'listening');
    return service;
  }

  constructor(ports) {
    this.ports = ports;
    this.connections = 0;
    this.sockets = new Set();
    this.server = net.createServer((client) => {
      const pod = net.connect(this.ports[this.connections++ % this.ports.length], 'localhost');
      for (const [from, to] of [[client, pod], [pod, client]]) {
        this.sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => this.sockets.delete(from));
      }
    });
  }

  get port() {
    return this.server.address().port;
  }

  close() {
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
  }
}
