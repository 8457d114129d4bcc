// A packer weighs three orders with the network cut between, by the keyboard alone on a phone; what waits is said, sent once when the
// network is back, and what is asked back is chosen by a person. Without scripts the plain forms do the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, holds, noTroubles, openBrowser, phone, press, signIn, visitor } from '../kit/browser.mjs';
import { openMarket } from '../kit/market.mjs';

let market, browser;
before(async () => { market = await openMarket(); browser = await openBrowser(); });
after(async () => { await browser?.close(); await market?.stop(); });

let prepared;

/** A manager whose cooperative sells something in grams, which is charged by its true weight from now on. */
async function prepare() {
  for (const person of market.sign_ins.filter((one) => one.role === 'seller')) {
    const page = await visitor(browser, market, { viewport: desk });
    await signIn(page, person);
    await page.goto('/ban-hang/them');
    const link = page.locator('main a[href^="/htx/"]').first();
    const all = await link.count() ? await market.goodsOf((await link.getAttribute('href')).slice('/htx/'.length)) : [];
    const counted = await Promise.all(all.map((one) => market.api(`/api/v1/products/${one.slug}`)));
    const goods = all.find((one, at) => counted[at].body.base_unit === 'g');
    if (goods) {
      await page.goto('/ban-hang/hang');
      await press(page, page.getByRole('link', { name: goods.name }).first());
      await page.goto(`${new URL(page.url()).pathname}/sua`);
      await page.check('input[name=by_weight]', { force: true });
      await page.fill('input[name=tolerance]', '10');
      await press(page, page.locator('main form[enctype] button[type=submit]').first());
      await page.context().close();
      return { person, goods };
    }
    await page.context().close();
  }
  return assert.fail('no seller of goods that a scale can weigh');
}

/** A packer before a browser, and what is sold by true weight. */
async function packerAndGoods(options) {
  prepared ??= await prepare();
  const page = await visitor(browser, market, options);
  await signIn(page, prepared.person);
  return { page, goods: prepared.goods };
}

/** Orders that the cooperative has said yes to. */
async function accepted(page, goods, many) {
  const placed = [];
  for (let n = 0; n < many; n += 1) {
    const order = await market.order(goods.slug, { payment: 'cod' });
    await page.goto(`/ban-hang/don/${order.code}`);
    const yes = page.getByRole('button', { name: 'Nhận đơn', exact: true });
    if (await yes.count()) await press(page, yes);
    placed.push(order);
  }
  return placed;
}

const stateOf = async (placed) =>
  (await market.api(`/api/v1/orders/${placed.code}`, { headers: { 'x-order-key': placed.key } })).body;

/** The day on which an order goes out, opened. */
async function openDay(page, placed) {
  await page.goto('/ban-hang/dong-hang');
  const days = await page.locator('main nav.chips a[href*="ngay="]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  for (const day of days) {
    await page.goto(day);
    if (await page.locator(`form[data-tap=weigh][data-order=${placed.code}]`).count()) return;
  }
  assert.fail(`${placed.code} is on no day of ${days}`);
}

const field = (page, placed) => page.locator(`form[data-tap=weigh][data-order=${placed.code}] input[name=weight]`);

/** The network is back. What the browser wrote to the console meanwhile was to be expected. */
async function online(page) {
  await page.context().setOffline(false);
  page.troubles = page.troubles.filter((trouble) => !/ERR_INTERNET_DISCONNECTED/.test(trouble));
}

/** Types a figure and sends it with Enter, as somebody without a mouse. */
async function weigh(page, placed, figure) {
  await field(page, placed).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(figure);
  await page.keyboard.press('Enter');
}

/** What was ordered, in grams as the page knows it, and as a figure for the scale. */
async function ordered(page, placed, factor = 1) {
  const base = await page.locator(`form[data-tap=weigh][data-order=${placed.code}]`).first().getAttribute('data-ordered');
  const grams = Math.round(Number(base) * factor);
  return { grams, figure: String(grams / 1000).replace('.', ',') };
}

