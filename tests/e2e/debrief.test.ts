import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDebrief } from '#chaos/debrief/debrief.ts';
import { renderPage } from '#chaos/debrief/page.ts';
import { exampleCapsule } from '#chaos/testing/capsule.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { startBrowser } from '#tests/support/browser.ts';

describe('the page of a debrief', () => {
  let browser: Browser;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let url: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const file = join(directory.path, 'debrief.html');
    writeFileSync(file, renderPage(createDebrief(exampleCapsule())));
    url = pathToFileURL(file).href;
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await directory?.[Symbol.asyncDispose]();
  });

  it.each(['light', 'dark'] as const)(
    'opens %s without asking for anything else, and nothing is wider than it',
    async (colorScheme) => {
      for (const width of [390, 1280]) {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
        const asked: string[] = [];
        const said: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        page.on('console', (message) => said.push(message.text()));
        await page.goto(url);
        expect(asked).toEqual([url]);
        expect(said).toEqual([]);
        expect(await page.title()).toBe('One replica fails fast: held');
        expect(await page.locator('h2').allInnerTexts()).toEqual([
          'In short',
          'What users and alerts saw',
          'Timeline',
          'Verdict',
          'Evidence',
          'Post-mortem (draft)',
          'Escalation',
          'Status update: investigating',
          'Status update: resolved',
        ]);
        for (const path of await page.locator('path.line').all()) {
          expect((await path.boundingBox())?.width).toBeGreaterThan(100);
        }
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect((await page.screenshot({ fullPage: true })).length).toBeGreaterThan(10_000);
        await page.close();
      }
    },
  );

  it('prints on a few sheets', async () => {
    const page = await browser.newPage();
    await page.goto(url);
    const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g) ?? [];
    expect(sheets.length).toBeGreaterThan(1);
    expect(sheets.length).toBeLessThan(9);
    await page.close();
  });
});
