/**
 * Lighthouse's verdict on pages that only somebody who is signed in sees.
 *
 * Reads `{program, cookies, addresses: {name: address}}` as JSON from standard input, and writes for each name
 * `{scores: {category: 0 to 100}, problems: [what costs points]}`. Cookies come that way so that no list of processes
 * and no error message shows them.
 */
import { text } from "node:stream/consumers";

import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "puppeteer-core";

const CATEGORIES = ["performance", "accessibility"];

const { program, cookies, addresses } = JSON.parse(await text(process.stdin));
const browser = await launch({ executablePath: program, args: ["--no-sandbox"] });
try {
  await browser.setCookie(...cookies);
  const found = {};
  for (const [name, address] of Object.entries(addresses)) found[name] = await verdict(address);
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}

/** On one page, in a tab that has seen nothing yet; a recording that failed, as on a busy machine, is made again. */
async function verdict(address, attempts = 3) {
  const page = await browser.newPage();
  const { lhr } = await lighthouse(address, { onlyCategories: CATEGORIES, output: "json" }, desktopConfig, page);
  await page.close();
  if (lhr.runtimeError) {
    if (attempts > 1) return verdict(address, attempts - 1);
    throw new Error(`${address}: ${lhr.runtimeError.message}`);
  }
  return {
    scores: Object.fromEntries(CATEGORIES.map((each) => [each, Math.round(100 * lhr.categories[each].score)])),
    problems: CATEGORIES.flatMap((each) => costly(lhr, lhr.categories[each])),
  };
}

/** The audits that cost a category points, in words, with the first places where they fail. */
function costly(lhr, category) {
  return category.auditRefs
    .filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1)
    .map(({ id }) => {
      const { title, displayValue, details } = lhr.audits[id];
      const places = (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? "");
      return [title, displayValue, ...places].filter(Boolean).join(": ");
    });
}
