/** Reasons of the system for which a file or a folder cannot be written or found, in words for diagnoses. */
import { statSync, type Stats } from 'node:fs';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

/** The most that usual file systems take: bytes on Linux, UTF-16 units on macOS and Windows. */
const NAME_BYTES = 255;
const SHOWN = 24;

/** Why a call of `node:fs` failed. Errors without a phrase of their own keep the system's message. */
export function fileReason(error: unknown): string {
  const { code = '', path = '', dest = '', message } = error as NodeJS.ErrnoException & { dest?: string };
  if (code === 'ENAMETOOLONG') return tooLong(`${path}/${dest}`);
  return Object.hasOwn(REASONS, code) ? REASONS[code]! : message;
}

function tooLong(path: string): string {
  const sized = path.split(/[/\\]/).map((name) => ({ name, bytes: Buffer.byteLength(name) }));
  const longest = sized.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  if (longest.bytes <= NAME_BYTES) return 'the path is longer than the file system takes';
  const { name, bytes } = longest;
  return `the name ${name.slice(0, SHOWN)}... has ${bytes} bytes, and file systems take at most ${NAME_BYTES}`;
}

/** What is at the path. Undefined if there is nothing, or the system does not say. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Throws the system's error if no file can have this path, because a name in it is too long. */
export function checkLength(path: string): void {
  try {
    statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENAMETOOLONG') throw error;
  }
}
