// A shopper at a phone: finds, fills a basket, orders as a guest, pays on the same phone, and sees the page turn paid by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import vietnamQr from 'vietnam-qr-pay';
import { bankSays } from '../kit/bank.mjs';
import { accessible, desk, fits, noTroubles, openBrowser, phone, picture, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';
import { buyer, fillCheckout, order, putIntoBasket } from '../kit/shopping.mjs';

let market, browser, goods;
before(async () => {
  market = await openMarket();
  browser = await openBrowser();
  // A product of a cooperative whose bank speaks as SePay does.
  for (const slug of market.products) {
    const { body } = await market.api(`/api/v1/products/${slug}`);
    const account = market.bank_accounts.find((row) => row.provider === 'sepay' && sameCooperative(row.cooperative, body.cooperative));
    if (account) { goods = { slug, ...body, account }; break; }
  }
  assert.ok(goods, 'a product paid through a signing bank');
});
after(async () => { await browser?.close(); await market?.stop(); });

function sameCooperative(a, b) {
  const words = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}));
  return words(a).some((word) => words(b).includes(word));
}

async function payloadOf(page) {
  const shot = join(mkdtempSync(join(tmpdir(), 'ganh-qr-')), 'qr.png');
  writeFileSync(shot, await page.locator('.qr svg, .qr-figure svg, figure svg').first().screenshot());
  return execFileSync('zbarimg', ['--quiet', '--raw', shot], { encoding: 'utf8' }).trim();
}

test('a basket is found, ordered and paid, and the page turns paid by itself', async () => {
  const page = await visitor(browser, market);
  await page.goto('/');
  await accessible(page, 'home'); await fits(page, 'home'); await picture(page, 'home-360');
  const found = await page.goto(`/tim?q=${encodeURIComponent(goods.name)}`);
  assert.equal(found.status(), 200);
  await accessible(page, 'search'); await fits(page, 'search'); await picture(page, 'search-360');
  assert.ok(await page.locator(`a[href^="/san-pham/${goods.slug}"]`).count() > 0, 'the product is found by its name');
  await page.goto(`/san-pham/${goods.slug}`);
  await accessible(page, 'product'); await fits(page, 'product'); await picture(page, 'product-360');
  await putIntoBasket(page, goods.slug);
  await page.goto('/gio-hang');
  await accessible(page, 'basket'); await fits(page, 'basket'); await picture(page, 'basket-360');
  await fillCheckout(page);
  await accessible(page, 'checkout'); await fits(page, 'checkout'); await picture(page, 'checkout-360');
  await order(page);
  await accessible(page, 'payment'); await fits(page, 'payment'); await picture(page, 'payment-360');

  const code = (await page.locator('ol.pay-list > li').first().getAttribute('id'));
  const payload = await payloadOf(page);
  const read = new vietnamQr.QRPay(payload);
  assert.ok(read.isValid, 'another reader takes the code');
  assert.equal(read.additionalData.purpose, code);
  assert.equal(read.consumer.bankNumber, goods.account.account);
  assert.ok(read.consumer.bankNumber.startsWith('GANHDEMO'), 'nobody can pay the demonstration');
  await page.evaluate(() => { globalThis.stillTheSamePage = true; });
  const told = await bankSays(goods.account, { memo: `MBVCB.12345.${code}.CT tu 0530`, amount: Number(read.amount) });
  assert.deepEqual([told.status, told.body], [200, { success: true }]);
  await page.waitForFunction(() => /Tiền đã về|đã trả/i.test(document.querySelector('main').innerText), null, { timeout: 15_000 });
  assert.equal(await page.evaluate(() => globalThis.stillTheSamePage), true, 'it turned paid without a reload');
  await accessible(page, 'paid'); await picture(page, 'paid-360');
  await page.locator(`a[href^="/don/${code}"]`).first().click();
  await page.waitForLoadState('load');
  await accessible(page, 'order'); await fits(page, 'order'); await picture(page, 'order-360');
  const lot = page.locator('a[href^="/truy-xuat/"]').first();
  assert.ok(await lot.count(), 'the order line names its lot');
  await lot.click();
  await page.waitForLoadState('load');
  await accessible(page, 'trace'); await fits(page, 'trace'); await picture(page, 'trace-360');
  noTroubles(page);
});

test('the same basket is bought without JavaScript, paid on delivery, and a second click makes one purchase', async () => {
  const page = await visitor(browser, market, { js: false });
  await putIntoBasket(page, goods.slug);
  await fillCheckout(page, { payment: 'cod', phone: '0530 099 018' });
  await order(page);
  const first = page.url();
  await picture(page, 'payment-cod-nojs-360');
  await page.goBack();
  await page.locator('button[name=do][value=order]').click();
  await page.waitForLoadState('load');
  const second = new URL(page.url());
  if (second.pathname.startsWith('/mua/')) assert.equal(page.url(), first, 'the back button and a second click lead to the same purchase');
  else assert.match(await page.locator('main').innerText(), /đã đặt|giỏ/i);
});

test('what is wrong in the form is said beside its field, and nothing typed is lost', async () => {
  const page = await visitor(browser, market, { js: false });
  await putIntoBasket(page, goods.slug);
  await page.goto('/thanh-toan');
  await page.fill('input[name=name]', 'Khách Long Biên 004');
  await page.fill('input[name=phone]', '12');
  await page.fill('[name=address]', 'số 4');
  await page.locator('button[name=do][value=order]').click();
  await page.waitForLoadState('load');
  assert.equal(await page.inputValue('input[name=name]'), 'Khách Long Biên 004');
  assert.equal(await page.inputValue('[name=address]'), 'số 4');
  assert.ok(await page.locator('.has-error').count() > 0);
  await picture(page, 'checkout-errors-360');
});

test('a lost order is found again by code and phone', async () => {
  const page = await visitor(browser, market);
  await putIntoBasket(page, goods.slug);
  await fillCheckout(page, { payment: 'cod', phone: '0530 099 019' });
  await order(page);
  const code = await page.locator('ol.pay-list > li').first().getAttribute('id');
  await page.context().clearCookies();
  await page.goto('/don');
  await accessible(page, 'lost order');
  await page.fill('input[name=code]', code);
  await page.fill('input[name=phone]', '0530099019');
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForLoadState('load');
  const text = await page.locator('main').innerText();
  assert.ok(text.replaceAll(' ', '').includes(code.slice(0, 5)) || /Chờ HTX/.test(text), text);
  assert.ok(!text.includes(buyer.address), 'no address without the key');
  await picture(page, 'lost-360');
  noTroubles(page);
});

test('every public page holds on a desk and in English', async () => {
  const page = await visitor(browser, market, { viewport: desk, lang: 'en' });
  for (const [name, path] of [['home', '/?lang=en'], ['search', '/tim'], ['product', `/san-pham/${goods.slug}`], ['basket', '/gio-hang'],
    ['lost', '/don'], ['help', '/ho-tro'], ['sign-in', '/tai-khoan/dang-nhap'], ['missing', '/khong-co-trang-nay']]) {
    await page.goto(path);
    await accessible(page, name); await fits(page, name); await picture(page, `${name}-1280`);
  }
  noTroubles(page);
  assert.equal(phone.width, 360);
});
