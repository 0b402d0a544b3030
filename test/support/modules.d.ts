/** What the package calls its main file is CommonJS under the name of a module, which Node does not load. */
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
