// Stands for Node's `fs` in bundles for pages.
export {};
