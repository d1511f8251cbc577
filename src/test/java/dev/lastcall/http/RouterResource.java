package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** An application's endpoints, controlled by the test. */
@Path("/router")
@Singleton
public class RouterResource {
    static final Semaphore ENTERED = new Semaphore(0);
    static final BlockingQueue<CompletableFuture<String>> LATER = new LinkedBlockingQueue<>();
    static volatile CountDownLatch release = new CountDownLatch(1);
    static volatile DrainSignal signal = UncountedSignal.INSTANCE;

    private final Instance<DrainSignal> signals;

    RouterResource(Instance<DrainSignal> signals) {
        this.signals = signals;
    }

    @GET
    @Path("/blocking/{id}")
    public String blocking(@PathParam("id") String id) throws InterruptedException {
        signal = signals.get().current();
        ENTERED.release();
        release.await();
        return id;
    }

    @GET
    @Path("/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<String> events() {
        DrainSignal told = signals.get().current();
        return Multi.createFrom().emitter(emitter -> {
            emitter.emit("first");
            told.onCancelled(() -> {
                emitter.emit("told");
                emitter.complete();
            });
        });
    }

    /** Answers when the test says so. */
    @GET
    @Path("/later")
    public CompletionStage<String> later() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        LATER.add(answer);
        return answer;
    }
}
