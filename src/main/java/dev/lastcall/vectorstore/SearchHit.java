package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;

/**
 * A chunk that was found.
 *
 * @param index of the chunk in its file
 * @param score the cosine, 0 to 1
 */
public record SearchHit(String file, String filename, JsonObject attributes, int index, double score, String text) {}
