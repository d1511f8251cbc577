package dev.lastcall.rehearsal.pod;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of a pod, and the placeholders that stand for them.
 *
 * @param serving where clients come
 * @param management where the kubelet asks; a program without such a port never learns of it
 * @param application where a program behind a Lastcall in the same pod listens
 */
public record PodPorts(int serving, int management, int application) {
    /** The lowest port, below those of Linux for outgoing connections: one of the load's own would take a port away before its program listens. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;
    private static final Set<Integer> GIVEN = new HashSet<>();

    /**
     * Finds ports on which nobody listens.
     *
     * @throws IOException where there are none
     */
    static PodPorts find() throws IOException {
        return new PodPorts(free(), free(), free());
    }

    private static int free() throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && isNew(port)) {
                return port;
            }
        }
        throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isNew(int port) {
        synchronized (GIVEN) {
            return GIVEN.add(port);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket everywhere = new ServerSocket(port);
                ServerSocket loopback = loopback(port, everywhere)) {
            return loopback != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Another program may listen on the loopback address alone, which an attempt on all addresses does not show everywhere. */
    private static ServerSocket loopback(int port, ServerSocket everywhere) throws IOException {
        everywhere.close();
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    /** Fills the placeholders of a text. */
    public String fill(String text) {
        String filled = text;
        for (Map.Entry<String, Integer> each : Map.of(
                        "{port}", serving, "{management}", management, "{application}", application)
                .entrySet()) {
            filled = filled.replace(each.getKey(), Integer.toString(each.getValue()));
        }
        return filled;
    }
}
