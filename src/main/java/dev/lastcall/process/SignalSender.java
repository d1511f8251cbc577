package dev.lastcall.process;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sends signals to other processes. Java sends TERM and KILL itself; for all others there is the {@code kill} that every shell has built in,
 * since images often lack the command of that name.
 */
final class SignalSender {
    private static final Logger LOG = Logger.getLogger(SignalSender.class);
    /** Far below the longest command line that Linux takes. */
    private static final int AT_ONCE = 1000;

    private static final long LIMIT_SECONDS = 2;

    private SignalSender() {}

    /** Sends it to all of them, as far as they have not ended; where there is no shell, TERM takes the place of the others and CONT is left out. */
    static void send(UnixSignal signal, Collection<ProcessHandle> processes) {
        if (signal.equals(UnixSignal.TERM)) {
            processes.forEach(ProcessHandle::destroy);
            return;
        }
        List<ProcessHandle> living =
                processes.stream().filter(ProcessHandle::isAlive).toList();
        for (int i = 0; i < living.size(); i += AT_ONCE) {
            List<ProcessHandle> some = living.subList(i, Math.min(living.size(), i + AT_ONCE));
            if (!sendByShell(signal, some) && !signal.equals(UnixSignal.CONT)) {
                LOG.warnf("SIG%s could not be sent without a shell: SIGTERM was sent instead", signal.name());
                some.forEach(ProcessHandle::destroy);
            }
        }
    }

    private static boolean sendByShell(UnixSignal signal, List<ProcessHandle> processes) {
        // One call for each: a shell's kill may stop at the first that has gone.
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "for pid; do kill -s \"$0\" \"$pid\" 2>/dev/null; done; :", signal.name()));
        processes.forEach(each -> command.add(Long.toString(each.pid())));
        try {
            Process shell = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
