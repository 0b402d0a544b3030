/** What a call finds in the second-level cache from the last one, and what of its own it still finds there. */
export const CACHED_BYTES = 1024 * 1024;
