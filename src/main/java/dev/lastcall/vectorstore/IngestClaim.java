package dev.lastcall.vectorstore;

/**
 * A file that this process is to embed, under this claim.
 *
 * @param serial of its attachment: the same file attached again is another one
 * @param epoch counts the claims, and fences all but the last
 * @param losses how often a pod was lost with it
 * @param done chunks that are committed
 */
record IngestClaim(
        String store,
        String file,
        long serial,
        int epoch,
        int losses,
        int done,
        Chunking chunking,
        String model,
        String text) {}
