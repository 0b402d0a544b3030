/** Runs the command line in the test's process and collects what it prints. */
import { main } from '../../compiler/cli/main.ts';
import type { Terminal } from '../../compiler/cli/terminal.ts';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Lines that no test wants to be broken. */
const WIDE = { out: 1000, err: 1000 };

export async function cnnc(
  args: readonly string[],
  interactive = false,
  look: Pick<Terminal, 'widths' | 'paint'> = { widths: WIDE },
): Promise<Run> {
  let [out, err] = ['', ''];
  const code = await main(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    interactive,
    ...look,
  });
  return { code, out, err };
}
