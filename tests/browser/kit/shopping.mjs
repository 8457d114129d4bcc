// What shoppers do in more than one journey.
import assert from 'node:assert/strict';
import { press } from './browser.mjs';

export const buyer = { name: 'Khách Hoàng Mai 017', phone: '0530 099 017', commune: '11977', address: 'thôn 1, nhà có cổng xanh' };

/** Puts a product into the basket from its own page. */
export async function putIntoBasket(page, slug) {
  await page.goto(`/san-pham/${slug}`);
  await press(page, page.locator('form[action="/gio-hang"] button[type=submit]').first());
}

/** Says in the basket where the goods go, as one does to see what delivery costs. */
export async function choosePlaceInBasket(page) {
  await page.goto('/gio-hang');
  const form = page.locator('form[action="/gio-hang/noi-giao"]');
  const list = form.locator('select[name=commune_code]');
  const words = form.locator('input[role=combobox]');
  if (!(await list.or(words).first().isVisible())) await page.locator('details:has(form[action="/gio-hang/noi-giao"]) > summary').first().click();
  await choosePlace(page, form);
  await press(page, form.locator('button[name=do][value=use]'));
}

/** Fills the checkout form in. */
export async function fillCheckout(page, { payment = 'vietqr', phone = buyer.phone } = {}) {
  await page.goto('/thanh-toan');
  await page.fill('input[name=name]', buyer.name);
  await page.fill('input[name=phone]', phone);
  await page.check('input[name=kind][value=delivery]', { force: true });
  await choosePlace(page, page.locator('main form').first());
  await page.fill('[name=address]', buyer.address);
  await page.check(`input[name=payment][value=${payment}]`, { force: true });
}

/** By words as people type them where a script helps with that, else from the plain list. */
async function choosePlace(page, form) {
  if (!page.runsScripts) {
    await form.locator('select[name=commune_code]').selectOption(buyer.commune);
    return;
  }
  await form.locator('input[role=combobox]').fill('tan hung');
  await form.locator('[role=option]', { hasText: 'Hưng Yên' }).first().click();
}

/** Sends the form, and once more when the page asks to look at the sum again. */
export async function order(page) {
  for (let turn = 0; turn < 3; turn += 1) {
    await press(page, page.locator('button[name=do][value=order]'));
    if (new URL(page.url()).pathname.startsWith('/mua/')) return;
    const choice = page.locator('input[name=commune_code][type=radio]').first();
    if (await choice.count()) await choice.check({ force: true });
  }
  assert.fail(`not ordered: ${await page.locator('main').innerText()}`);
}

/** The codes of a purchase's orders, as its page lists them. */
export async function codesOf(page) {
  return page.locator('ol.pay-list > li').evaluateAll((rows) => rows.map((row) => row.id));
}

/** As somebody types who hits the wrong tone on every word. */
export function wrongTones(text) {
  const bare = text.normalize('NFD').replaceAll(/[\u0300\u0301\u0303\u0309\u0323]/g, '');
  return bare.split(' ').map((word) => word.replace(/[aeiouy]/i, (vowel) => `${vowel}\u0309`)).join(' ').normalize('NFC');
}
