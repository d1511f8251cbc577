package dev.lastcall.vectorstore;

import java.time.Instant;

/**
 * An uploaded file, without its text.
 *
 * @param bytes of its text in UTF-8
 */
public record StoredFile(String id, String filename, String purpose, long bytes, Instant createdAt) {}
