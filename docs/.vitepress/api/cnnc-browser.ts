/**
 * The library where there are no files, as in a page: `import { compile } from 'cnnc/browser'`.
 *
 * @module cnnc-browser
 */
export * from '../../../compiler/browser.ts';
