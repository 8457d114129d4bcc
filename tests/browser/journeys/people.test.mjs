// Those who work: the farmer and clerk with an order from «Nhận đơn» to «Đã giao», the official, the operator; with and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, desk, fits, noTroubles, openBrowser, picture, signIn, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';

let market, browser;
before(async () => { market = await openMarket(); browser = await openBrowser(); });
after(async () => { await browser?.close(); await market?.stop(); });

/** Orders one unit of a product for pay on delivery through the JSON door. */
async function ordered(product) {
  const { status, body } = await market.api('/api/v1/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `journey-${Math.random()}` },
    body: JSON.stringify({
      lines: [{ product, quantity: '1' }],
      buyer: { name: 'Khách Cầu Giấy 031', phone: '0530099031' },
      fulfilment: { kind: 'delivery', commune_code: '11977', address: 'thôn 2' },
      payment: 'cod',
    }),
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.orders[0];
}

for (const js of [true, false]) {
  test(`a farmer takes an order from yes to hand-over ${js ? 'with' : 'without'} JavaScript`, async () => {
    const page = await visitor(browser, market, { js });
    await signIn(page, market.signIn('seller'));
    assert.match(new URL(page.url()).pathname, /^\/ban-hang/);
    await accessible(page, 'work of today'); await fits(page, 'work of today'); await picture(page, `farm-home-${js ? 'js' : 'nojs'}-360`);
    const of = market.sign_ins.find((person) => person.role === 'seller');
    let placed;
    for (const slug of market.products) {
      const { body } = await market.api(`/api/v1/products/${slug}`);
      const answer = await page.request.get(`/san-pham/${slug}`);
      if (!answer.ok()) continue;
      const candidate = await ordered(slug);
      const mine = await page.goto(`/ban-hang/don/${candidate.code}`);
      if (mine.status() === 200) { placed = candidate; break; }
      assert.equal(mine.status(), 404, `another cooperative's order is not there: ${body.name}`);
      if (market.products.indexOf(slug) > 40) break;
    }
    assert.ok(placed, `an order of the seller's own (${of.name})`);
    await accessible(page, 'order to confirm'); await fits(page, 'order to confirm'); await picture(page, `farm-order-${js ? 'js' : 'nojs'}-360`);
    const tap = async (words) => {
      const button = page.getByRole('button', { name: words }).first();
      await button.waitFor({ timeout: 5000 });
      await Promise.all([page.waitForEvent('load'), button.click()]);
    };
    await tap(/Nhận đơn/);
    const weights = page.locator('main form input[data-echo=weight], main form input[inputmode=decimal]');
    if (await page.getByRole('button', { name: /Cân xong/ }).count() && await weights.count()) {
      await tap(/Cân xong/);
    }
    await tap(/Đóng hàng/);
    await tap(/Đi giao|Bắt đầu giao|Giao đi/);
    await tap(/Đã giao/);
    const { body } = await market.api(`/api/v1/orders/${placed.code}`, { headers: { 'x-order-key': placed.key } });
    assert.equal(body.state, 'delivered');
    await accessible(page, 'delivered order'); await picture(page, `farm-delivered-${js ? 'js' : 'nojs'}-360`);
    noTroubles(page);
  });
}

test('every page of the seller holds on a phone and on a desk', async () => {
  for (const viewport of [undefined, desk]) {
    const page = await visitor(browser, market, viewport ? { viewport } : {});
    await signIn(page, market.signIn('seller'));
    for (const [name, path] of [['today', '/ban-hang'], ['orders', '/ban-hang/don'], ['goods', '/ban-hang/hang'], ['money', '/ban-hang/tien'],
      ['messages', '/ban-hang/nhan-tin'], ['more', '/ban-hang/them']]) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), 200, path);
      await accessible(page, path); await fits(page, path); await picture(page, `farm-${name}-${viewport ? 1280 : 360}`);
    }
    noTroubles(page);
  }
});

test('an official asks of a lot every order and of an order every lot, and can change nothing', async () => {
  const page = await visitor(browser, market, { viewport: desk });
  await signIn(page, market.signIn('official'));
  assert.match(new URL(page.url()).pathname, /^\/co-quan/);
  await accessible(page, 'office'); await fits(page, 'office'); await picture(page, 'office-1280');
  let shown = false;
  for (const lot of market.lots.slice(0, 60)) {
    const answer = await page.goto(`/co-quan/dot-hang/${lot}`);
    if (answer.status() !== 200) continue;
    shown = true;
    const order = page.locator('main a[href^="/co-quan/don/"]').first();
    if (!(await order.count())) continue;
    await accessible(page, 'lot for officials'); await fits(page, 'lot for officials'); await picture(page, 'office-lot-1280');
    await order.click();
    await page.waitForLoadState('load');
    assert.ok(await page.locator(`main a[href$="${lot}"]`).count(), 'the order leads back to its lot');
    await accessible(page, 'order for officials'); await picture(page, 'office-order-1280');
    break;
  }
  assert.ok(shown, 'at least one lot is shown');
  const posts = await page.locator('main form[method=post]').count();
  assert.equal(posts, 0, 'no form of an official changes anything');
  noTroubles(page);
});

test('the operator sees what waits today', async () => {
  const page = await visitor(browser, market);
  await signIn(page, market.signIn('operator'));
  assert.match(new URL(page.url()).pathname, /^\/van-hanh/);
  await accessible(page, 'operator'); await fits(page, 'operator'); await picture(page, 'operator-360');
  noTroubles(page);
});
