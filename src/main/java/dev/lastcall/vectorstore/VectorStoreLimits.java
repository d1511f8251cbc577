package dev.lastcall.vectorstore;

import java.util.Optional;

/**
 * The limits of a tenant's files and stores.
 *
 * @param maxFile in bytes
 * @param model of new stores; empty: the service's preferred one
 */
record VectorStoreLimits(int maxFile, int maxFiles, int maxStores, Optional<String> model) {}
