package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FinalResponsesTest {
    private final FinalResponses finalResponses = new FinalResponses();
    private final CompletableFuture<String> one = new CompletableFuture<>();
    private final CompletableFuture<String> other = new CompletableFuture<>();

    @Test
    void withoutAnyAllIsSaid() {
        assertThat(finalResponses.allEnded()).isCompleted();
    }

    @Test
    void allAreWaitedForHoweverTheyEnd() {
        finalResponses.register(one);
        finalResponses.register(other);
        CompletableFuture<Void> said = finalResponses.allEnded();
        one.complete("said");
        assertThat(said).isNotDone();
        other.completeExceptionally(new IllegalStateException("gone"));
        assertThat(said).isCompleted();
    }

    @Test
    void laterOnesAreWaitedForAfterEarlierOnesAreOver() {
        finalResponses.register(one);
        one.complete("said");
        finalResponses.register(other);
        assertThat(finalResponses.allEnded()).isNotDone();
    }

    @Test
    void thoseThatComeWhileOthersAreWaitedForAreWaitedForToo() {
        finalResponses.register(one);
        CompletableFuture<Void> said = finalResponses.allEnded();
        finalResponses.register(other);
        one.complete("said");
        assertThat(said).isNotDone();
        other.complete("said");
        assertThat(said).isCompleted();
    }

    @Test
    void oneThatTricklesKeepsNothingOfTheOthers() {
        finalResponses.register(one);
        for (int i = 0; i < 100_000; i++) {
            CompletableFuture<String> next = new CompletableFuture<>();
            finalResponses.register(next);
            next.complete("said");
        }
        assertThat(finalResponses.count()).isOne();
        CompletableFuture<Void> said = finalResponses.allEnded();
        assertThat(said).isNotDone();
        one.complete("said");
        assertThat(said).isCompleted();
    }

    @Test
    void whoWaitsCannotEndThem() {
        finalResponses.register(one);
        finalResponses.allEnded().complete(null);
        assertThat(finalResponses.allEnded()).isNotDone();
    }
}
