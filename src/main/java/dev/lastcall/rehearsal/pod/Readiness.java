package dev.lastcall.rehearsal.pod;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet's startup and readiness probes of one pod, each by its own period. All calls come from the timer's thread; each probe runs on
 * a worker.
 */
final class Readiness {
    private final RehearsedPod pod;
    private final PodTemplate template;
    private final RehearsedPod.Kubelet kubelet;
    private boolean started;
    private boolean ready;
    private boolean stopped;
    private int failures;
    private int successes;
    private String last = "nothing was asked yet";
    private Time.@Nullable Alarm limit;

    Readiness(RehearsedPod pod, PodTemplate template, RehearsedPod.Kubelet kubelet) {
        this.pod = pod;
        this.template = template;
        this.kubelet = kubelet;
    }

    void begin() {
        limit = kubelet.time().schedule(template.startLimit(), this::startLimitPassed);
        started = template.startup().isEmpty();
        next(current().map(ProbePlan::initialDelay).orElse(Duration.ZERO));
    }

    /** The probes of a ready pod go on while it ends, as the kubelet's do; a start that is not over is not waited for. */
    void ending() {
        if (!ready) {
            stop();
        }
    }

    void stop() {
        stopped = true;
        if (limit != null) {
            limit.cancel();
        }
    }

    private Optional<ProbePlan> current() {
        return started ? template.readiness() : template.startup();
    }

    private void next(Duration delay) {
        kubelet.time().schedule(delay, this::ask);
    }

    private void ask() {
        if (stopped) {
            return;
        }
        Optional<ProbePlan> plan = current();
        if (plan.isEmpty()) {
            succeeded();
            return;
        }
        kubelet.workers().execute(() -> {
            try {
                Optional<String> failure = plan.get().ask(pod.context());
                kubelet.time().schedule(Duration.ZERO, () -> answered(plan.get(), failure));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void answered(ProbePlan plan, Optional<String> failure) {
        if (stopped) {
            return;
        }
        if (failure.isPresent()) {
            last = failure.get();
            successes = 0;
            failures++;
            if (failures >= plan.failures()) {
                failedOften();
            }
        } else {
            failures = 0;
            successes++;
            if (successes >= plan.successes()) {
                succeeded();
            }
        }
        if (!stopped) {
            next(current().map(ProbePlan::period).orElse(plan.period()));
        }
    }

    private void succeeded() {
        if (!started) {
            started = true;
            successes = 0;
            if (template.readiness().isEmpty()) {
                becomeReady();
            }
        } else if (!ready) {
            becomeReady();
        }
    }

    private void becomeReady() {
        ready = true;
        if (limit != null) {
            limit.cancel();
        }
        pod.becameReady();
        if (template.readiness().isEmpty()) {
            stopped = true;
        }
    }

    private void failedOften() {
        if (!started) {
            fail("its startup probe failed " + failures + " times");
        } else if (ready) {
            ready = false;
            pod.becameUnready(last);
        }
    }

    private void startLimitPassed() {
        if (!ready && !stopped) {
            fail("not ready after " + template.startLimit().toSeconds() + " s");
        }
    }

    private void fail(String why) {
        stop();
        String asked = current().map(plan -> plan.action().words()).orElse("");
        String hint = last.startsWith("refused")
                ? "; a program must listen on the port that {port} in its command, or PORT in its environment, tells it"
                : "";
        pod.failed(why + " (expected: success of " + pod.context().ports().fill(asked) + "; the last attempt: " + last
                + hint + ")");
    }
}
