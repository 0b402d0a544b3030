/**
 * What a command is doing. On a terminal one line that is rewritten and at last removed; in a pipe one plain
 * line a step.
 */
import type { Terminal } from './terminal.ts';

export interface Progress {
  /** Begins a step, which ends the one before. */
  step(text: string): void;
  /** Nothing is under way any more. Harmless when called twice. */
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
