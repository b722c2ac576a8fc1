/** Why a tool cannot be had. The message is one sentence for the person in front of the terminal. */
export class ToolError extends Error {
  readonly code: ToolErrorCode;
  /** The harness itself could not do its work. */
  readonly exitCode = 3;

  constructor(code: ToolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ToolError';
    this.code = code;
  }
}

/** Every code, and when it is used. */
export const toolErrors = {
  TOOL_MISSING: 'none of the ways to get a tool works on this machine',
  DOWNLOAD_FAILED: 'a release archive or its checksums cannot be downloaded',
  CHECKSUM_MISMATCH: 'a downloaded archive is not the published one',
  ARCHIVE_BROKEN: 'an archive does not contain the binary it should',
  BUILD_FAILED: 'the Go build of a tool ends with an error',
  INSTALL_FAILED: 'a package manager ends with an error',
} as const;

export type ToolErrorCode = keyof typeof toolErrors;
