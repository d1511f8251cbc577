package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainListener;
import dev.lastcall.drain.DrainSignal.Registration;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The HTTP requests that wait for the drain's notes. A stage of {@code whenDrained()} could not be taken back when its client goes.
 * Thread-safe.
 */
@Singleton
final class Watchers {
    private final Drain drain;
    private final Set<Registration> watching = ConcurrentHashMap.newKeySet();

    Watchers(Drain drain) {
        this.drain = drain;
    }

    Registration watch(DrainListener listener) {
        Registration subscription = drain.subscribe(listener);
        watching.add(subscription);
        return () -> {
            subscription.close();
            watching.remove(subscription);
        };
    }

    int count() {
        return watching.size();
    }
}
