// The way to a buyer goes wrong: nobody opens the door, a storm comes; who carries, who buys and who runs the market see what to do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, holds, noTroubles, openBrowser, phone, press, signIn, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';

let market, browser;
before(async () => { market = await openMarket(); browser = await openBrowser(); });
after(async () => { await browser?.close(); await market?.stop(); });

/** A clerk's page and an order of the clerk's cooperative that stands packed. */
async function packedOrder() {
  for (const person of market.sign_ins.filter((one) => one.role === 'seller')) {
    const page = await visitor(browser, market);
    await signIn(page, person);
    await page.goto('/ban-hang/them');
    const link = page.locator('main a[href^="/htx/"]').first();
    const all = await link.count() ? await market.goodsOf((await link.getAttribute('href')).slice('/htx/'.length)) : [];
    for (const goods of all) {
      const placed = await market.order(goods.slug, { payment: 'cod' });
      await page.goto(`/ban-hang/don/${placed.code}`);
      const yes = page.getByRole('button', { name: 'Nhận đơn', exact: true });
      if (await yes.count()) await press(page, yes);
      const pack = page.locator('form[action$="/dong"] button');
      if (!await pack.count()) continue;
      await press(page, pack);
      if (await page.getByText('In tem dán gói hàng').count()) return { page, placed };
    }
    await page.context().close();
  }
  return assert.fail('no order could be packed');
}

test('nobody opens the door: the carrier says so, the buyer reads when it comes again, and the goods come back', async () => {
  const { page, placed } = await packedOrder();
  await holds(page, 'farm order packed');
  await page.goto(`/ban-hang/don/${placed.code}/tem`);
  await holds(page, 'parcel label');
  await page.goto(`/ban-hang/giao/${placed.code}`);
  await press(page, page.getByRole('button', { name: /Tôi đi giao/ }));
  await page.getByText('Chưa giao được', { exact: true }).click();
  await page.getByLabel('Không có ai ở nhà').check();
  await holds(page, 'door not taken');
  await press(page, page.getByRole('button', { name: 'Ghi chưa giao được' }));
  await page.getByText('Đã ghi chưa giao được').waitFor();
  const buyer = await visitor(browser, market, { viewport: phone });
  await buyer.goto(`/don/${placed.code}?k=${placed.key}`);
  await buyer.getByText('Không có ai ở nhà').waitFor();
  await holds(buyer, 'order not taken');
  await page.goto(`/ban-hang/don/${placed.code}`);
  await page.getByText('Không giao nữa, lấy hàng về').first().click();
  await page.getByLabel('Lý do, khách sẽ đọc').fill('Ba lần không gặp');
  await holds(page, 'farm order taken back');
  await press(page, page.getByRole('button', { name: 'Lấy hàng về, kết thúc đơn' }));
  await page.getByText('Đơn này đang ghi là khách không nhận hàng').waitFor();
  await buyer.reload();
  await buyer.getByText('Ba lần không gặp').waitFor();
  await press(buyer, buyer.getByRole('button', { name: 'Đặt lại' }));
  assert.match(buyer.url(), /gio-hang/);
  noTroubles(page);
  noTroubles(buyer);
});

test('a storm: the operator pauses a commune, shoppers read it, and it goes on again', async () => {
  for (const viewport of [phone, desk]) {
    const page = await visitor(browser, market, { viewport });
    await signIn(page, market.signIn('operator'));
    await page.goto('/van-hanh/tam-dung');
    await page.getByLabel('Lý do, mọi người sẽ đọc').fill('Bão số 5, đường ngập');
    await page.getByText('Chọn xã, phường', { exact: true }).click();
    await page.locator('input[name="communes"]').first().check();
    await holds(page, 'pauses');
    const code = await page.locator('input[name="communes"]').first().getAttribute('value');
    await press(page, page.getByRole('button', { name: 'Tạm dừng giao, báo khách' }));
    await page.getByRole('heading', { name: 'Bão số 5, đường ngập' }).waitFor();
    const quote = await market.api('/api/v1/quotes', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        lines: [{ product: market.products[0], quantity: '1' }],
        buyer: { name: 'Khách Cầu Giấy 031', phone: '0530099031' },
        fulfilment: { kind: 'delivery', commune_code: code, address: 'Thôn 1' }, payment: 'cod',
      }),
    });
    assert.ok(JSON.stringify(quote.body).includes('Bão số 5'), JSON.stringify(quote.body).slice(0, 400));
    await press(page, page.getByRole('button', { name: 'Giao lại' }));
    await page.getByText('Không có nơi nào đang tạm dừng').waitFor();
    noTroubles(page);
    await page.context().close();
  }
});
