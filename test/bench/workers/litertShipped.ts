/** What an app ships of LiteRT.js as JavaScript to run a net. Measured, not run. */
export { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';
