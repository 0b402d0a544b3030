/**
 * The progress of a command. On a terminal it is one line that is rewritten and finally removed; in a pipe it is one
 * plain line for each step.
 */
import type { Terminal } from './terminal.ts';

export interface Progress {
  /** Begins a step and ends the previous one. */
  step(text: string): void;
  /** Ends the last step. A second call has no effect. */
  end(): void;
}

const CLEAR_LINE = '\r\x1b[2K';

export function createProgress(terminal: Terminal): Progress {
  if (!terminal.interactive) {
    return { step: (text) => terminal.err(`${text}\n`), end: () => undefined };
  }
  let shown = false;
  return {
    step(text) {
      terminal.err(`${CLEAR_LINE}${text}`);
      shown = true;
    },
    end() {
      if (shown) terminal.err(CLEAR_LINE);
      shown = false;
    },
  };
}

export const silentProgress: Progress = { step: () => undefined, end: () => undefined };
