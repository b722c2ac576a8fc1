/** Of k6. @source https://github.com/grafana/k6/blob/v1.8.1/errext/exitcodes/codes.go */
export const exitCodes = {
  done: 0,
  crossed: 99,
  invalid: 104,
  stopped: 105,
  failedByScript: 110,
  refused: 255,
} as const;
