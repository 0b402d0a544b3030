/**
 * The progress of a command. On a terminal it is one line that is rewritten and finally removed; in a pipe it is one
 * plain line for each step.
 */
import { USUAL_WIDTH } from './lines.ts';
import type { Terminal } from './terminal.ts';

export interface Progress {
  /**
   * Begins a step and ends the previous one. A step may have parts, such as the passes of a compile: the call is repeated
   * for each of them. Only a terminal shows them.
   */
  step(text: string, part?: string): void;
  /** Ends the last step. A second call has no effect. */
  end(): void;
}

const CLEAR_LINE = '\r\x1b[2K';

export function createProgress(terminal: Terminal): Progress {
  return terminal.interactive ? rewrittenLine(terminal) : plainLines(terminal);
}

function plainLines(terminal: Terminal): Progress {
  let last: string | undefined;
  return {
    step(text) {
      if (text !== last) terminal.err(`${text}\n`);
      last = text;
    },
    end: () => undefined,
  };
}

function rewrittenLine({ err, widths }: Terminal): Progress {
  // A line that is as wide as the terminal may begin the next one, which is not cleared.
  const width = (widths?.err ?? USUAL_WIDTH) - 1;
  let shown = false;
  return {
    step(text, part) {
      const line = part === undefined ? text : `${text}: ${part}`;
      err(`${CLEAR_LINE}${line.slice(0, width)}`);
      shown = true;
    },
    end() {
      if (shown) err(CLEAR_LINE);
      shown = false;
    },
  };
}

export const silentProgress: Progress = { step: () => undefined, end: () => undefined };
