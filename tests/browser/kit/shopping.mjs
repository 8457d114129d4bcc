// What shoppers do in more than one journey.
import assert from 'node:assert/strict';

export const buyer = { name: 'Khách Hoàng Mai 017', phone: '0530 099 017', commune: '11977', address: 'thôn 1, nhà có cổng xanh' };

/** Puts a product into the basket from its own page. */
export async function putIntoBasket(page, slug) {
  await page.goto(`/san-pham/${slug}`);
  await page.locator('form[action="/gio-hang"] button[type=submit]').first().click();
  await page.waitForURL((url) => url.pathname !== `/san-pham/${slug}` || url.search !== '');
}

/** Fills the checkout form in; `commune` by its words, as a person types them. */
export async function fillCheckout(page, { payment = 'vietqr', phone = buyer.phone } = {}) {
  await page.goto('/thanh-toan');
  await page.fill('input[name=name]', buyer.name);
  await page.fill('input[name=phone]', phone);
  await page.check('input[name=kind][value=delivery]', { force: true });
  await choosePlace(page);
  await page.fill('[name=address]', buyer.address);
  await page.check(`input[name=payment][value=${payment}]`, { force: true });
}

/** The plain list where it stands; where a script has put a type-ahead before it, by words as people type them. */
async function choosePlace(page) {
  const list = page.locator('select[name=commune_code]');
  if (await list.isVisible().catch(() => false)) {
    await list.selectOption(buyer.commune);
    return;
  }
  await page.locator('input[role=combobox]').fill('tan hung hung yen');
  await page.locator('[role=option]').first().click();
}

/** Sends the form, and once more when the page asks to look at the sum again. */
export async function order(page) {
  for (let turn = 0; turn < 3; turn += 1) {
    await page.locator('button[name=do][value=order]').click();
    await page.waitForLoadState('load');
    if (new URL(page.url()).pathname.startsWith('/mua/')) return;
    const choice = page.locator('input[name=commune_code][type=radio]').first();
    if (await choice.count()) await choice.check({ force: true });
  }
  assert.fail(`not ordered: ${await page.locator('main').innerText()}`);
}
