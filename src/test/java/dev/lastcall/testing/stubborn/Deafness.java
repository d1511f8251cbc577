package dev.lastcall.testing.stubborn;

/** Waits for ever and ignores interrupts; with {@code -Dstubborn=false} it does not wait. */
final class Deafness {
    static final boolean WANTED = !"false".equals(System.getProperty("stubborn"));

    private Deafness() {}

    static synchronized void forEver() {
        while (WANTED) {
            try {
                Deafness.class.wait();
            } catch (InterruptedException e) {
                // That is the point.
            }
        }
    }
}
