// Prints, as JSON, what pa11y finds on pages: node pa11y.mjs '{"browser": …, "widths": […], "urls": […]}'

import { createRequire } from "node:module";
import { join } from "node:path";

// The packages lie in the folder that this is run in, not beside this file.
const require = createRequire(join(process.cwd(), "package.json"));
const pa11y = require("pa11y");
const puppeteer = require("puppeteer");

const { browser: executablePath, widths, urls } = JSON.parse(process.argv[2]);
const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
const found = [];
for (const width of widths)
  for (const url of urls) {
    const report = await pa11y(url, {
      browser,
      standard: "WCAG2AA",
      runners: ["htmlcs"],
      viewport: { width, height: 800 },
      includeWarnings: true,
      includeNotices: true,
    });
    for (const { type, code, message, context } of report.issues)
      found.push({ url, width, type, code, message, context });
  }
await browser.close();
console.log(JSON.stringify(found));
