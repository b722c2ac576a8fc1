const scales = [
  ['d', 86_400, 'h', 3600],
  ['h', 3600, 'min', 60],
  ['min', 60, 's', 1],
] as const;

/** The two largest units, as people say it: `3 d 4 h`, `8 min 38 s`, `5.2 s`, `86 ms`; `never` for what is infinite. */
export function sayDuration(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'never';
  for (const [unit, size, smallUnit, smallSize] of scales) {
    const rounded = Math.round(seconds / smallSize) * smallSize;
    if (rounded < size) continue;
    const rest = (rounded % size) / smallSize;
    return `${Math.floor(rounded / size)} ${unit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`;
  }
  return seconds > 0 && seconds < 1 ? `${sayNumber(seconds * 1000)} ms` : `${sayNumber(seconds)} s`;
}

/** A ratio of 0..1 with up to three digits: `1.44 %`. */
export function sayShare(ratio: number): string {
  return `${sayNumber(ratio * 100)} %`;
}

/** Three digits, and all that stand before the point: `0.0123`, `5.18`, `129 600`. */
export function sayNumber(value: number): string {
  const short = value >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  const [whole = '', fraction] = String(short).split('.');
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ' ') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
