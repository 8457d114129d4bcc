// A demonstration market of this test's own: a scratch folder, a free port, stopped at the end.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = process.env.GANH_BIN ?? new URL('../../../target/debug/ganh', import.meta.url).pathname;

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A copy of the market that `GANH_MARKET_MADE` holds, or an empty folder, in which one is made first. */
async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'ganh-browser-'));
  if (process.env.GANH_MARKET_MADE) await cp(process.env.GANH_MARKET_MADE, dir, { recursive: true });
  return dir;
}

/** Opens `ganh demo --json` and answers what it printed, with `stop`, after which nothing is left, and `leave`, after which its folder is. */
export async function openMarket(at) {
  const dir = at ?? await folder();
  const port = await freePort();
  const env = { ...process.env, LISTEN: `127.0.0.1:${port}`, BASE_URL: `http://127.0.0.1:${port}` };
  const child = spawn(binary, ['demo', '--json', '--dir', dir], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => { errors = (errors + text).slice(-4000); });
  const line = await new Promise((resolve, reject) => {
    let out = '';
    const timer = setTimeout(() => reject(new Error(`the market did not open in 180 s\n${errors}`)), 180_000);
    child.stdout.on('data', (text) => {
      out += text;
      const end = out.indexOf('\n');
      if (end >= 0) { clearTimeout(timer); resolve(out.slice(0, end)); }
    });
    child.on('exit', (code) => { clearTimeout(timer); reject(new Error(`the market ended with ${code}\n${errors}`)); });
  });
  const market = JSON.parse(line);
  market.leave = async () => {
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(killer);
  };
  market.stop = async () => {
    await market.leave();
    await rm(dir, { recursive: true, force: true });
  };
  market.signIn = (role) => {
    const found = market.sign_ins.find((person) => person.role === role);
    if (!found) throw new Error(`no sign-in of a ${role}`);
    return found;
  };
  /** Orders one unit through the JSON door, as a guest who pays on delivery unless told otherwise. */
  market.order = async (product, { payment = 'cod' } = {}) => {
    const { status, body } = await market.api('/api/v1/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `journey-${Math.random()}` },
      body: JSON.stringify({
        lines: [{ product, quantity: '1' }],
        buyer: { name: 'Khách Cầu Giấy 031', phone: '0530099031' },
        fulfilment: { kind: 'delivery', commune_code: '11977', address: 'thôn 2' },
        payment,
      }),
    });
    if (status !== 201) throw new Error(`ordering ${product}: ${status} ${JSON.stringify(body)}`);
    return body.orders[0];
  };
  /** What of a cooperative can be ordered now. */
  market.goodsOf = async (cooperative) => {
    const { body } = await market.api(`/api/v1/products?cooperative=${cooperative}&per_page=100`);
    return body.items.filter((item) => market.products.includes(item.slug) && Number(item.available) >= 20);
  };
  market.api = async (path, init) => {
    const answer = await fetch(market.base_url + path, init);
    return { status: answer.status, headers: answer.headers, body: await answer.json().catch(() => null) };
  };
  return market;
}
