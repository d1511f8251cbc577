package dev.lastcall;

import dev.lastcall.http.limits.AcceptedConnections;
import dev.lastcall.lint.Lint;
import dev.lastcall.rehearsal.Rehearse;
import dev.lastcall.shutdown.App;
import dev.lastcall.shutdown.ConfigCommand;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;
import java.util.List;

/** The process' entry point. */
@QuarkusMain
public final class Main {
    Main() {}

    /**
     * Runs the service until it is told to stop; the exit code tells whether anything was lost. With {@code lint}, {@code config} or {@code rehearse} as its
     * first argument: that command, without starting the service.
     */
    public static void main(String... args) {
        List<String> arguments = Arrays.asList(args);
        if (!arguments.isEmpty() && arguments.get(0).equals("lint")) {
            System.exit(Lint.run(arguments.subList(1, arguments.size()), System.in, System.out, System.err));
        }
        if (!arguments.isEmpty() && arguments.get(0).equals("config")) {
            System.exit(ConfigCommand.run(arguments.subList(1, arguments.size()), System.out, System.err));
        }
        if (!arguments.isEmpty() && arguments.get(0).equals("rehearse")) {
            System.exit(Rehearse.run(arguments.subList(1, arguments.size()), System.in, System.out, System.err));
        }
        // Before Netty's first server: it reads this once.
        System.setProperty(AcceptedConnections.EXTENSIONS, "serviceload");
        App.start(args);
    }
}
