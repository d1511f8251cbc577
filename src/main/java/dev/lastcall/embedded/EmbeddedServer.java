package dev.lastcall.embedded;

import java.util.ServiceLoader;

/**
 * One of the servers. They are found by the service loader alone: a native executable is linked when it is built, and would be missing the
 * servers' libraries wherever code of ours named one of them.
 */
public interface EmbeddedServer {
    /** Its name among the servers. */
    String name();

    /** Starts it, to be stopped with the JVM; the port it listens on. */
    int start();

    /** The server of this name, started where it is not yet: its port. */
    static int portOf(String name) {
        return KeptPort.of(name, () -> named(name).start());
    }

    private static EmbeddedServer named(String name) {
        return ServiceLoader.load(EmbeddedServer.class, EmbeddedServer.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + ": no such embedded server"));
    }
}
