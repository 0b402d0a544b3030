import { hasColours, paintText, plainText, type Paint } from './colours.ts';

/** The output of commands: results go to `out`, progress and errors to `err`. Tests pass their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether `err` is a terminal, so that progress may rewrite its line. */
  readonly interactive: boolean;
  /** Characters in a line, as far as they are known. */
  readonly widths?: { readonly out?: number; readonly err?: number };
  /** The colours of both streams. Default: none. */
  readonly paint?: { readonly out: Paint; readonly err: Paint };
}

export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // A reader may close the pipe early, as `| head` does.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // `isTTY` is undefined for a file or a pipe, whatever its type says.
  const paintFor = ({ isTTY }: { isTTY?: boolean }): Paint =>
    hasColours(isTTY === true, env) ? paintText : plainText;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    interactive: stderr.isTTY === true,
    widths: { out: stdout.columns, err: stderr.columns },
    paint: { out: paintFor(stdout), err: paintFor(stderr) },
  };
}
