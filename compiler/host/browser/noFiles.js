// Stands for Node's `fs` in bundles of the compiler: wabt requires it, for files that it never reads.
export {};
