'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** From this version on Node runs TypeScript. */
const neededMajor = 24;

/** The packaged Node needs the C library it was linked with: on Alpine its loader is absent. */
const loaders = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' };

/** The Node that runs the CLI: the pinned one, or this one when it is new enough. */
function findNode(root) {
  const platform = `${process.platform}-${process.arch}`;
  const packaged = path.join(root, 'node_modules', `node-${platform}`, 'bin', 'node');
  if (fs.existsSync(packaged) && fs.existsSync(loaders[process.arch] ?? '')) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  const how = process.platform === 'darwin' ? 'brew install node@24' : 'https://nodejs.org/en/download';
  throw new Error(
    `Firedrill runs on Node ${neededMajor}; this is ${process.version}, and npm has no Node ${neededMajor} for ${platform}: ` +
      `install it (${how}), put it first on PATH and run this again.`,
  );
}

module.exports = { findNode };
