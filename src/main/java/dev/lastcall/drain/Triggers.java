package dev.lastcall.drain;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The triggers that came, with the time of each one's first. Guarded by the engine's lock. */
final class Triggers {
    /** A terminal may deliver one Ctrl-C twice; one this much later than the last that counted is meant. */
    private static final Duration DELIBERATE = Duration.ofMillis(500);

    /** In the order in which they came. */
    private final Map<Trigger, Long> firstAt = new LinkedHashMap<>();

    private int interrupts;
    private long interruptedAt;

    /** Notes a trigger; true where it is the first of its kind. */
    boolean add(Trigger trigger, long now) {
        boolean first = firstAt.putIfAbsent(trigger, now) == null;
        if (trigger == Trigger.SIGINT && (first || now - interruptedAt >= DELIBERATE.toNanos())) {
            interrupts++;
            interruptedAt = now;
        }
        return first;
    }

    /** Takes an expired pre-stop out, as if it had never come. */
    void forget(Trigger trigger) {
        firstAt.remove(trigger);
    }

    void clear() {
        firstAt.clear();
        interrupts = 0;
    }

    boolean has(Trigger trigger) {
        return firstAt.containsKey(trigger);
    }

    boolean none() {
        return firstAt.isEmpty();
    }

    boolean terminate() {
        return firstAt.keySet().stream().anyMatch(Trigger::terminates);
    }

    boolean endProcess() {
        return firstAt.keySet().stream().anyMatch(Trigger::endsProcess);
    }

    /** Whether one of them shows that this process ends. */
    boolean isFinal() {
        return firstAt.keySet().stream().anyMatch(Trigger::isFinal);
    }

    /** Returns the time of the first trigger that ends the process; only where {@link #endProcess()}. */
    long endsProcessSince() {
        return firstAt.keySet().stream()
                .filter(Trigger::endsProcess)
                .findFirst()
                .map(firstAt::get)
                .orElseThrow();
    }

    /** Returns the number of deliberate SIGINTs. */
    int interrupts() {
        return interrupts;
    }

    /** In the order in which they came. */
    List<Trigger> inOrder() {
        return List.copyOf(firstAt.keySet());
    }
}
