/**
 * What Lighthouse says of the accessibility of the console's pages, in both languages, light and dark:
 *
 *     PASSWORD=… node judge.mjs ADDRESS EMAIL [PAGE …]
 *
 * signs in at a server that runs, and judges each page as it then stands. Ends with 1 where any comes to less than 100.
 */
import { snapshot } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const [address, email, ...pages] = process.argv.slice(2);
const LANGUAGES = ['en', 'zh-CN'];
const SCHEMES = ['light', 'dark'];
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';

const browser = await puppeteer.launch({ executablePath: BROWSER, headless: true, args: ['--no-sandbox'] });
const page = await browser.newPage();
page.setDefaultTimeout(60_000);

async function signIn() {
  await page.goto(`${address}/admin`);
  await (await page.waitForSelector('button.first')).click();
  await (await page.waitForSelector('#email')).type(email);
  await page.type('#password', process.env.PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav');
}

/** The page's addresses in the navigation, where none are named. */
async function places() {
  return page.$$eval('nav a', (links) => links.map((link) => new URL(link.href).pathname));
}

async function judge(path, language, scheme) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.evaluate((chosen) => localStorage.setItem('customer360.console.language', chosen), language);
  await page.goto(`${address}${path}`);
  await page.waitForSelector('nav');
  await page.waitForNetworkIdle({ idleTime: 500 });
  const { lhr } = await snapshot(page, { flags: { onlyCategories: ['accessibility'], disableStorageReset: true } });
  const score = Math.round(lhr.categories.accessibility.score * 100);
  const failed = Object.values(lhr.audits).filter((audit) => audit.score === 0).map((audit) => audit.id);
  console.log([path, language, scheme, score, ...failed].join('\t'));
  return score;
}

await signIn();
const scores = [];
for (const path of pages.length ? pages : await places()) {
  for (const language of LANGUAGES) for (const scheme of SCHEMES) scores.push(await judge(path, language, scheme));
}
await browser.close();
process.exitCode = scores.length > 0 && scores.every((score) => score === 100) ? 0 : 1;
