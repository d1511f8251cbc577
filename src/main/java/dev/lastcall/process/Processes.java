package dev.lastcall.process;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** The supervised programs: started before the servers listen, stopped once nothing is in flight. Thread-safe. */
@Singleton
public final class Processes {
    private final Map<String, Supervised> programs = new TreeMap<>();
    private final ReleaseSteps steps;

    Processes(ProcessConfig config, Drain drain, Time time, ReleaseSteps steps) {
        this.steps = steps;
        config.programs()
                .forEach((name, program) -> programs.put(
                        name,
                        new Supervised(
                                name, program, time, () -> drain.state() == DrainState.SERVING, drain::processExited)));
    }

    /** Returns when all are ready; where one does not become that, the others are stopped and the start of this process fails. */
    void start(@Observes @Priority(3000) StartupEvent starting) {
        programs.values().forEach(steps::register);
        try {
            var ready = programs.values().stream().map(Supervised::start).toList();
            ready.forEach(each -> each.toCompletableFuture().join());
        } catch (CompletionException e) {
            abandon();
            throw e.getCause() instanceof StartFailure failure ? failure : e;
        } catch (StartFailure e) {
            abandon();
            throw e;
        }
    }

    private void abandon() {
        programs.values().forEach(Supervised::abandon);
    }

    /** Which of the programs run and are ready, by name. */
    public Map<String, Boolean> up() {
        return programs.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, program -> program.getValue().isUp(), (one, other) -> one, TreeMap::new));
    }
}
