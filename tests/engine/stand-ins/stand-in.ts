import type { Tools } from '#runner/toolchain/toolchain.ts';

/** An image under an official name and tag, made from what this machine has, for where nothing can be pulled. */
export interface StandIn {
  readonly image: string;
  /** What the Dockerfile copies, by its name there: a file or a folder of this machine, or the text of one. */
  files(sources: Sources): Readonly<Record<string, { readonly from: string } | { readonly text: string }>>;
  readonly dockerfile: string;
}

export interface Sources {
  readonly tools: Tools;
  /** The Node that runs this. */
  readonly node: string;
  /** The folder of the npm package. */
  readonly npm: string;
  /** Whom this machine trusts, which may be a proxy of its own. */
  readonly certificates: string;
}

/** What all are made from; Debian's `/bin` is where images look for their shell, too. */
export const debian = 'firedrill/debian:trixie';

/** A wget where the official image has BusyBox's. */
export const wget = 'RUN ln -sf /usr/bin/busybox /usr/bin/wget';

/** Adds a user as the official image has it. */
export function user(name: string, uid: number, gid = uid): string {
  return `RUN groupadd -o -g ${gid} ${name} 2>/dev/null; useradd -o -u ${uid} -g ${gid} -M -s /bin/sh ${name}`;
}

export function install(...packages: readonly string[]): string {
  return `RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages.join(' ')} && rm -rf /var/lib/apt/lists/*`;
}

/** The libraries of a Go program that was not linked statically, for an image that holds nothing else. */
export const bareLibraries = [
  `FROM ${debian} AS libraries`,
  'RUN mkdir -p /bare/lib64 /bare/tmp && cd /bare && for name in libc.so.6 libresolv.so.2 libpthread.so.0 libdl.so.2 libm.so.6; do cp --parents /usr/lib/*-linux-gnu/$name .; done && ln -s usr/lib lib && cp -L /lib64/ld-linux* lib64/ 2>/dev/null || cp -L /lib/ld-linux* usr/lib/',
].join('\n');
