// Chromium, phones and desks, axe, and pictures of pages. Fails on any script error, refused resource or CSP report.
import AxeBuilder from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';

export const phone = { width: 360, height: 740 };
export const desk = { width: 1280, height: 900 };
const out = new URL('../out/', import.meta.url).pathname;

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** A person at a phone or a desk; `js: false` for those whose phone runs no scripts. */
export async function visitor(browser, market, { viewport = phone, js = true, lang = 'vi' } = {}) {
  const context = await browser.newContext({
    viewport, javaScriptEnabled: js, locale: lang === 'vi' ? 'vi-VN' : 'en-US', baseURL: market.base_url,
    timezoneId: 'Asia/Ho_Chi_Minh', deviceScaleFactor: viewport.width < 600 ? 2 : 1, permissions: js ? ['clipboard-read', 'clipboard-write'] : [],
  });
  const page = await context.newPage();
  page.troubles = [];
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

/** axe finds nothing: WCAG 2.2 A and AA. */
export async function accessible(page, where) {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`);
  assert.deepEqual(told, [], `axe on ${where}`);
}

/** Nothing stands out of the page to the right. */
export async function fits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where} is ${over} px wider than the screen`);
}

export async function picture(page, name, { full = true } = {}) {
  await mkdir(out, { recursive: true });
  await page.screenshot({ path: `${out}${name}.png`, fullPage: full });
}

/** Signs a person in by phone and password, and waits for their own page. */
export async function signIn(page, person) {
  await page.goto('/tai-khoan/dang-nhap');
  await page.fill('input[name=phone]', person.phone);
  await page.fill('input[name=password]', person.password);
  await Promise.all([page.waitForURL((url) => !url.pathname.endsWith('/dang-nhap')), page.click('main form button[type=submit]')]);
}
