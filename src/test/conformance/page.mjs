import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import readline from 'node:readline';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const MODULES = ['react', 'react-dom/client', '@ai-sdk/react', 'ai'];
const browserPath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** What the CDN of the example's import map gives, made of the packages here: React is one for all of them. */
async function bundles() {
  const entries = await Promise.all(
    MODULES.map(async (name) => {
      // Of a CommonJS module only Node tells the names.
      const { default: whole, ...named } = await import(name);
      const names = Object.keys(named).filter((each) => /^[a-zA-Z_]\w*$/.test(each));
      return [name, whole ? `import all from '${name}'; export const { ${names.join(', ')} } = all;` : `export * from '${name}';`];
    }),
  );
  const modules = Object.fromEntries(entries);
  const { outputFiles } = await build({
    entryPoints: MODULES.map((name, index) => ({ in: `module:${name}`, out: `entry-${index}` })),
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: '/',
    // Beside each other, whatever the path of the module that asks.
    chunkNames: 'chunks/[hash]',
    publicPath: 'https://esm.sh/',
    write: false,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
    plugins: [
      {
        name: 'modules',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^module:/ }, ({ path }) => ({ path: path.slice(7), namespace: 'module' }));
          onLoad({ filter: /.*/, namespace: 'module' }, ({ path }) => ({ contents: modules[path], resolveDir: process.cwd() }));
        },
      },
    ],
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

/** The example page in a real browser, in front of a service. Null where there is no browser. */
export async function startPage(port) {
  if (!browserPath) return null;
  const server = spawn('node', [join(process.env.LASTCALL_HOME, 'src/examples/chat/serve.mjs'), String(port), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [address] = await once(readline.createInterface({ input: server.stdout }), 'line');
  const [files, browser] = await Promise.all([bundles(), chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })]);
  const page = await browser.newPage();
  const fault = new Promise((_, reject) => page.on('pageerror', reject));
  await page.route('https://esm.sh/**', (route) => {
    const { pathname } = new URL(route.request().url());
    const name = MODULES.find((each) => pathname.replace(/@\d+/, '') === `/${each}`);
    const body = files.get(name ? `/entry-${MODULES.indexOf(name)}.js` : pathname);
    const headers = { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' };
    return route.fulfill({ status: body ? 200 : 404, headers, body: body ?? '' });
  });
  const answer = page.locator('.assistant').last();
  const untilShown = (text) => page.waitForFunction((wanted) => document.body.innerText.includes(wanted), text, { timeout: 50_000 });

  /** Sends a text, reloads the page in the middle of the answer, and gives the text that it shows at last. */
  async function converse(prompt, begun) {
    await page.goto(address);
    await page.fill('input', prompt);
    await page.click('button');
    await untilShown('20 ');
    await page.reload();
    await untilShown('40 ');
    begun();
    await untilShown(` ${prompt.match(/\d+/)[0]} `);
    await page.waitForFunction(() => !document.querySelector('button[disabled]'));
    return answer.innerText();
  }
  return {
    chat(prompt) {
      let begun;
      const begins = new Promise((resolve) => (begun = resolve));
      const text = Promise.race([converse(prompt, begun), fault]);
      return { begun: Promise.race([begins, text]), text };
    },
    async close() {
      await browser.close();
      server.kill();
    },
  };
}
