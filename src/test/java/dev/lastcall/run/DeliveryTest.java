package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private final HandModel model = new HandModel();
    private final HandSignal signal = new HandSignal();
    private final List<CompletableFuture<Void>> sends = new ArrayList<>();
    private final Delivery delivery = Delivery.start(new Run("r", model, "input", signal), event -> {
        CompletableFuture<Void> send = new CompletableFuture<>();
        sends.add(send);
        return send;
    });

    @Test
    void clientThatReadsNothingHasAWindowOnItsWayAndNoMore() {
        assertThat(model.requested).isEqualTo(16);

        for (int i = 0; i < 16; i++) {
            model.say("t");
        }

        assertThat(model.requested).isEqualTo(16);
        sends.get(0).complete(null);
        assertThat(model.requested).isEqualTo(17);
    }

    @Test
    void endsOnceTheEndHasLeftTheProcess() {
        model.listener().onComplete();

        assertThat(delivery.ended().toCompletableFuture()).isNotDone();
        sends.get(0).complete(null);
        assertThat(delivery.ended().toCompletableFuture()).isCompleted();
    }

    @Test
    void sendThatFailsStopsTheModel() {
        model.say("t");

        sends.get(0).completeExceptionally(new IllegalStateException("connection reset"));

        assertThat(model.cancels).isOne();
        assertThat(delivery.ended().toCompletableFuture()).isCompleted();
        assertThat(signal.listeners()).isZero();
    }

    @Test
    void cancelStopsTheModelAndSendsNothingMore() {
        delivery.cancel();
        delivery.cancel();
        model.say("late");

        assertThat(model.cancels).isOne();
        assertThat(sends).isEmpty();
    }

    @Test
    void clientThatThrowsIsGone() {
        HandModel thrown = new HandModel();
        Delivery refused = Delivery.start(new Run("r", thrown, "input", signal), event -> {
            throw new IllegalStateException("response ended");
        });

        thrown.say("t");

        assertThat(thrown.cancels).isOne();
        assertThat(refused.ended().toCompletableFuture()).isCompleted();
    }
}
