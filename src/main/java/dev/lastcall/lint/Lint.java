package dev.lastcall.lint;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** The command {@code lint}: reads manifests, prints each Lastcall's budget as a timeline and one line for each finding. */
public final class Lint {
    static final int CLEAN = 0;
    static final int ERRORS = 1;
    static final int UNREADABLE = 2;

    private static final String USAGE = """
            usage: java -jar quarkus-run.jar lint [--kubernetes=1.33] FILE|DIRECTORY|- ...
              exit code 0: nothing, or warnings only; 1: errors; 2: something could not be read""";

    private Lint() {}

    /**
     * Lints what the arguments name.
     *
     * @return the exit code: 0 where there are no errors, 1 where there are, 2 where something could not be read
     */
    public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        try {
            FindingOrder order = FindingOrder.of(arguments);
            if (order.wantsHelp()) {
                out.println(USAGE);
                return CLEAN;
            }
            return new Inspection(order.cluster(), out, err).of(Sources.of(order.places(), in));
        } catch (UnreadableManifest e) {
            err.println(e.getMessage());
            err.println(USAGE);
            return UNREADABLE;
        }
    }
}
