import { type Browser, chromium } from 'playwright-core';
import { toolsFor } from './tools.ts';

/** Chromium without a window, which asks nobody for anything on its own. */
export async function startBrowser(): Promise<Browser> {
  const { chromium: executablePath } = await toolsFor('chromium');
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
