/** The host of a page, of its workers too: the text of runtime/ as the page brings it, and binaryen beside the compiler. */
import { fail } from '../../diagnostics/diagnostic.ts';
import type { EmitHost } from '../../emit/host.ts';

/**
 * `runtimeTexts` has the files of runtime/ by their paths there without `.ts`, as `runtimeTexts()` of
 * `host/runtimeText.ts` reads them where the page is built. One host serves all compiles: what is parsed stays with it.
 */
export const createHost = (runtimeTexts: Readonly<Record<string, string>>): EmitHost => ({
  runtimeText: (part) =>
    runtimeTexts[part] ?? fail('compile', {}, `the host was created without the text of runtime/${part}.ts`),
  async assemble(text) {
    // Larger than all the rest, so it is loaded with the first module.
    const { assemble } = await import('./assemble.mjs');
    return assemble(text);
  },
});
