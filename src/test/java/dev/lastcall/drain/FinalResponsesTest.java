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
    void thoseThatComeWhileOthersAreWaitedForAreWaitedForToo() {
        farewells.register(one);
        CompletableFuture<Void> said = farewells.said();
        farewells.register(other);
        one.complete("said");
        assertThat(said).isNotDone();
        other.complete("said");
        assertThat(said).isCompleted();
    }

    @Test
    void oneThatTricklesKeepsNothingOfTheOthers() {
        farewells.register(one);
        for (int i = 0; i < 100_000; i++) {
            CompletableFuture<String> next = new CompletableFuture<>();
            farewells.register(next);
            next.complete("said");
        }
        assertThat(farewells.count()).isOne();
        CompletableFuture<Void> said = farewells.said();
        assertThat(said).isNotDone();
        one.complete("said");
        assertThat(said).isCompleted();
    }

    @Test
    void whoWaitsCannotEndThem() {
        farewells.register(one);
        farewells.said().complete(null);
        assertThat(farewells.said()).isNotDone();
    }
}
