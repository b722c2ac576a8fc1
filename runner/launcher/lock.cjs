'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Runs `work` while holding a lock file; waits while another living process holds it. */
async function withLock(file, status, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  while (!take(file)) {
    const pid = holder(file);
    if (pid === undefined) continue;
    if (!isAlive(pid)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    status.show(`Waiting for another installation of the npm dependencies (process ${pid})`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** A link appears with its content, so that no one ever sees a lock without its holder. */
function take(file) {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/** Undefined when the lock has gone since we looked. */
function holder(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

module.exports = { withLock };
