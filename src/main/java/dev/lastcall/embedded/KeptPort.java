package dev.lastcall.embedded;

import java.util.function.IntSupplier;

/**
 * The port of a server that is started once in each JVM. A system property remembers it, because every live reload loads our classes
 * anew and would otherwise start a second server.
 */
final class KeptPort {

    private KeptPort() {}

    static int of(String server, IntSupplier start) {
        String property = "lastcall-embedded-" + server + "-port";
        Integer port = Integer.getInteger(property);
        if (port == null) {
            port = start.getAsInt();
            System.setProperty(property, Integer.toString(port));
        }
        return port;
    }
}
