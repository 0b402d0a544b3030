/** Bytes as text, for packages that consist of JavaScript only. */

/** Bytes per call, because a call takes a limited number of arguments. */
const PART = 2 ** 14;

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += PART)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + PART)));
  return btoa(parts.join(''));
}

/** `export const name: string = '...'`. The type keeps the text out of the declarations. */
export const base64Source = (name: string, bytes: Uint8Array): string =>
  `export const ${name}: string = '${base64(bytes)}';`;
