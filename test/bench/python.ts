/** The Python with PyTorch, where there is one. Nothing depends on it: it is Debian's package python3-torch, for example. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProcessRuntime } from './runtimes.ts';

export interface PyTorch {
  readonly runtime: ProcessRuntime;
  readonly version: string;
}

export const PYTORCH_SCRIPT = fileURLToPath(new URL('./workers/pytorchStep.py', import.meta.url));

const VERSIONS = `import platform, torch; print(platform.python_version(), torch.__version__)`;

export function findPyTorch(program = 'python3'): PyTorch | undefined {
  const { status, stdout } = spawnSync(program, ['-c', VERSIONS], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const [python = '', version = ''] = stdout.trim().split(' ');
  return {
    runtime: { kind: 'process', name: 'relaxed', program, args: [], version: `Python ${python}` },
    version,
  };
}
