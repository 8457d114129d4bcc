// A shopper at a phone: finds, fills a basket, orders as a guest, pays on the same phone, and sees the page turn paid by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import vietnamQr from 'vietnam-qr-pay';
import { bankSays } from '../kit/bank.mjs';
import { desk, holds, keepPicture, noTroubles, openBrowser, press, reloadUntil, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';
import { buyer, choosePlaceInBasket, codesOf, fillCheckout, order, putIntoBasket, wrongTones } from '../kit/shopping.mjs';

/** Two products of two cooperatives whose bank speaks as SePay does. */
let market, browser, goods, more;
before(async () => {
  market = await openMarket();
  browser = await openBrowser();
  const found = [];
  for (const account of market.bank_accounts.filter((row) => row.provider === 'sepay')) {
    const [first] = await market.goodsOf(account.cooperative);
    if (first) found.push({ ...first, account });
    if (found.length === 2) break;
  }
  [goods, more] = found;
  assert.ok(more, 'two products paid through signing banks');
});
after(async () => { await browser?.close(); await market?.stop(); });

/** What any other reader of codes sees on the page. */
async function payloadOf(page) {
  const dir = mkdtempSync(join(tmpdir(), 'ganh-qr-'));
  try {
    writeFileSync(join(dir, 'qr.png'), await page.locator('.qr-code svg').first().screenshot());
    return execFileSync('zbarimg', ['--quiet', '--raw', join(dir, 'qr.png')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Pays one order as its bank would and sees the page say so by itself. */
async function payFromPage(page, sold, code) {
  const read = new vietnamQr.QRPay(await payloadOf(page));
  assert.ok(read.isValid, 'another reader takes the code');
  assert.equal(read.additionalData.purpose, code);
  assert.equal(read.consumer.bankNumber, sold.account.account);
  assert.ok(read.consumer.bankNumber.startsWith('GANHDEMO'), 'nobody can pay the demonstration');
  const told = await bankSays(sold.account, { memo: `MBVCB.12345.${code}.CT tu 0530`, amount: Number(read.amount) });
  assert.deepEqual([told.status, told.body], [200, { success: true }]);
  await page.locator(`li[id="${code}"] .pay.is-done`).waitFor();
}

test('a basket of two cooperatives is found, ordered and paid, and the page turns paid by itself', async () => {
  const page = await visitor(browser, market);
  await page.goto('/');
  await holds(page, 'home');
  await page.fill('.search input[name=q]', wrongTones(goods.name));
  await press(page, page.locator('.search button'));
  assert.equal(new URL(page.url()).pathname, '/tim');
  await holds(page, 'search');
  await press(page, page.locator(`main a[href="/san-pham/${goods.slug}"]`).first());
  await holds(page, 'product'); await keepPicture(page, 'product');
  await putIntoBasket(page, goods.slug);
  await putIntoBasket(page, more.slug);
  await choosePlaceInBasket(page);
  assert.match(await page.locator('main').innerText(), /2 lần chuyển khoản/, 'the basket says before what it costs in transfers');
  await holds(page, 'basket');
  await press(page, page.locator('main a[href="/thanh-toan"]'));
  await fillCheckout(page);
  await holds(page, 'checkout');
  await order(page);
  await holds(page, 'payment');
  await keepPicture(page, 'payment', { from: '.pay-list' });

  const codes = await codesOf(page);
  assert.equal(codes.length, 2, 'one order of each cooperative');
  await page.evaluate(() => { globalThis.stillTheSamePage = true; });
  const of = (code) => page.locator(`li[id="${code}"] h2`).innerText();
  const [one, other] = (await of(codes[0])) === goods.cooperative_name ? [goods, more] : [more, goods];
  await payFromPage(page, one, codes[0]);
  assert.equal(await page.evaluate(() => globalThis.stillTheSamePage), true, 'it turned paid without a reload');
  await payFromPage(page, other, codes[1]);
  await holds(page, 'paid');
  await press(page, page.locator(`a[href^="/don/${codes[0]}"]`).first());
  await holds(page, 'order');
  await press(page, page.locator('a[href^="/truy-xuat/"]').first());
  await holds(page, 'trace'); await keepPicture(page, 'trace');
  noTroubles(page);
});

test('without JavaScript the same is bought and paid, and the page says so when it is loaded again', async () => {
  const page = await visitor(browser, market, { js: false });
  await page.goto(`/tim?q=${encodeURIComponent(goods.name)}`);
  await press(page, page.locator(`main a[href="/san-pham/${goods.slug}"]`).first());
  await press(page, page.locator('form[action="/gio-hang"] button[type=submit]').first());
  await choosePlaceInBasket(page);
  await holds(page, 'basket without scripts');
  await fillCheckout(page, { phone: '0530 099 020' });
  await order(page);
  await holds(page, 'payment without scripts');
  const [code] = await codesOf(page);
  const amount = Number((await page.locator('.pay-amount').first().innerText()).replaceAll(/\D/g, ''));
  assert.equal((await bankSays(goods.account, { memo: code, amount })).status, 200);
  await reloadUntil(page, /Tiền đã về/);
  await holds(page, 'paid without scripts');
});

test('pressing twice, the way back and a form sent again make one purchase', async () => {
  const page = await visitor(browser, market, { js: false });
  await putIntoBasket(page, goods.slug);
  await choosePlaceInBasket(page);
  await fillCheckout(page, { payment: 'cod', phone: '0530 099 018' });
  const form = await page.locator('form#f-total').evaluate((element) => Object.fromEntries(new FormData(element)));
  await page.locator('button[name=do][value=order]').dblclick();
  await page.waitForURL((url) => url.pathname.startsWith('/mua/'));
  const first = new URL(page.url());
  await holds(page, 'placed, paid on delivery');
  const again = await page.request.post('/thanh-toan', { form: { ...form, do: 'order' }, headers: { origin: market.base_url }, maxRedirects: 0 });
  assert.equal(again.status(), 303);
  assert.equal(new URL(again.headers().location, market.base_url).pathname, first.pathname, 'the same form is the same purchase');
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, '/gio-hang', 'the way back finds the basket empty, and orders nothing');
  assert.match(await page.locator('main').innerText(), /trống/i);
  await page.goForward();
  assert.equal(page.url(), first.href);
});

test('what is wrong in the form is said beside its field, and nothing typed is lost', async () => {
  const page = await visitor(browser, market, { js: false });
  await putIntoBasket(page, goods.slug);
  await page.goto('/thanh-toan');
  await page.fill('input[name=name]', 'Khách Long Biên 004');
  await page.fill('input[name=phone]', '12');
  await page.fill('[name=address]', 'số 4');
  await press(page, page.locator('button[name=do][value=order]'));
  assert.equal(await page.inputValue('input[name=name]'), 'Khách Long Biên 004');
  assert.equal(await page.inputValue('[name=address]'), 'số 4');
  assert.ok(await page.locator('.has-error').count() > 0);
  await holds(page, 'checkout with errors');
});

test('a lost page is found again by code and phone, and tells no more than that', async () => {
  const page = await visitor(browser, market);
  await putIntoBasket(page, goods.slug);
  await fillCheckout(page, { payment: 'cod', phone: '0530 099 019' });
  await order(page);
  const [code] = await codesOf(page);
  await page.context().clearCookies();
  await page.goto('/don');
  await holds(page, 'lost');
  await page.fill('input[name=code]', code.toLowerCase());
  await page.fill('input[name=phone]', '0530099019');
  await press(page, page.locator('main form button[type=submit]').first());
  const text = await page.locator('main').innerText();
  assert.match(text, /Chờ HTX nhận đơn/);
  assert.ok(!text.includes(buyer.address) && !text.includes(buyer.name), 'no name and no address without the key');
  await holds(page, 'lost and found');
  noTroubles(page);
});

test('the market speaks English when asked, and goes on doing so', async () => {
  const page = await visitor(browser, market);
  await page.goto(`/san-pham/${goods.slug}`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'vi');
  await press(page, page.getByRole('link', { name: 'English' }));
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(new URL(page.url()).pathname, `/san-pham/${goods.slug}`, 'on the same page');
  await page.goto('/gio-hang');
  assert.match(await page.locator('h1').innerText(), /basket/i);
  noTroubles(page);
});

test('every public page holds on a desk, in English, and a missing one shows the way on', async () => {
  const page = await visitor(browser, market, { viewport: desk, lang: 'en' });
  for (const [name, path] of [['home', '/'], ['search', '/tim'], ['nothing found', '/tim?q=xyzxyz'], ['product', `/san-pham/${goods.slug}`],
    ['cooperative', `/htx/${goods.account.cooperative}`], ['empty basket', '/gio-hang'], ['lost', '/don'], ['help', '/ho-tro'],
    ['sign-in', '/tai-khoan/dang-nhap'], ['demo bank', '/demo/ngan-hang']]) {
    assert.equal((await page.goto(path)).status(), 200, path);
    await holds(page, `${name} in English`);
  }
  assert.equal((await page.goto('/khong-co-trang-nay')).status(), 404);
  assert.ok(await page.locator('main a[href="/"]').count(), 'the way home');
  await holds(page, 'missing');
  noTroubles(page);
});
