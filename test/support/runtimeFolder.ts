/**
 * Gives processes a folder for sockets that only this user can open, as XDG_RUNTIME_DIR. Without one, libwayland, which
 * Vulkan's layers and Chromium load, writes `XDG_RUNTIME_DIR is invalid` to the log of every test that starts them.
 */
import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

if (process.env['XDG_RUNTIME_DIR'] === undefined) {
  const folder = join(tmpdir(), `cnnc-runtime-${userInfo().username}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.env['XDG_RUNTIME_DIR'] = folder;
}
