// Those who work: the farmer and the clerk with an order from «Nhận đơn» to «Đã giao», the official, the operator; with and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, desk, fits, holds, keepPicture, noTroubles, openBrowser, phone, press, signIn, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';

let market, browser;
before(async () => { market = await openMarket(); browser = await openBrowser(); });
after(async () => { await browser?.close(); await market?.stop(); });

let clerk;
/** Signs a manager in whose cooperative's bank sends nothing, so that money is written down by hand; answers with what it sells. */
async function clerkAndGoods(page) {
  if (clerk) {
    await signIn(page, clerk.person);
    return clerk;
  }
  for (const person of market.sign_ins.filter((one) => one.role === 'seller')) {
    await page.context().clearCookies();
    await signIn(page, person);
    await page.goto('/ban-hang/them');
    const cooperative = (await page.locator('main a[href^="/htx/"]').first().getAttribute('href')).slice('/htx/'.length);
    const account = market.bank_accounts.find((row) => row.cooperative === cooperative);
    const [goods] = account?.provider === 'none' ? await market.goodsOf(cooperative) : [];
    if (goods && await page.locator('a[href="/ban-hang/hang"]').count()) {
      clerk = { person, goods };
      return clerk;
    }
  }
  return assert.fail('no clerk whose cooperative takes money by hand');
}

for (const js of [true, false]) {
  const how = js ? 'with' : 'without';
  test(`a farmer takes an order from yes to hand-over ${how} JavaScript`, async () => {
    const page = await visitor(browser, market, { js });
    const { goods } = await clerkAndGoods(page);
    const placed = await market.order(goods.slug);
    await page.goto('/ban-hang');
    await holds(page, `farm today ${how} scripts`);
    if (js) await keepPicture(page, 'farm');
    const row = page.locator(`main a[href="/ban-hang/don/${placed.code}"]`).first();
    if (await row.count()) await press(page, row); else await page.goto(`/ban-hang/don/${placed.code}`);
    await holds(page, `farm order to confirm ${how} scripts`);
    const tap = async (words) => press(page, page.getByRole('button', { name: words, exact: true }));
    await tap('Nhận đơn');
    if (await page.getByRole('button', { name: 'Cân xong', exact: true }).count()) {
      await holds(page, `farm order to weigh ${how} scripts`);
      await tap('Cân xong');
    }
    await tap('Đóng hàng xong');
    await tap('Đi giao');
    await holds(page, `farm order on the way ${how} scripts`);
    // At the door: the cash first, then the goods.
    await press(page, page.locator(`main a[href="/ban-hang/giao/${placed.code}"]`).first());
    await holds(page, `farm door ${how} scripts`);
    await tap('Đã nhận tiền mặt');
    await holds(page, `farm door paid ${how} scripts`);
    await tap('Đã giao');
    const { body } = await market.api(`/api/v1/orders/${placed.code}`, { headers: { 'x-order-key': placed.key } });
    assert.equal(body.state, 'delivered');
    await holds(page, `farm order delivered ${how} scripts`);
    noTroubles(page);
  });

  test(`a clerk writes down by hand that the money came, ${how} JavaScript, and the shopper reads by whose word`, async () => {
    const page = await visitor(browser, market, { js });
    const { goods } = await clerkAndGoods(page);
    const placed = await market.order(goods.slug, { payment: 'vietqr' });
    await page.goto(`/ban-hang/don/${placed.code}`);
    await page.locator(`details:has(form[action="/ban-hang/don/${placed.code}/tien"]) > summary`).click();
    await press(page, page.getByRole('button', { name: 'Đã nhận tiền', exact: true }));
    assert.match(await page.locator('main').innerText(), /HTX tự ghi đã nhận tiền/);
    await holds(page, `farm money by hand ${how} scripts`);
    const shopper = await visitor(browser, market, { js });
    await shopper.goto(placed.url);
    assert.match(await shopper.locator('main').innerText(), /HTX tự ghi đã nhận tiền/);
    await holds(shopper, `order paid by hand ${how} scripts`);
    noTroubles(page);
  });
}

