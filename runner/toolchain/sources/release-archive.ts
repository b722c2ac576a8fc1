import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '../cache.ts';
import { checksumOf } from '../download/checksums.ts';
import { download } from '../download/download.ts';
import { type ArchiveFormat, extract } from '../download/extract.ts';
import { get, isReachable } from '../download/host.ts';
import { ToolError } from '../errors.ts';
import { hasReleases, type Platform, thisPlatform } from '../platform.ts';
import type { CachedSource, SourceContext } from '../source.ts';
import type { ToolName } from '../tool-name.ts';

export interface ReleaseArchive {
  readonly tool: string;
  readonly version: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly tag: string;
  /** Name of the archive, and of each tool in it, on a platform. */
  readonly archive: (platform: Platform) => { readonly file: string; readonly format: ArchiveFormat };
  readonly members: (platform: Platform) => Readonly<Partial<Record<ToolName, string>>>;
  /** The published list of checksums, in the same release. */
  readonly checksums: string;
  readonly baseUrl?: string;
}

/** Downloads a project's own release and verifies it against the checksum published with it. */
export function releaseArchive(release: ReleaseArchive, platform: Platform = thisPlatform): CachedSource {
  const { file, format } = release.archive(platform);
  const members = release.members(platform);
  const base = `${release.baseUrl ?? 'https://github.com'}/${release.repository}/releases/download/${release.tag}`;
  return {
    keeps: 'cache',
    version: release.version,
    promise: 'downloaded from its release page',
    files: Object.fromEntries(Object.keys(members).map((tool) => [tool, tool])),
    key: async () => ({
      tool: release.tool,
      version: release.version,
      platform: `${platform.os}-${platform.arch}`,
      hash: await hashOf(['release', `${release.repository}/${release.tag}/${file}`, JSON.stringify(members)]),
    }),
    obstacle: async () => {
      if (!hasReleases(platform)) return `there is no release for ${platform.os} on ${platform.arch}`;
      return (await isReachable(base)) ? undefined : `${new URL(base).host} does not answer`;
    },
    fill: async (folder, context) => {
      const downloads = join(folder, 'download');
      await mkdir(downloads);
      const archive = join(downloads, file);
      await downloadVerified(base, file, release.checksums, archive, context);
      for (const [tool, member] of Object.entries(members)) {
        await extract(format, archive, member, join(folder, tool), context.signal);
      }
      await rm(downloads, { recursive: true });
    },
  };
}

async function downloadVerified(
  base: string,
  file: string,
  checksums: string,
  archive: string,
  { signal, report }: SourceContext,
): Promise<void> {
  report('asking for its release');
  const published = checksumOf(await (await get(`${base}/${checksums}`, signal)).text(), file);
  if (!published) throw new ToolError('DOWNLOAD_FAILED', `${base}/${checksums} has no checksum of ${file}`);
  const received = await download(`${base}/${file}`, archive, signal, report);
  if (received !== published) {
    throw new ToolError(
      'CHECKSUM_MISMATCH',
      `${file} is not the published file: SHA-256 ${received}, not ${published}`,
    );
  }
}
