package dev.lastcall.shutdown;

import dev.lastcall.drain.Trigger;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM, SIGHUP and SIGINT, owned from the first line of {@code main()}. Until the start is complete a signal ends the process without a drain,
 * code 128 + its number; from then on it is delivered as a trigger. Static because {@code main()} comes before any bean. Thread-safe.
 */
final class Signals {
    private static final Map<String, Trigger> TRIGGERS =
            Map.of("TERM", Trigger.SIGTERM, "HUP", Trigger.SIGHUP, "INT", Trigger.SIGINT);
    private static final Map<String, OwnedSignal> OWNED = new ConcurrentHashMap<>();

    private static volatile @Nullable Consumer<Trigger> receiver;
    private static volatile Runnable unfinishedStart = () -> {};

    private Signals() {}

    /**
     * Installs the handlers, again where something else has installed its own since.
     *
     * @return false where the JVM refuses ({@code -Xrs}): the operating system then ends the process at the first signal, without a drain
     */
    static boolean own() {
        boolean all = true;
        for (String name : TRIGGERS.keySet()) {
            Optional<OwnedSignal> owned = OwnedSignal.handle(name, number -> received(name, number));
            owned.ifPresent(signal -> OWNED.putIfAbsent(name, signal));
            all &= owned.isPresent();
        }
        return all;
    }

    /** Whether the process was started with SIGTERM ignored ({@code trap '' TERM}); then no SIGTERM ever arrives. */
    static boolean isSigtermIgnored() {
        OwnedSignal term = OWNED.get("TERM");
        return term != null && term.isIgnored();
    }

    /** Sets what is released if the start fails, or if a signal comes before {@link #deliverTo}; must be bounded. */
    static void beforeReady(Runnable release) {
        unfinishedStart = release;
    }

    /** Releases what a start that failed or was cut short has opened. */
    static void releaseUnfinishedStart() {
        if (receiver == null) {
            unfinishedStart.run();
        }
    }

    /** Delivers signals as triggers from now on. */
    static void deliverTo(Consumer<Trigger> ready) {
        receiver = ready;
    }

    /** Gives the signals back, for tests, whose process must not end. */
    static void giveBack() {
        OWNED.values().forEach(OwnedSignal::giveBack);
        OWNED.clear();
    }

    private static void received(String name, int number) {
        Consumer<Trigger> ready = receiver;
        if (ready != null) {
            ready.accept(TRIGGERS.get(name));
            return;
        }
        String message = "SIG" + name + " before the start was complete: exit without a drain";
        System.err.println(message);
        try {
            UnservedMessage.write(message, 128 + number);
            releaseUnfinishedStart();
        } finally {
            // Not System.exit: Quarkus' shutdown hook would wait for the end of the start, however long that takes.
            Runtime.getRuntime().halt(128 + number);
        }
    }
}
