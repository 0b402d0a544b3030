/** Runs the command line in the test's process and collects what it prints. */
import { main } from '../../compiler/cli/main.ts';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function cnnc(args: readonly string[], interactive = false): Promise<Run> {
  let [out, err] = ['', ''];
  const code = await main(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    interactive,
  });
  return { code, out, err };
}
