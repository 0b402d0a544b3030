/**
 * The library in Node: `import { compile } from 'cnnc'`.
 *
 * @module cnnc
 */
export * from '../../../compiler/index.ts';
