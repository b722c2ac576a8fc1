#!/usr/bin/env node
'use strict';

// `firedrill` in the root is a link to this file: CommonJS by its extension, it starts on every Node, which a file without an
// extension in a package of ES modules does not before 20.10.

const oldestMajor = 20;

if (Number(process.versions.node.split('.')[0]) < oldestMajor) {
  process.stderr.write(
    `Firedrill needs Node ${oldestMajor} or newer; this is ${process.version} (https://nodejs.org).\n`,
  );
  process.exit(3);
}

const path = require('node:path');
const { ensureDependencies } = require('./dependencies.cjs');
const { findNode } = require('./node.cjs');
const { run } = require('./run.cjs');

async function main() {
  const root = path.join(__dirname, '..', '..');
  await ensureDependencies(root);
  await run(findNode(root), root, process.argv.slice(2));
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(error.exitCode ?? 3);
});
