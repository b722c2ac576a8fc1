/** The platform in Go's words, which all release archives use. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64' };

export const thisPlatform: Platform = {
  os: process.platform,
  arch: architectures[process.arch] ?? process.arch,
};

/** True where the projects publish release archives. */
export function hasReleases({ os, arch }: Platform): boolean {
  return (os === 'linux' || os === 'darwin') && (arch === 'amd64' || arch === 'arm64');
}
