/** Types of the module of `wgsl_reflect` that Node can load: its main file is CommonJS under the name of a module. */
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
