package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.EventLines;
import dev.lastcall.rehearsal.client.ExpectedEvents;
import dev.lastcall.rehearsal.client.GrpcAnswer;
import dev.lastcall.rehearsal.client.GrpcConnection;
import dev.lastcall.rehearsal.client.HttpConnection;
import dev.lastcall.rehearsal.client.LoadAnswer;
import dev.lastcall.rehearsal.client.LoadConnection;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LoadWebSocket;
import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.client.NotTaken;
import dev.lastcall.rehearsal.client.RunEvents;
import dev.lastcall.rehearsal.cluster.RehearsalFailure;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;

/** Asks each request twice before anything is replaced, so that what differs later is known as a loss. */
public final class Learner {
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final LoadPlan plan;
    private final ExecutorService workers;

    /** @param workers for what waits */
    public Learner(LoadPlan plan, ExecutorService workers) {
        this.plan = plan;
        this.workers = workers;
    }

    private record Sample(int status, List<String> events) {}

    /**
     * Asks a pod.
     *
     * @throws RehearsalFailure where a request is not answered as it should; the message says how to ask for another
     */
    public Map<LoadKind, Learned> learn(int port) throws RehearsalFailure {
        Map<LoadKind, CompletableFuture<Learned>> all = new EnumMap<>(LoadKind.class);
        plan.requests().forEach((kind, request) -> {
            var one = CompletableFuture.supplyAsync(() -> sample(kind, request, port), workers);
            var other = CompletableFuture.supplyAsync(() -> sample(kind, request, port), workers);
            all.put(kind, one.thenCombine(other, Learner::learned));
        });
        Map<LoadKind, Learned> learned = new EnumMap<>(LoadKind.class);
        for (var each : all.entrySet()) {
            try {
                learned.put(each.getKey(), each.getValue().join());
            } catch (CompletionException e) {
                throw failure(each.getKey(), e.getCause() == null ? e : e.getCause());
            }
        }
        return learned;
    }

    private static Learned learned(Sample one, Sample other) {
        return new Learned(
                one.status(),
                ExpectedEvents.of(one.events(), other.events()),
                Math.min(one.events().size(), other.events().size()));
    }

    private Sample sample(LoadKind kind, LoadRequest request, int port) {
        try {
            return switch (kind) {
                case WEBSOCKET -> listen(request, port);
                case RUNS -> run(request, port);
                case GRPC -> call(request, port);
                default -> ask(kind, request, port);
            };
        } catch (ClientLoss | NotTaken e) {
            throw new CompletionException(e);
        }
    }

    private Sample ask(LoadKind kind, LoadRequest request, int port) throws ClientLoss, NotTaken {
        EventLines events = new EventLines();
        try (HttpConnection connection = HttpConnection.open(port, plan.http2())) {
            LoadAnswer answer = connection.exchange(request, false, plan.limit(kind), events);
            answer.requireServed(answer.status());
            return new Sample(answer.status(), kind == LoadKind.STREAM ? events.events() : List.of());
        }
    }

    private Sample run(LoadRequest request, int port) throws ClientLoss {
        RunEvents events = new RunEvents();
        try (LoadConnection connection = LoadConnection.open(port)) {
            LoadAnswer answer = connection.exchange(request, false, plan.limit(LoadKind.RUNS), events);
            answer.requireServed(answer.status());
            if (events.run().isEmpty() || !events.isEnded()) {
                throw new ClientLoss(LossKind.OTHER_STATUS, answer.status() + " without a run and its end");
            }
            return new Sample(answer.status(), events.events());
        }
    }

    private Sample call(LoadRequest request, int port) throws ClientLoss, NotTaken {
        try (GrpcConnection connection = GrpcConnection.open(port)) {
            GrpcAnswer answer = connection.call(request, plan.limit(LoadKind.GRPC));
            answer.requireServed(answer.status());
            return new Sample(answer.status(), answer.messages());
        }
    }

    private Sample listen(LoadRequest request, int port) throws ClientLoss {
        try (LoadWebSocket webSocket = LoadWebSocket.open(port, request.path(), plan.timeout())) {
            webSocket.send(request.body());
            try {
                webSocket.listenUntilSilence(SILENCE, plan.streamTimeout());
            } catch (ClientLoss e) {
                // A server that has said everything may close it.
                if (e.kind() != LossKind.ENDED_EARLY) {
                    throw e;
                }
            }
            return new Sample(101, webSocket.messages());
        }
    }

    private RehearsalFailure failure(LoadKind kind, Throwable cause) {
        String request = String.valueOf(plan.requests().get(kind));
        String option = kind == LoadKind.SHORT ? "--path" : "--" + kind.words();
        return new RehearsalFailure(option + " " + request + ": " + cause.getMessage()
                + ", before anything was replaced (expected: an answer below 500 that ends within "
                + plan.limit(kind).toMillis() / 1000.0 + " s; " + option + " names another request, "
                + (plan.isStream(kind) ? "--stream-timeout" : "--timeout") + " gives it longer)");
    }
}