test('a farmer lists what was picked, with a photo, and it is in the shop', async () => {
  const page = await visitor(browser, market);
  await clerkAndGoods(page);
  await page.goto('/ban-hang/hang/dang-nhanh');
  await holds(page, 'farm quick listing');
  const photo = await page.locator('main').screenshot({ type: 'jpeg' });
  await page.setInputFiles('input[type=file]', { name: 'oi.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.fill('input[name=name]', 'Ổi lê vườn nhà');
  await page.selectOption('select[name=category]', { index: 1 });
  await page.fill('input[name=price]', '25.000');
  await page.fill('input[name=quantity]', '12,5');
  await press(page, page.getByRole('button', { name: 'Đăng bán', exact: true }));
  await holds(page, 'farm product listed');
  await press(page, page.locator('main a[href^="/san-pham/"]').first());
  assert.equal(await page.locator('h1').innerText(), 'Ổi lê vườn nhà');
  assert.ok(await page.locator('main img').first().evaluate((image) => image.naturalWidth > 0), 'its photo is shown');
  await holds(page, 'product just listed');
  noTroubles(page);
});

test('every page of the seller holds on a phone and on a desk', async () => {
  for (const viewport of [phone, desk]) {
    const page = await visitor(browser, market, { viewport });
    await signIn(page, market.signIn('seller'));
    for (const [name, path] of [['today', '/ban-hang'], ['orders', '/ban-hang/don'], ['goods', '/ban-hang/hang'], ['money', '/ban-hang/tien'],
      ['messages', '/ban-hang/nhan-tin'], ['more', '/ban-hang/them'], ['account', '/tai-khoan']]) {
      assert.equal((await page.goto(path)).status(), 200, path);
      await holds(page, `farm ${name}`);
    }
    noTroubles(page);
  }
});

test('a wrong password is said so, and the phone number stays', async () => {
  const page = await visitor(browser, market, { js: false });
  await page.goto('/tai-khoan/dang-nhap');
  await page.fill('input[name=phone]', market.signIn('seller').phone);
  await page.fill('input[name=password]', 'không phải mật khẩu');
  await press(page, page.locator('main form button[type=submit]'));
  assert.ok(await page.locator('.error-summary').count(), 'what was wrong is said');
  assert.equal((await page.inputValue('input[name=phone]')).replaceAll(' ', ''), market.signIn('seller').phone);
  await holds(page, 'sign-in refused');
});

test('an official asks of a lot every order and of an order every lot, and can change nothing', async () => {
  const [goods] = await market.goodsOf(market.bank_accounts[0].cooperative);
  const placed = await market.order(goods.slug);
  const { body } = await market.api(`/api/v1/products/${goods.slug}`);
  const page = await visitor(browser, market, { viewport: desk });
  await signIn(page, market.signIn('official'));
  assert.match(new URL(page.url()).pathname, /^\/co-quan/);
  await holds(page, 'office');
  const order = page.locator(`main a[href="/co-quan/don/${placed.code}"]`);
  let lot;
  for (lot of body.lots.map((one) => one.code)) {
    assert.equal((await page.goto(`/co-quan/dot-hang/${lot}`)).status(), 200);
    if (await order.count()) break;
  }
  await holds(page, 'lot for officials');
  await press(page, order.first());
  await holds(page, 'order for officials');
  assert.equal(await page.locator('main form[method=post]').count(), 0, 'no form of an official changes anything');
  await press(page, page.locator(`main a[href="/co-quan/dot-hang/${lot}"]`).first());
  await page.setViewportSize(phone);
  await fits(page, 'lot for officials on a phone');
  noTroubles(page);
});

test('the operator sees what waits today, and each list holds', async () => {
  const page = await visitor(browser, market);
  await signIn(page, market.signIn('operator'));
  assert.match(new URL(page.url()).pathname, /^\/van-hanh/);
  await holds(page, 'operator');
  const lists = await page.locator('main a[href^="/van-hanh/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const path of new Set(lists)) {
    assert.equal((await page.goto(path)).status(), 200, path);
    await accessible(page, path); await fits(page, path);
  }
  noTroubles(page);
});
