package dev.lastcall.embedding;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Texts to be embedded together.
 *
 * @param inputs at least one, none of them empty
 * @param dimensions of the vectors, where the client wants others than the model's own
 * @param user whom the client asks for, for the upstream
 */
public record EmbeddingRequest(String model, List<String> inputs, OptionalInt dimensions, Optional<String> user) {
    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
    }

    /** A request of this service's own. */
    public static EmbeddingRequest of(String model, List<String> inputs) {
        return new EmbeddingRequest(model, inputs, OptionalInt.empty(), Optional.empty());
    }
}
