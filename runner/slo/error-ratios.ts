import { InvalidArgumentError } from 'commander';

/** `5%,0.2`: shares of requests, added to those given before. Commander hands over its default as `undefined`. */
export function errorRatios(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, ...text.split(',').map(errorRatio)];
}

function errorRatio(text: string): number {
  const [, digits, percent] = /^\s*([0-9]*\.?[0-9]+)\s*(%?)\s*$/.exec(text) ?? [];
  const ratio = Number(digits) / (percent === '%' ? 100 : 1);
  if (ratio > 0 && ratio <= 1) return ratio;
  throw new InvalidArgumentError(
    `Expected shares above 0 and at most 1, such as 0.05 or 5%, separated by commas; found ${JSON.stringify(text)}.`,
  );
}
