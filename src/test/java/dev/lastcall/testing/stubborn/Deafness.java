package dev.lastcall.testing.stubborn;

/** Waits for ever and ignores interrupts. */
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
