package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainSettings.LameDuck;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import dev.lastcall.drain.Trigger;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Drains an engine of its own once after the start: the classes of a drain and its report take a third of a second to load. */
@Singleton
final class WarmUp {
    private final Time time;

    WarmUp(Time time) {
        this.time = time;
    }

    /** Returns at once. */
    void begin() {
        Thread thread = new Thread(this::rehearse, "lastcall-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    void rehearse() {
        var drain = new Drain(withoutLameDuck(), time, new InFlight(time));
        var steps = new ReleaseSteps();
        drain.trigger(Trigger.SIGTERM);
        try {
            drain.whenReleaseDue().toCompletableFuture().get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (ExecutionException | TimeoutException e) {
            return;
        }
        drain.beginRelease();
        steps.release(ReleaseStage.APPLICATION, drain::releaseRemaining);
        drain.stopped();
        ReportJson.of(drain.report(steps), 0).within(TerminationMessage.BYTES);
    }

    private static DrainSettings withoutLameDuck() {
        Duration second = Duration.ofSeconds(1);
        var lameDuck = new LameDuck(Duration.ZERO, Duration.ZERO, Duration.ZERO, List.of());
        return new DrainSettings(Duration.ofSeconds(9), second, false, lameDuck, null, second, second, false);
    }
}
