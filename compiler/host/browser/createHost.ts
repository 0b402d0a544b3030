/** The host of a page and of its workers: the text of runtime/ as the page brings it, and the assembler. */
import { fail } from '../../diagnostics/diagnostic.ts';
import type { EmitHost } from '../../emit/host.ts';
import { assemble } from './assemble.ts';

/**
 * `runtimeTexts` has the files of runtime/ by their paths there without `.ts`, as `runtimeTexts()` of
 * `host/runtimeText.ts` reads them where the page is built. One host serves all compiles: it keeps what has been parsed.
 */
export const createHost = (runtimeTexts: Readonly<Record<string, string>>): EmitHost => ({
  runtimeText: (part) =>
    runtimeTexts[part] ??
    fail(
      'CNNC4021',
      'compile',
      {},
      `the host was created without the text of runtime/${part}.ts; pass all files of the runtime to createHost`,
    ),
  assemble,
});
