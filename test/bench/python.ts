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

/** The first is another than Debian's where a newer one is installed beside it. */
const PROGRAMS = ['python3', '/usr/bin/python3'];

export function findPyTorch(programs: readonly string[] = PROGRAMS): PyTorch | undefined {
  for (const program of programs) {
    const { status, stdout } = spawnSync(program, ['-c', VERSIONS], { encoding: 'utf8' });
    const [python = '', version = ''] = status === 0 ? stdout.trim().split(' ') : [];
    if (version !== '') return { runtime: pythonRuntime(program, python), version };
  }
  return undefined;
}

const pythonRuntime = (program: string, version: string): ProcessRuntime => ({
  ...{ kind: 'process', name: 'relaxed', program, args: [], version: `Python ${version}` },
});
