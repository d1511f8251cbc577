package dev.lastcall.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The processes that end with a test or a test class. The tests of a JVM run one after the other: what is started belongs to the innermost of
 * those that have begun, what is started again to the same as before. The JVM's own scope ends by its shutdown hook. Thread-safe.
 */
final class Scope {
    private static final Deque<Scope> OPEN = new ArrayDeque<>(List.of(new Scope()));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Scope::endAll, "end-of-test-processes"));
    }

    private final List<ProcessFamily> families = new ArrayList<>();

    private Scope() {}

    static Scope innermost() {
        synchronized (OPEN) {
            return OPEN.element();
        }
    }

    static void begin() {
        synchronized (OPEN) {
            OPEN.push(new Scope());
        }
    }

    static void end() {
        synchronized (OPEN) {
            OPEN.pop().kill();
        }
    }

    private static void endAll() {
        synchronized (OPEN) {
            OPEN.forEach(Scope::kill);
        }
    }

    synchronized void add(ProcessFamily family) {
        families.add(family);
    }

    synchronized void remove(ProcessFamily family) {
        families.remove(family);
    }

    private synchronized void kill() {
        families.forEach(ProcessFamily::kill);
    }
}
