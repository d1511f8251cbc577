package dev.lastcall.process;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The supervised programs: started before the servers listen, stopped once nothing is in flight. Thread-safe. */
@Singleton
public final class Processes {
    private final List<Supervised> programs = new ArrayList<>();

    /** A thread of its own: to start a program takes too long for the drain's timer. */
    private final Time time = new SystemTime("lastcall-processes");

    /** The drain comes first, because with it the whole configuration is checked. */
    Processes(Drain drain, ProcessConfig config, Vertx vertx) {
        ReadyProbe probe = new ReadyProbe(vertx, time);
        new TreeMap<>(config.programs())
                .forEach((name, settings) -> programs.add(new Supervised(
                        Program.of(name, settings), probe, time, drain::processExited, drain::releaseRemaining)));
    }

    /** Before the sidecar's observer, which listens at once. Returns when all are ready; the first that does not become that fails the start. */
    void start(@Observes @Priority(2000) StartupEvent starting, ReleaseSteps steps) {
        // A test's process is not ours.
        if (LaunchMode.current() != LaunchMode.TEST) {
            new PassedOnSignals(programs).own();
        }
        programs.forEach(program -> steps.register(new Stop(program, this::stopAll)));
        CompletableFuture<Void> failed = new CompletableFuture<>();
        List<CompletableFuture<Void>> each = new ArrayList<>();
        for (Supervised program : programs) {
            each.add(program.start().toCompletableFuture().whenComplete((started, failure) -> {
                if (failure != null) {
                    failed.completeExceptionally(failure);
                }
            }));
        }
        CompletableFuture<?> all = CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new));
        await(CompletableFuture.anyOf(all, failed));
    }

    private static void await(CompletableFuture<?> ready) {
        try {
            ready.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ProgramStartFailure failure ? failure : e;
        }
    }

    private void stopAll() {
        programs.forEach(Supervised::stop);
    }

    /** Returns for each program, by name, whether it runs and is ready. */
    public Map<String, Boolean> up() {
        Map<String, Boolean> up = new TreeMap<>();
        programs.forEach(program -> up.put(program.program().name(), program.isUp()));
        return up;
    }
}
