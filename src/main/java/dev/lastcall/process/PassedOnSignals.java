package dev.lastcall.process;

import dev.lastcall.shutdown.OwnedSignal;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Signals that mean nothing to this process and something to many programs: by themselves they would end the JVM, and its programs would be
 * orphans. Each is passed on to the programs that ask for it; where none does, it is logged and ignored. Signals that end this process
 * are not among them.
 */
final class PassedOnSignals {
    /** The signals that {@code forward-signals} may name. */
    static final List<String> ALLOWED = List.of("USR1", "USR2", "ALRM", "WINCH", "TTIN", "TTOU");

    private static final Logger LOG = Logger.getLogger(PassedOnSignals.class);
    /** The signals that end a JVM that does not handle them. */
    private static final Set<String> ALWAYS = Set.of("USR1", "ALRM", "VTALRM");
    /**
     * Crashes a JVM when it comes from outside, and is what HotSpot itself stops a thread with to look at it: who takes it over takes its samples
     * from the Flight Recorder. So it is left where there are no programs that it might be meant for.
     */
    private static final String HOTSPOTS = "USR2";

    private final List<Supervised> programs;

    PassedOnSignals(List<Supervised> programs) {
        this.programs = programs;
    }

    /** Takes them over, as far as this JVM and this system let us. */
    void own() {
        names().forEach(this::own);
    }

    /** Returns the names of those that it takes over. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(ALWAYS);
        if (!programs.isEmpty()) {
            names.add(HOTSPOTS);
        }
        programs.forEach(each -> each.program().forwardedSignals().forEach(signal -> names.add(signal.name())));
        return names;
    }

    private void own(String name) {
        if (OwnedSignal.handle(name, number -> received(name)).isEmpty()) {
            LOG.debugf("SIG%s is left to the system", name);
        }
    }

    /** Called on the signal's own thread. */
    void received(String name) {
        List<Supervised> asking = programs.stream()
                .filter(each ->
                        each.program().forwardedSignals().stream().anyMatch(signal -> name.equals(signal.name())))
                .toList();
        if (asking.isEmpty()) {
            LOG.infof("signal ignored signal=%s (expected: a program with it in forward-signals)", name);
        }
        asking.forEach(each -> {
            LOG.infof("signal passed on signal=%s name=%s", name, each.program().name());
            each.send(UnixSignal.of(name, ALLOWED));
        });
    }
}
