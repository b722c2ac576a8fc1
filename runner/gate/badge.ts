import type { RunVerdict } from '#load-tests/gate/judge.ts';

/** The verdict as a picture for a README. */
export function renderBadge({ verdict }: RunVerdict): string {
  const [left, right] = ['load gate', verdict.toLowerCase()];
  const [leftWidth, rightWidth] = [widthOf(left), widthOf(right)];
  const width = leftWidth + rightWidth;
  const text = (at: number, words: string) => `<text x="${at}" y="14" text-anchor="middle">${words}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${left}: ${right}">
<title>${left}: ${right}</title>
<rect width="${leftWidth}" height="20" fill="#444"/><rect x="${leftWidth}" width="${rightWidth}" height="20" fill="${colours[verdict]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(leftWidth / 2, left)}${text(leftWidth + rightWidth / 2, right)}</g>
</svg>
`;
}

/** White words can be read on each of them. */
const colours: Readonly<Record<RunVerdict['verdict'], string>> = {
  PASS: '#1a7f37',
  FAIL: '#cf222e',
  INCONCLUSIVE: '#8a5a00',
  'MEASUREMENT FAULT': '#57606a',
};

/** Of the widest letters. */
function widthOf(words: string): number {
  return 7 * words.length + 12;
}