test('a packer weighs three orders with the network cut between, and nothing is lost or done twice', async () => {
  const { page, goods } = await packerAndGoods({ viewport: phone });
  const [first, second, third] = await accepted(page, goods, 3);
  await openDay(page, first);
  await holds(page, 'packing day');
  const [one, two, three] = [await ordered(page, first), await ordered(page, second), await ordered(page, third, 1.4)];

  await weigh(page, first, one.figure);
  await page.waitForFunction((code) => /✓/.test(document.querySelector(`form[data-tap=weigh][data-order=${code}] [data-said]`).textContent), first.code);
  assert.equal((await stateOf(first)).lines[0].weighed_base, one.grams);

  await page.context().setOffline(true);
  await weigh(page, second, two.figure);
  await weigh(page, third, three.figure);
  const queue = page.locator('#cho-gui');
  await queue.getByText('Gửi lại (2 việc chờ)').waitFor();
  assert.match(await queue.innerText(), /Đang mất mạng/);
  assert.equal((await stateOf(second)).lines[0].weighed_base, null, 'nothing has arrived');
  // Closing the page loses nothing: another one of the same browser finds the same list.
  await online(page);
  await page.waitForFunction((code) => /✓/.test(document.querySelector(`form[data-tap=weigh][data-order=${code}] [data-said]`).textContent), second.code);
  assert.equal((await stateOf(second)).lines[0].weighed_base, two.grams);

  // Too heavy: asked back, with its reason and a way to choose.
  const choose = queue.getByRole('link', { name: 'Xem và chọn', exact: true });
  await choose.waitFor();
  assert.equal((await stateOf(third)).lines[0].weighed_base, null);
  await holds(page, 'packing day with something asked back');
  await press(page, choose);
  assert.match(await page.locator('main').innerText(), /nặng quá mức đã hẹn/);
  await holds(page, 'a weight asked back');
  await press(page, page.getByRole('button', { name: /^Cho phần dư/ }));
  assert.equal((await stateOf(third)).lines[0].weighed_base, three.grams);
  assert.ok(await page.locator('#cho-gui').isHidden(), 'what was chosen waits no more');

  await openDay(page, first);
  await page.context().setOffline(true);
  const pack = page.locator(`form[data-tap=pack][data-order=${first.code}] button`);
  await pack.focus();
  await page.keyboard.press('Enter');
  await page.locator('#cho-gui').getByText('Gửi lại (1 việc chờ)').waitFor();
  const kept = await page.evaluate(() => localStorage.getItem('ganh-packing'));
  assert.ok(kept.includes(first.code));
  await online(page);
  await page.waitForFunction((code) => /Đã đóng xong/.test(document.querySelector(`form[data-tap=pack][data-order=${code}] [data-said]`).textContent), first.code);
  assert.equal((await stateOf(first)).state, 'packed');
  noTroubles(page);
  await page.context().close();
});

test('a list kept by a closed page is sent by the next one', async () => {
  const { page, goods } = await packerAndGoods({ viewport: phone });
  const [placed] = await accepted(page, goods, 1);
  await openDay(page, placed);
  const { grams, figure } = await ordered(page, placed);
  const here = page.url();
  await page.context().setOffline(true);
  await weigh(page, placed, figure);
  await page.locator('#cho-gui').getByText('Gửi lại (1 việc chờ)').waitFor();
  const context = page.context();
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(here);
  await next.waitForFunction((code) => /✓/.test(document.querySelector(`form[data-tap=weigh][data-order=${code}] [data-said]`)?.textContent ?? ''), placed.code);
  assert.equal((await stateOf(placed)).lines[0].weighed_base, grams);
  await context.close();
});

test('without scripts the plain forms weigh and pack', async () => {
  const { page, goods } = await packerAndGoods({ viewport: phone, js: false });
  const [placed] = await accepted(page, goods, 1);
  await openDay(page, placed);
  const { grams } = await ordered(page, placed);
  // Grams with the point of the thousands: a thousand times too much.
  await field(page, placed).fill(String(grams).replace(/(\d)(?=(\d{3})+$)/g, '$1.'));
  await press(page, page.locator(`form[data-tap=weigh][data-order=${placed.code}] button`));
  assert.match(await page.locator('main').innerText(), /số này lạ quá/);
  await holds(page, 'a strange weight without scripts');
  await press(page, page.getByRole('button', { name: /^Đúng ra là/ }));
  assert.equal((await stateOf(placed)).lines[0].weighed_base, grams);
  await openDay(page, placed);
  await press(page, page.locator(`form[data-tap=pack][data-order=${placed.code}] button`));
  assert.equal((await stateOf(placed)).state, 'packed');
  noTroubles(page);
  await page.context().close();
});

test('pick list, box, slip and rule can be read on a phone and on a desk', async () => {
  for (const viewport of [phone, desk]) {
    const { page, goods } = await packerAndGoods({ viewport });
    const [placed] = await accepted(page, goods, 1);
    await openDay(page, placed);
    await holds(page, 'packing day to read');
    await press(page, page.getByRole('link', { name: 'In phiếu soạn hàng', exact: true }));
    await holds(page, 'pick list');
    await page.goto(`/ban-hang/dong-hang/${placed.code}`);
    await press(page, page.getByRole('button', { name: 'Tôi đóng đơn này', exact: true }));
    await holds(page, 'one box');
    await press(page, page.getByRole('link', { name: /^Thiếu món này/ }).first());
    await holds(page, 'a missing line');
    await page.goto(`/ban-hang/dong-hang/${placed.code}/phieu`);
    await holds(page, 'slip for the box');
    await page.goto('/ban-hang/them/chenh-can');
    await holds(page, 'rule for small differences');
    noTroubles(page);
    await page.context().close();
  }
});
