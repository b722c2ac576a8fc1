'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');

const keptLines = 20;
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const endWithParent = path.join(__dirname, 'end-with-parent.sh');

/** Everything from the lock file, whatever npm is configured to leave out; nothing needs an install script. */
const command = ['npm', 'ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund'];

/** Runs `npm ci` in a folder. */
async function install(folder, status) {
  status.show('Installing npm dependencies');
  const { code, output, stoppedBy } = await npmCi(folder);
  if (stoppedBy) throw failure(`\nThe installation was stopped by ${stoppedBy}; nothing has changed.`, 130);
  if (code === 127) {
    throw failure('npm is not on PATH: install Node.js 20 or newer with npm (https://nodejs.org) and run this again.');
  }
  if (code !== 0) {
    throw failure(
      `npm could not install the dependencies. Its last lines:\n${output.map((text) => `  ${text}`).join('\n')}`,
    );
  }
  status.end(`Installed npm dependencies in ${status.elapsed()}`);
}

function npmCi(folder) {
  return new Promise((resolve, reject) => {
    const output = [];
    let stoppedBy;
    const child = spawn('sh', [endWithParent, String(process.pid), ...command], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = (signal) => {
      stoppedBy = signal;
      process.kill(-child.pid, 'SIGKILL');
    };
    for (const signal of stopSignals) process.on(signal, stop);
    for (const stream of [child.stdout, child.stderr]) keepLastLines(stream, output);
    child.once('error', reject);
    child.once('close', (code) => {
      for (const signal of stopSignals) process.off(signal, stop);
      resolve({ code, output, stoppedBy });
    });
  });
}

function keepLastLines(stream, output) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    output.push(...lines.filter((each) => each.trim() !== ''));
    output.splice(0, output.length - keptLines);
  });
}

function failure(message, exitCode = 3) {
  return Object.assign(new Error(message), { exitCode });
}

module.exports = { install };
