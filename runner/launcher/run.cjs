'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const tty = require('node:tty');

/** A group that is signalled as a whole reaches us twice where we are also signalled alone, as `timeout` does. */
const repeatMs = 200;

/** As it was when we started: another one means that our parent has died. */
const parent = process.ppid;
const watchEveryMs = 250;

/** Runs the CLI in our place: its signals, its exit code. */
function run(node, root, args) {
  const inTerminal = [0, 1, 2].some((fd) => tty.isatty(fd));
  return new Promise((_resolve, reject) => {
    const child = spawn(node, [path.join(root, 'runner', 'cli.ts'), ...args], {
      stdio: 'inherit',
      // Out of a terminal the CLI gets a group of its own, so that a signal to our group reaches it once: through us.
      detached: !inTerminal,
      env: {
        ...process.env,
        PATH: [path.join(root, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter),
        FIREDRILL_LAUNCHER_PID: String(process.pid),
      },
    });
    // A terminal sends these to its whole foreground group by itself; we only have to outlive the CLI.
    const fromTerminal = inTerminal ? ['SIGINT', 'SIGHUP'] : [];
    const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'].filter((signal) => !fromTerminal.includes(signal));
    for (const signal of fromTerminal) process.on(signal, () => {});
    for (const signal of forwarded) process.on(signal, forwarder(child));
    if (process.env.npm_lifecycle_event !== undefined) endWithParent(child);
    child.once('error', reject);
    child.once('exit', endLike);
  });
}

function forwarder(child) {
  let lastMs = 0;
  return (signal) => {
    const nowMs = Date.now();
    if (nowMs - lastMs > repeatMs) child.kill(signal);
    lastMs = nowMs;
  };
}

/** npm starts us through a shell, and a signal to npm ends that shell without reaching us. */
function endWithParent(child) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, watchEveryMs);
}

/** Ends this process the way the CLI ended. */
function endLike(code, signal) {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

module.exports = { run };
