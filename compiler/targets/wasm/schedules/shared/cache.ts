/** The bytes that are assumed to stay in the second-level cache, from one call to the next and within a call. */
export const CACHED_BYTES = 1024 * 1024;
