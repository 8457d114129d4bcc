// Chromium, phones and desks, axe, and pictures of pages. Fails on any script error, refused resource or CSP report.
import axe from 'axe-core';
import assert from 'node:assert/strict';
import { mkdir, stat } from 'node:fs/promises';
import { chromium } from 'playwright-core';

export const phone = { width: 360, height: 740 };
export const desk = { width: 1280, height: 900 };
/** Pictures are made with PICTURES=1 only, so that a run leaves the tree as it was. */
const wantsPictures = Boolean(process.env.PICTURES);
const out = new URL('../out/', import.meta.url).pathname;
const kept = new URL('../pictures/', import.meta.url).pathname;
const KEPT_MAX_BYTES = 150_000;
const STEP_MS = 10_000;
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** A person at a phone or a desk; `js: false` for those whose phone runs no scripts. Nothing waits longer than `STEP_MS`. */
export async function visitor(browser, market, { viewport = phone, js = true, lang = 'vi' } = {}) {
  const context = await browser.newContext({
    viewport, javaScriptEnabled: js, locale: lang === 'vi' ? 'vi-VN' : 'en-US', baseURL: market.base_url, timezoneId: 'Asia/Ho_Chi_Minh',
    deviceScaleFactor: viewport.width < 600 ? 2 : 1, permissions: js ? ['clipboard-read', 'clipboard-write'] : [],
  });
  context.setDefaultTimeout(STEP_MS);
  context.setDefaultNavigationTimeout(STEP_MS);
  const page = await context.newPage();
  page.runsScripts = js;
  page.troubles = [];
  page.on('response', (answer) => { if (answer.status() >= 500) page.troubles.push(`${answer.status()} of ${answer.url()}`); });
  page.on('pageerror', (error) => page.troubles.push(`script: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A status that a step expects (409, 404 …) is written to the console by the browser; everything else is a trouble.
    if (message.type() === 'error' && !/the server responded with a status/.test(text)) page.troubles.push(`console: ${text}`);
  });
  return page;
}

export function noTroubles(page) {
  assert.deepEqual(page.troubles, [], `troubles on ${page.url()}`);
}

/** Presses what leads to another page (or to this one anew) and waits until that one is there; the same with and without scripts. */
export async function press(page, target) {
  const arrived = page.waitForEvent('framenavigated', (frame) => frame === page.mainFrame());
  await Promise.all([arrived, target.click()]);
  await page.waitForLoadState('load');
}

/** Waits until a page without scripts, loaded again and again as a person would, holds these words. */
export async function reloadUntil(page, words) {
  const end = Date.now() + STEP_MS;
  for (;;) {
    await page.reload();
    const text = await page.locator('main').innerText();
    if (words.test(text)) return;
    assert.ok(Date.now() < end, `${words} never came: ${text}`);
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
}

/** axe finds nothing: WCAG 2.2 A and AA. */
export async function accessible(page, where) {
  if (!page.runsScripts) {
    const twin = await twinOf(page);
    await accessible(twin, `${where}, without scripts`);
    await twin.context().close();
    return;
  }
  // Its source given to the page as it is: the wrapper for Playwright takes ten times as long.
  await page.evaluate(axe.source);
  const found = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags, resultTypes: ['violations'] }), WCAG);
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`);
  assert.deepEqual(told, [], `axe on ${where}`);
}

/** axe is a script and never ends where none may run: it looks at the same markup in a browser that runs axe alone. */
async function twinOf(page) {
  const markup = await page.content();
  const context = await page.context().browser().newContext({ viewport: page.viewportSize(), locale: 'vi-VN' });
  context.setDefaultTimeout(STEP_MS);
  await context.route('**/*.js', (route) => route.abort());
  await context.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: markup }));
  const twin = await context.newPage();
  await twin.goto(page.url());
  twin.runsScripts = true;
  return twin;
}

/** Nothing stands out of the page to the right. */
export async function fits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where} is ${over} px wider than the screen`);
}

/** What every page has to be. */
export async function holds(page, where) {
  noTroubles(page);
  await accessible(page, where);
  await fits(page, where);
  await picture(page, where);
}

/** A picture of the whole page in out/, which is not kept. */
export async function picture(page, where) {
  if (!wantsPictures) return;
  await mkdir(out, { recursive: true });
  const name = `${where} ${page.viewportSize().width}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
  await page.screenshot({ path: `${out}${name}.png`, fullPage: true });
}

/** A picture for the README: what a phone shows, or from `from` on down. */
export async function keepPicture(page, name, { from } = {}) {
  if (!wantsPictures) return;
  await mkdir(kept, { recursive: true });
  const path = `${kept}${name}.png`;
  const top = from ? (await page.locator(from).first().boundingBox()).y - 12 : 0;
  const { width, height } = phone;
  await page.screenshot({ path, fullPage: true, scale: 'css', clip: { x: 0, y: Math.max(0, top), width, height } });
  const { size } = await stat(path);
  assert.ok(size <= KEPT_MAX_BYTES, `${name}.png has ${size} bytes`);
}

/** Signs a person in by phone and password, and waits for their own page. */
export async function signIn(page, person) {
  await page.goto('/tai-khoan/dang-nhap');
  await page.fill('input[name=phone]', person.phone);
  await page.fill('input[name=password]', person.password);
  await press(page, page.locator('main form button[type=submit]'));
  assert.ok(!page.url().endsWith('/dang-nhap'), `${person.name} is signed in`);
}
