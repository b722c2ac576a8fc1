/** 0.00512 → "0.51 %": three digits, no more than needed. */
export function percent(share: number): string {
  return `${digits(share * 100)} %`;
}

/** Also of φ. */
export function factor(value: number): string {
  return Number.isFinite(value) ? digits(value) : 'any number of';
}

function digits(value: number): string {
  return String(Number(value.toPrecision(value >= 1 ? 3 : 2)));
}
