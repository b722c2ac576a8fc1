'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { install } = require('./install.cjs');
const { withLock } = require('./lock.cjs');
const { line } = require('./line.cjs');

/** Everything that determines what is installed. */
const inputs = ['package.json', 'package-lock.json', '.npmrc'];

/**
 * Installs the npm dependencies when they are missing or not those of package-lock.json. They are installed beside and then
 * moved into place, so that an interrupted installation changes nothing.
 */
async function ensureDependencies(root) {
  const wanted = fingerprint(root);
  if (isInstalled(root, wanted)) return;
  const status = line();
  try {
    await withLock(path.join(root, '.firedrill', 'install.lock'), status, async () => {
      if (!isInstalled(root, wanted)) await installBeside(root, wanted, status);
    });
  } finally {
    status.end();
  }
}

function isInstalled(root, wanted) {
  try {
    return fs.readFileSync(stampIn(root), 'utf8') === wanted;
  } catch {
    return false;
  }
}

async function installBeside(root, wanted, status) {
  const state = path.join(root, '.firedrill');
  for (const name of fs.readdirSync(state)) {
    // What an installation left that was ended by kill -9: we hold the lock, so nobody uses it.
    if (name.startsWith('install-')) fs.rmSync(path.join(state, name), { recursive: true, force: true });
  }
  const beside = path.join(state, `install-${process.pid}`);
  try {
    fs.mkdirSync(beside);
    for (const name of inputs.filter((input) => fs.existsSync(path.join(root, input)))) {
      fs.copyFileSync(path.join(root, name), path.join(beside, name));
    }
    await install(beside, status);
    fs.writeFileSync(stampIn(beside), wanted);
    if (fs.existsSync(path.join(root, 'node_modules'))) {
      fs.renameSync(path.join(root, 'node_modules'), path.join(beside, 'old'));
    }
    fs.renameSync(path.join(beside, 'node_modules'), path.join(root, 'node_modules'));
  } finally {
    fs.rmSync(beside, { recursive: true, force: true });
  }
}

function fingerprint(root) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const name of inputs) {
    const file = path.join(root, name);
    hash.update(`\0${name}\0`).update(fs.existsSync(file) ? fs.readFileSync(file) : '');
  }
  return hash.digest('hex');
}

function stampIn(folder) {
  return path.join(folder, 'node_modules', '.firedrill-installed');
}

module.exports = { ensureDependencies };
