package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FinalResponsesTest {
    private final FinalResponses farewells = new FinalResponses();
    private final CompletableFuture<String> one = new CompletableFuture<>();
    private final CompletableFuture<String> other = new CompletableFuture<>();

    @Test
    void withoutAnyAllIsSaid() {
        assertThat(farewells.said()).isCompleted();
    }

    @Test
    void allAreWaitedForHoweverTheyEnd() {
        farewells.register(one);
        farewells.register(other);
        CompletableFuture<Void> said = farewells.said();
        one.complete("said");
        assertThat(said).isNotDone();
        other.completeExceptionally(new IllegalStateException("gone"));
        assertThat(said).isCompleted();
    }

    @Test
    void laterOnesAreWaitedForAfterEarlierOnesAreOver() {
        farewells.register(one);
        one.complete("said");
        farewells.register(other);
        assertThat(farewells.said()).isNotDone();
    }

    @Test
    void whoWaitsCannotEndThem() {
        farewells.register(one);
        farewells.said().complete(null);
        assertThat(farewells.said()).isNotDone();
    }
}
