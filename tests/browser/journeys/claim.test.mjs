// A buyer says that goods are spoiled: on a phone, with a picture, by the keyboard alone, with and without scripts; the cooperative gives
// money back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, holds, noTroubles, openBrowser, phone, press, signIn, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';

let market, browser;
before(async () => { market = await openMarket(); browser = await openBrowser(); });
after(async () => { await browser?.close(); await market?.stop(); });

/** A picture of one green square, as a phone might send it. */
const picture = {
  name: 'IMG_0001.png', mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mPQ6LEhCTGMahjVMHw1AACEkfABRDVh3gAAAABJRU5ErkJggg==', 'base64'),
};

/** Somebody of a cooperative, and an order of theirs that the buyer has in hand. */
async function received() {
  for (const person of market.sign_ins.filter((one) => one.role === 'seller')) {
    const page = await visitor(browser, market, { viewport: phone });
    await signIn(page, person);
    await page.goto('/ban-hang/them');
    const link = page.locator('main a[href^="/htx/"]').first();
    const [goods] = await link.count() ? await market.goodsOf((await link.getAttribute('href')).slice('/htx/'.length)) : [];
    if (goods) {
      const placed = await market.order(goods.slug, { payment: 'cod' });
      await page.goto(`/ban-hang/don/${placed.code}`);
      for (const name of ['Nhận đơn', 'Cân xong', 'Đóng hàng xong', 'Đã giao']) {
        const button = page.getByRole('button', { name, exact: true });
        if (!(await button.count())) continue;
        if (name === 'Cân xong') await page.locator('input[name^="weight["]').first().fill('1');
        await press(page, button);
      }
      return { page, placed };
    }
    await page.context().close();
  }
  return assert.fail('no seller with goods');
}

/** Goes on with Tab until `is` says yes of what has the focus: somebody without a mouse. */
async function tabUntil(page, is, what) {
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(is)) return;
  }
  assert.fail(`Tab never came to ${what}`);
}

for (const js of [true, false]) {
  const how = js ? 'with' : 'without';
  test(`a buyer reports spoiled goods with a picture ${how} JavaScript, by the keyboard alone, and money is given back`, async () => {
    const { page: farm, placed } = await received();
    const buyer = await visitor(browser, market, { js, viewport: phone });
    await buyer.goto(placed.url);
    await holds(buyer, `an order in hand ${how} scripts`);
    await press(buyer, buyer.getByRole('link', { name: 'Báo hàng hỏng', exact: true }));
    await holds(buyer, `the form of a claim ${how} scripts`);
    const stale = await visitor(browser, market, { js, viewport: desk });
    await stale.goto(buyer.url());
    await tabUntil(buyer, () => document.activeElement?.name?.startsWith('kind['), 'what is wrong');
    await buyer.keyboard.press('ArrowDown');
    await tabUntil(buyer, () => document.activeElement?.name === 'words', 'the words');
    await buyer.keyboard.type('Mở ra thấy dập');
    await tabUntil(buyer, () => document.activeElement?.type === 'file', 'the pictures');
    await buyer.locator('input[type=file]').first().setInputFiles(picture);
    await tabUntil(buyer, () => document.activeElement?.innerText?.trim() === 'Gửi báo hàng hỏng', 'the button');
    const arrived = buyer.waitForEvent('framenavigated', (frame) => frame === buyer.mainFrame());
    await Promise.all([arrived, buyer.keyboard.press('Enter')]);
    await buyer.waitForLoadState('load');
    const told = await buyer.locator('main').innerText();
    assert.match(told, /Mở ra thấy dập/);
    assert.match(told, /Chờ HTX trả lời/);
    const shown = await buyer.locator('.thumbs img').first().evaluate((img) => img.complete && img.naturalWidth > 0);
    assert.ok(shown, 'the picture is seen by who sent it');
    await holds(buyer, `a claim that waits ${how} scripts`);
    // The same form, left open on a desk: told kindly, nothing is claimed twice.
    await stale.locator('select[name^="kind["]').selectOption('short');
    await press(stale, stale.getByRole('button', { name: 'Gửi báo hàng hỏng', exact: true }));
    assert.match(await stale.locator('main').innerText(), /đã báo rồi/);
    await farm.goto('/ban-hang');
    await press(farm, farm.getByRole('link', { name: /Khách báo, cần trả lời/ }).first());
    await holds(farm, `a claim before the cooperative ${how} scripts`);
    await press(farm, farm.getByRole('button', { name: 'Trả lại tiền', exact: true }));
    assert.match(await farm.locator('main').innerText(), /Đã nhận trả lại tiền/);
    await holds(farm, `a claim answered ${how} scripts`);
    await buyer.reload();
    assert.match(await buyer.locator('main').innerText(), /HTX nhận trả lại tiền/);
    await press(buyer, buyer.getByRole('button', { name: 'Ổn rồi, khép lại', exact: true }));
    assert.match(await buyer.locator('main').innerText(), /Đã khép lại/);
    await holds(buyer, `a claim closed ${how} scripts`);
    for (const page of [buyer, farm, stale]) noTroubles(page);
  });
}
