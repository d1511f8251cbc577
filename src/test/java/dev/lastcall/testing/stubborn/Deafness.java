package dev.lastcall.testing.stubborn;

/** Waits for what never comes, and does not hear interrupts. */
final class Deafness {
    private Deafness() {}

    static synchronized void forEver() {
        while (true) {
            try {
                Deafness.class.wait();
            } catch (InterruptedException e) {
                // That is the point.
            }
        }
    }
}
