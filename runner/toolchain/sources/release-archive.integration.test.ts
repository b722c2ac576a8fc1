import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cacheFolder, fillCache } from '../cache.ts';
import type { ArchiveFormat } from '../download/extract.ts';
import { emptyCache, quiet, temporaryFolder, writeScript } from '../testing.ts';
import { releaseArchive } from './release-archive.ts';

const platform = { os: 'linux', arch: 'amd64' };
const folder = '/owner/tool/releases/download/v1.0';

describe('a release archive', () => {
  it.each(['tar.gz', 'zip', 'binary'] as const)('in the format %s yields its binary, executable', async (format) => {
    const { archive, content } = await packed(format);
    const source = await release(format, { [`tool.${format}`]: archive, SHA256SUMS: listed(format, archive) });
    const binary = join(await fill(source), 'k6');
    expect(await readFile(binary, 'utf8')).toBe(content);
    expect((await stat(binary)).mode & 0o111).toBe(0o111);
    expect(await readdir(dirname(binary))).toEqual(['k6']);
  });

  it('that is not the published one is refused', async () => {
    const { archive } = await packed('tar.gz');
    const corrupt = Buffer.from(archive);
    corrupt[corrupt.length - 1] = (corrupt.at(-1) ?? 0) ^ 1;
    await expectRefusal({ 'tool.tar.gz': corrupt, SHA256SUMS: listed('tar.gz', archive) }, 'CHECKSUM_MISMATCH');
  });

  it('that is cut off is refused', async () => {
    const { archive } = await packed('tar.gz');
    const cutOff: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, 20), () => response.destroy());
    };
    await expectRefusal({ 'tool.tar.gz': cutOff, SHA256SUMS: listed('tar.gz', archive) }, 'DOWNLOAD_FAILED', /cut off/);
  });

  it('that is missing is refused', async () => {
    const { archive } = await packed('tar.gz');
    await expectRefusal({ SHA256SUMS: listed('tar.gz', archive) }, 'DOWNLOAD_FAILED', /answers 404/);
  });

  it('without published checksums is refused', async () => {
    const { archive } = await packed('tar.gz');
    await expectRefusal({ 'tool.tar.gz': archive }, 'DOWNLOAD_FAILED', /SHA256SUMS answers 404/);
  });

  it('that the checksums do not name is refused', async () => {
    const { archive } = await packed('tar.gz');
    await expectRefusal({ 'tool.tar.gz': archive, SHA256SUMS: '' }, 'DOWNLOAD_FAILED', /no checksum of tool.tar.gz/);
  });

  it.each(['tar.gz', 'zip'] as const)('in the format %s without the binary is refused', async (format) => {
    const { archive } = await packed(format, 'other');
    const files = { [`tool.${format}`]: archive, SHA256SUMS: listed(format, archive) };
    await expectRefusal(files, 'ARCHIVE_BROKEN', /tool-1.0\/k6/, format);
  });

  it('cannot be had from a host that does not answer', async () => {
    const unused = await serve({});
    await unused.close();
    const source = releaseArchive(description('tar.gz', unused.url), platform);
    expect(await source.obstacle(quiet())).toBe(`${new URL(unused.url).host} does not answer`);
  });

  it('cannot be had for a platform without releases', async () => {
    const source = releaseArchive(description('tar.gz', 'http://localhost'), { os: 'linux', arch: 'riscv64' });
    expect(await source.obstacle(quiet())).toBe('there is no release for linux on riscv64');
  });

  it('of another version has another place in the cache', async () => {
    const keyOf = async (tag: string) => cacheFolder(await releaseArchive({ ...description('zip', ''), tag }).key());
    expect(await keyOf('v1.0')).not.toBe(await keyOf('v1.1'));
  });
});

async function expectRefusal(
  files: Record<string, Buffer | string | RequestListener>,
  code: string,
  message: RegExp = /./,
  format: ArchiveFormat = 'tar.gz',
): Promise<void> {
  const source = await release(format, files);
  await expect(fill(source)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  await expect(readdir(cacheFolder(await source.key()))).rejects.toThrow('ENOENT');
}

async function fill(source: ReturnType<typeof releaseArchive>): Promise<string> {
  await emptyCache();
  return fillCache(await source.key(), quiet().signal, (target) => source.fill(target, quiet()));
}

async function release(format: ArchiveFormat, files: Record<string, Buffer | string | RequestListener>) {
  const { url } = await serve(files);
  return releaseArchive(description(format, url), platform);
}

function description(format: ArchiveFormat, baseUrl: string) {
  return {
    tool: 'tool',
    version: '1.0',
    repository: 'owner/tool',
    tag: 'v1.0',
    archive: () => ({ file: `tool.${format}`, format }),
    members: () => ({ k6: 'tool-1.0/k6' }),
    checksums: 'SHA256SUMS',
    baseUrl,
  };
}

function listed(format: ArchiveFormat, archive: Buffer): string {
  return `${createHash('sha256').update(archive).digest('hex')}  tool.${format}\n`;
}

async function serve(files: Record<string, Buffer | string | RequestListener>) {
  const server = createServer((request, response) => {
    const file = files[(request.url ?? '').replace(`${folder}/`, '')];
    if (typeof file === 'function') file(request, response);
    else if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    return server.listening ? close() : undefined;
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function packed(format: ArchiveFormat, name = 'k6'): Promise<{ archive: Buffer; content: string }> {
  const root = await temporaryFolder();
  const binary = await writeScript(join(root, 'tool-1.0', name), `# ${'compressible '.repeat(1000)}`);
  const content = await readFile(binary);
  if (format === 'tar.gz') {
    await promisify(execFile)('tar', ['-czf', join(root, 'archive'), '-C', root, 'tool-1.0']);
    return { archive: await readFile(join(root, 'archive')), content: content.toString() };
  }
  const archive = format === 'zip' ? zipped(`tool-1.0/${name}`, content) : content;
  return { archive, content: content.toString() };
}

/** A zip archive of one deflated file, with a comment at its end. */
function zipped(name: string, content: Buffer): Buffer {
  const compressed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(compressed.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const body = Buffer.concat([local, Buffer.from(name), compressed]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(body.length, 16);
  end.writeUInt16LE(7, 20);
  return Buffer.concat([body, central, Buffer.from(name), end, Buffer.from('comment')]);
}
