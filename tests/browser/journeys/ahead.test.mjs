// Goods ordered ahead of their harvest, with a deposit, and a code that takes something off: made by a manager, used by a shopper.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, holds, noTroubles, openBrowser, phone, press, signIn, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';
import { fillCheckout, order, putIntoBasket } from '../kit/shopping.mjs';

const orderLink = 'main a[href*="/don/"]:not([download]):not([href*=".png"]):not([href*=".svg"])';

let market, browser;
before(async () => { market = await openMarket(); browser = await openBrowser(); });
after(async () => { await browser?.close(); await market?.stop(); });

/** A manager's page, the slug of the cooperative, and something of it that can be ordered now. */
async function manager() {
  for (const person of market.sign_ins.filter((one) => one.role === 'seller')) {
    const page = await visitor(browser, market);
    await signIn(page, person);
    await page.goto('/ban-hang/them');
    const link = page.locator('main a[href^="/htx/"]').first();
    const goods = await link.count() ? await market.goodsOf((await link.getAttribute('href')).slice('/htx/'.length)) : [];
    await page.goto('/ban-hang/them/ma-giam-gia');
    if (goods.length && await page.getByRole('button', { name: 'Làm mã' }).count()) return { page, goods };
    await page.context().close();
  }
  return assert.fail('no manager with goods');
}

test('a manager makes a code, a shopper types it any way and pays less', async () => {
  const { page, goods } = await manager();
  await holds(page, 'codes before');
  await page.getByLabel('Mã giảm giá', { exact: true }).fill('Tết 2027');
  await press(page, page.getByRole('button', { name: 'Làm mã' }));
  await page.getByText('Số phần trăm từ 1 đến 100').first().waitFor();
  await page.locator('input[name=percent]').fill('10');
  await press(page, page.getByRole('button', { name: 'Làm mã' }));
  await page.getByText('Mã đã sẵn sàng').waitFor();
  await page.getByRole('heading', { name: 'TET2027' }).waitFor();
  await holds(page, 'codes');
  for (const viewport of [phone, desk]) {
    const buyer = await visitor(browser, market, { viewport });
    await putIntoBasket(buyer, goods[0].slug);
    await fillCheckout(buyer, { phone: viewport === phone ? '0530 099 018' : '0530 099 019' });
    await buyer.getByText('Có mã giảm giá').click();
    await buyer.fill('input[name=voucher]', 'tet-2072');
    await press(buyer, buyer.getByRole('button', { name: 'Dùng mã' }));
    await buyer.getByText('Không có mã TET2072').first().waitFor();
    await buyer.fill('input[name=voucher]', 'tết 2027');
    await press(buyer, buyer.getByRole('button', { name: 'Dùng mã' }));
    await buyer.getByText('Mã TET2027: giảm').waitFor();
    await holds(buyer, 'checkout with a code');
    await order(buyer);
    await press(buyer, buyer.locator(orderLink).first());
    await buyer.getByText('Mã giảm giá', { exact: true }).waitFor();
    await holds(buyer, 'order with a code');
  }
  await page.reload();
  await page.getByText('đã dùng 2 đơn').waitFor();
  await press(page, page.getByRole('button', { name: 'Ngừng mã TET2027' }));
  await page.getByText('Đã ngừng mã').waitFor();
  noTroubles(page);
});

test('goods are ordered ahead of their harvest with a deposit, by a phone without scripts too', async () => {
  const { body } = await market.api('/api/v1/products?per_page=100');
  let asked;
  for (const { slug } of body.items) {
    const product = (await market.api(`/api/v1/products/${slug}`)).body;
    asked = product.windows.some((window) => window.deposit_bps > 0) ? slug : undefined;
    if (asked) break;
  }
  assert.ok(asked, 'somebody asks for a deposit');
  for (const [js, viewport] of [[true, phone], [false, phone], [true, desk]]) {
    const buyer = await visitor(browser, market, { js, viewport });
    await buyer.goto(`/san-pham/${asked}`);
    await buyer.getByText(/Cọc 30/).first().waitFor();
    if (js) await holds(buyer, 'product with a deposit');
    const ahead = buyer.locator('section[id^=dat-truoc-]').first();
    await ahead.locator('input[name=quantity]').fill('3');
    await press(buyer, ahead.getByRole('button', { name: 'Đặt trước' }));
    await fillCheckout(buyer, { payment: 'cod', phone: js ? '0530 099 021' : '0530 099 022' });
    await buyer.getByText(/Cọc trước/).first().waitFor();
    if (js) await holds(buyer, 'checkout with a deposit');
    await order(buyer);
    await buyer.locator('ol.pay-list').waitFor();
    if (js) await holds(buyer, 'purchase with a deposit');
    await press(buyer, buyer.locator(orderLink).first());
    await buyer.getByText(/Tiền cọc/).first().waitFor();
    if (js) await holds(buyer, 'order with a deposit');
  }
});
