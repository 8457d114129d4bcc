// A farmer answers an order from the link that came by a message: no sign-in, a phone, with and without scripts, by the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, holds, noTroubles, openBrowser, phone, press, signIn, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';

let market, browser;
before(async () => { market = await openMarket(); browser = await openBrowser(); });
after(async () => { await browser?.close(); await market?.stop(); });

/** The clerk of a cooperative and what it sells. */
async function clerkAndGoods() {
  for (const person of market.sign_ins.filter((one) => one.role === 'seller')) {
    const page = await visitor(browser, market);
    await signIn(page, person);
    await page.goto('/ban-hang/them');
    const link = page.locator('main a[href^="/htx/"]').first();
    const [goods] = await link.count() ? await market.goodsOf((await link.getAttribute('href')).slice('/htx/'.length)) : [];
    if (goods) return { page, goods };
    await page.context().close();
  }
  return assert.fail('no seller with goods');
}

/** An order that waits, and the link to answer it as the message carries it. */
async function waitingOrder() {
  const { page, goods } = await clerkAndGoods();
  const placed = await market.order(goods.slug, { payment: 'cod' });
  await page.goto(`/ban-hang/don/${placed.code}`);
  await holds(page, 'farm order with its ways to answer');
  await press(page, page.getByRole('button', { name: 'Nhắn người trả lời đơn', exact: true }));
  const card = page.locator('main li', { hasText: placed.code }).first();
  const path = (await card.innerText()).match(/\/tra-loi\/[0-9a-f-]+\?k=[0-9a-f]+/)[0];
  await page.context().close();
  return { placed, path };
}

const stateOf = async (placed) =>
  (await market.api(`/api/v1/orders/${placed.code}`, { headers: { 'x-order-key': placed.key } })).body.state;

/** Goes on with Tab until what has the focus bears these words, and presses Enter: somebody without a mouse. */
async function tabTo(page, words) {
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press('Tab');
    const said = await page.evaluate(() => document.activeElement?.innerText?.trim() ?? '');
    if (said === words) return;
  }
  assert.fail(`Tab never came to «${words}»`);
}

for (const js of [true, false]) {
  const how = js ? 'with' : 'without';
  test(`a farmer accepts an order from the link ${how} JavaScript, and a second press finds it done`, async () => {
    const { placed, path } = await waitingOrder();
    const page = await visitor(browser, market, { js, viewport: phone });
    await page.goto(path);
    await holds(page, `answer by link ${how} scripts`);
    assert.equal(await stateOf(placed), 'placed', 'a look changes nothing');
    const stale = await visitor(browser, market, { js, viewport: desk });
    await stale.goto(path);
    await holds(stale, `answer by link on a desk ${how} scripts`);
    await press(page, page.getByRole('button', { name: 'Nhận đơn', exact: true }));
    assert.match(await page.locator('main').innerText(), /Đơn này đã trả lời xong/);
    await holds(page, `answered by link ${how} scripts`);
    assert.equal(await stateOf(placed), 'confirmed');
    await press(stale, stale.getByRole('button', { name: 'Nhận đơn', exact: true }));
    assert.match(await stale.locator('main').innerText(), /Đơn này đã trả lời xong/);
    noTroubles(page);
    noTroubles(stale);
  });

  test(`a farmer declines by link ${how} JavaScript, and is asked once more`, async () => {
    const { placed, path } = await waitingOrder();
    const page = await visitor(browser, market, { js, viewport: phone });
    await page.goto(path);
    await press(page, page.getByRole('link', { name: 'Không làm được đơn này', exact: true }));
    await holds(page, `declines by link ${how} scripts`);
    await page.getByText('Mưa bão, không hái được', { exact: true }).click();
    await press(page, page.getByRole('button', { name: 'Xem lại rồi từ chối', exact: true }));
    await holds(page, `asked once more ${how} scripts`);
    assert.equal(await stateOf(placed), 'placed');
    await press(page, page.getByRole('button', { name: 'Từ chối đơn', exact: true }));
    assert.equal(await stateOf(placed), 'declined');
    await holds(page, `declined by link ${how} scripts`);
    const shopper = await visitor(browser, market, { js });
    await shopper.goto(placed.url);
    assert.match(await shopper.locator('main').innerText(), /Mưa bão, không hái được/);
    await holds(shopper, `order declined, where else ${how} scripts`);
    noTroubles(page);
  });
}

test('a farmer accepts with the keyboard alone', async () => {
  const { placed, path } = await waitingOrder();
  const page = await visitor(browser, market, { viewport: phone });
  await page.goto(path);
  await tabTo(page, 'Nhận đơn');
  const arrived = page.waitForEvent('framenavigated', (frame) => frame === page.mainFrame());
  await Promise.all([arrived, page.keyboard.press('Enter')]);
  await page.waitForLoadState('load');
  assert.match(await page.locator('main').innerText(), /Đơn này đã trả lời xong/);
  assert.equal(await stateOf(placed), 'confirmed');
  noTroubles(page);
});

test('a farmer proposes less by link, the shopper agrees, and the order stands', async () => {
  const { placed, path } = await waitingOrder();
  const page = await visitor(browser, market, { viewport: phone });
  await page.goto(path);
  await press(page, page.getByRole('link', { name: 'Đổi bớt hay đổi ngày', exact: true }));
  await holds(page, 'proposes a change by link');
  const day = new Date(Date.now() + 6 * 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10);
  await page.fill('input[name=deliver_on]', day);
  await press(page, page.getByRole('button', { name: 'Hỏi khách', exact: true }));
  await holds(page, 'the buyer is asked');
  const shopper = await visitor(browser, market, { viewport: phone });
  await shopper.goto(placed.url);
  await holds(shopper, 'a change is proposed');
  await press(shopper, shopper.getByRole('button', { name: 'Đồng ý đổi', exact: true }));
  assert.equal(await stateOf(placed), 'confirmed');
  await holds(shopper, 'a change agreed to');
  noTroubles(page);
  noTroubles(shopper);
});

test('how orders are answered can be read and laid down on a phone and on a desk', async () => {
  for (const viewport of [phone, desk]) {
    const page = await visitor(browser, market, { viewport });
    await signIn(page, market.signIn('seller'));
    await page.goto('/ban-hang/them/nhan-don');
    await holds(page, 'how orders are answered');
    await press(page, page.getByRole('button', { name: 'Lưu cách nhận đơn', exact: true }));
    assert.match(await page.locator('main').innerText(), /Đã lưu/);
    noTroubles(page);
  }
});
