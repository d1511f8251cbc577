package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Gone;
import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClientDeliveryTest {
    private final ManualTail tail = new ManualTail();
    private final List<CompletableFuture<Void>> sends = new ArrayList<>();
    private final ClientDelivery<LoggedEvent> delivery = ClientDelivery.start(tail, event -> {
        CompletableFuture<Void> send = new CompletableFuture<>();
        sends.add(send);
        return send;
    });

    @Test
    void clientThatReadsNothingHasAWindowOnItsWayAndNoMore() {
        assertThat(tail.requested).isEqualTo(16);

        for (int i = 0; i < 16; i++) {
            tail.tokens("t");
        }

        assertThat(tail.requested).isEqualTo(16);
        sends.get(0).complete(null);
        assertThat(tail.requested).isEqualTo(17);
    }

    @Test
    void endsOnceTheEndHasLeftTheProcess() {
        tail.end(EventType.COMPLETED, new JsonObject());

        assertThat(delivery.ended().toCompletableFuture()).isNotDone();
        assertThat(delivery.hasEnded()).isFalse();
        sends.get(0).complete(null);
        assertThat(delivery.ended().toCompletableFuture()).isCompleted();
    }

    @Test
    void sendThatFailsLeavesTheLog() {
        tail.tokens("t");

        sends.get(0).completeExceptionally(new IllegalStateException("connection reset"));

        assertThat(tail.cancels).isOne();
        assertThat(delivery.ended().toCompletableFuture()).isCompleted();
    }

    @Test
    void cancelLeavesTheLogAndEnds() {
        delivery.cancel();
        delivery.cancel();

        assertThat(tail.cancels).isPositive();
        assertThat(delivery.hasEnded()).isTrue();
        assertThat(sends).isEmpty();
    }

    @Test
    void errorOfTheLogIsTheDeliverys() {
        tail.listener().onError(new Gone("gone"));

        assertThat(delivery.ended().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void clientThatThrowsIsGone() {
        ManualTail thrown = new ManualTail();
        ClientDelivery<LoggedEvent> refused = ClientDelivery.start(thrown, event -> {
            throw new IllegalStateException("response ended");
        });

        thrown.tokens("t");

        assertThat(thrown.cancels).isOne();
        assertThat(refused.ended().toCompletableFuture()).isCompleted();
    }
}
