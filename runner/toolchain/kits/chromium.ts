import type { Kit } from '../kit.ts';
import { debianPackages } from '../sources/debian-packages.ts';

/** For tests of pages. */
export const chromium: Kit = {
  title: 'Chromium',
  tools: ['chromium'],
  commands: [{ chromium: 'chromium' }, { chromium: 'chromium-browser' }, { chromium: 'google-chrome' }],
  accepts: { atLeast: '120' },
  version: { args: ['--version'], pattern: /^(?:Chromium|Google Chrome) (\d+\.\d+\.\d+)/m },
  sources: [debianPackages('chromium')],
  packages: { apt: 'chromium', dnf: 'chromium', apk: 'chromium', brew: 'chromium' },
};
