import { describe, expect, it } from 'vitest';
import { packCapsule, unpackCapsule } from '../capsule/capsule.ts';
import { exampleCapsule } from '../testing/capsule.ts';
import { ledgerOf, won } from '../testing/played-ledger.ts';
import { createDebrief } from './debrief.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPage } from './page.ts';

const debrief = createDebrief(exampleCapsule());

describe('a debrief', () => {
  it('is the same when its capsule was packed and unpacked', () => {
    const again = createDebrief(unpackCapsule(packCapsule(exampleCapsule())));
    expect(renderMarkdown(again)).toBe(renderMarkdown(debrief));
    expect(renderPage(again)).toBe(renderPage(debrief));
  });

  it('says how it ended and what was measured', () => {
    expect(debrief.outcome).toBe('Held');
    expect(renderMarkdown(debrief)).toContain(
      '1148 of 1443 requests failed while a fault was active (79.6 %). backend-2 drew 80.0 % of the traffic.',
    );
  });

  it('deviates when the ledger does', () => {
    const ledger = exampleCapsule().ledger.filter(({ event }) => event !== 'notified');
    expect(createDebrief(exampleCapsule({ ledger }))).toMatchObject({ outcome: 'Deviated', good: false });
  });

  it('drafts a post-mortem and messages with the times of the run', () => {
    const text = renderMarkdown(debrief);
    expect(text).toContain('EdgeAvailabilityBurnRate told of it 2.0 s after it began.');
    expect(text).toContain('Acknowledged 3.0 s after the page. Users were well 16.0 s after it began.');
    expect(text).toContain('**Investigating**, 10:00:27 UTC.');
    expect(text).toContain('**Resolved**, 10:00:41 UTC.');
  });

  it('keeps a row of the timeline together, whatever is in it', () => {
    const ledger = exampleCapsule().ledger.map((entry) =>
      entry.event === 'injected' ? { ...entry, target: 'a|b' } : entry,
    );
    const [postMortem] = createDebrief(exampleCapsule({ ledger })).writeUps;
    expect(postMortem?.text).toMatch(/^\| [0-9:]+ \| injected \| .*a\\\|b.* \|$/m);
  });

  it('has nothing to send where nobody was paged', () => {
    const ledger = exampleCapsule().ledger.filter(({ event }) => event !== 'notified');
    expect(createDebrief(exampleCapsule({ ledger })).writeUps.map(({ title }) => title)).toEqual([
      'Post-mortem (draft)',
    ]);
  });

  it('shows what a log line says and obeys none of it', () => {
    expect(renderPage(debrief)).toContain('&#60;b&#62;500&#60;/b&#62;');
    expect(renderPage(debrief)).not.toContain('<b>500</b>');
    expect(renderMarkdown(debrief)).toContain('````text\nGET /api/backend/data <b>500</b> ```\n````');
  });

  it('says what is missing', () => {
    expect(renderPage(debrief)).toContain('Loki refused the query');
    expect(renderMarkdown(debrief)).toContain('Loki refused the query');
  });
});

describe('the debrief of a drill that somebody played', () => {
  const played = createDebrief(exampleCapsule({ ledger: ledgerOf(...won()) }));

  it('says how it ended, what was reached when, and what that is worth', () => {
    expect(played.outcome).toBe('Won');
    expect(renderMarkdown(played)).toContain('| TTM | 60.0 s | from the first fault until it was ended |');
    expect(renderMarkdown(played)).toMatch(/\| score \| \d+ of 100 \|/);
    expect(renderPage(played)).toContain('<th>TTM</th>');
  });

  it('names in the post-mortem what it was, and what was done, and nobody', () => {
    const [{ text } = { text: '' }] = played.writeUps;
    expect(text).toContain('http-error on backend-2. backend-2: A replica answers with errors');
    expect(text).toContain('Ended 60.0 s after it began: restarts it. Users were well 66.0 s after it began.');
    expect(text).not.toContain('ada');
  });
});

describe('the pictures of a debrief', () => {
  const page = renderPage(debrief);

  it('show an alert for as long as it fired, and none from before the picture begins', () => {
    const plot = { left: 220, right: 944, seconds: 60 };
    const x = (second: number) => plot.left + ((second - 10) / plot.seconds) * (plot.right - plot.left);
    const bar = page.match(/<rect class="firing" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/);
    expect(Number(bar?.[1])).toBeCloseTo(x(26), 0);
    expect(Number(bar?.[2])).toBeCloseTo(x(66) - x(26), 0);
    expect(page).not.toContain('SliNoData');
  });

  it('leave a gap where there is no value', () => {
    const paths = page.match(/<path class="line c1" d="([^"]+)"/);
    expect(paths?.[1]).toMatch(/^M/);
    expect(page).not.toContain('NaN');
  });

  it('count from the fault', () => {
    expect(page).toContain('>0 s</text>');
    expect(page).toContain('>broken</text>');
  });
});

it('a capsule of another version is refused', () => {
  const other = { ...exampleCapsule(), version: 2 } as unknown as Parameters<typeof packCapsule>[0];
  expect(() => unpackCapsule(packCapsule(other))).toThrow('expected a capsule of version 1');
});
