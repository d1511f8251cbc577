package dev.lastcall.rehearsal.pod;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A shell that outlives this process by a moment and kills the pods that are left, for the case that this process is killed. It learns of the
 * end from its input, which the kernel closes then. Thread-safe.
 */
public final class OrphanGuard implements AutoCloseable {
    /** A pod is the leader of its session, and so of a process group; without setsid it is killed alone. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            pids=
            while read -r change pid; do
              rest=
              for each in $pids; do [ "$each" = "$pid" ] || rest="$rest $each"; done
              pids=$rest
              [ "$change" = started ] && pids="$pids $pid"
            done
            for each in $pids; do kill -KILL "-$each" || kill -KILL "$each"; done
            """;

    private final OutputStream shell;

    private OrphanGuard(OutputStream shell) {
        this.shell = shell;
    }

    /** Starts the shell; where there is none, nobody is guarded. */
    public static OrphanGuard start() {
        try {
            Process process = new ProcessBuilder("sh", "-c", SCRIPT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new OrphanGuard(process.getOutputStream());
        } catch (IOException e) {
            return new OrphanGuard(OutputStream.nullOutputStream());
        }
    }

    void started(long pid) {
        tell("started " + pid);
    }

    void exited(long pid) {
        tell("exited " + pid);
    }

    private synchronized void tell(String line) {
        try {
            shell.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            shell.flush();
        } catch (IOException e) {
            // Somebody has killed it; then nobody is guarded any more.
        }
    }

    /** Ends the shell, which kills those that have not exited. */
    @Override
    public synchronized void close() {
        try {
            shell.close();
        } catch (IOException e) {
            // It is gone.
        }
    }
}
