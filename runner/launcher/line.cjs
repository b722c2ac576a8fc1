'use strict';

const stream = process.stderr;
const heartbeatMs = 15_000;

/** One status with its elapsed time: a line that updates itself in a terminal, else a line now and then. */
function line() {
  const startedMs = Date.now();
  let shown = '';
  let lastPlainMs = 0;
  const elapsed = () => `${Math.floor((Date.now() - startedMs) / 1000)} s`;

  const draw = () => {
    if (shown === '') return;
    if (stream.isTTY) {
      stream.write(`\r\u001b[2K${`${shown} … ${elapsed()}`.slice(0, (stream.columns || 80) - 1)}`);
    } else if (Date.now() - lastPlainMs >= heartbeatMs) {
      stream.write(lastPlainMs === 0 ? `${shown} …\n` : `${shown} … ${elapsed()}\n`);
      lastPlainMs = Date.now();
    }
  };
  const timer = setInterval(draw, stream.isTTY ? 200 : 1000);

  return {
    elapsed,
    show(text) {
      if (text === shown) return;
      shown = text;
      lastPlainMs = 0;
      draw();
    },
    /** Leaves a last line behind, or nothing. */
    end(text = '') {
      clearInterval(timer);
      if (stream.isTTY && shown !== '') stream.write('\r\u001b[2K');
      if (text !== '') stream.write(`${text}\n`);
      shown = '';
    },
  };
}

module.exports = { line };
