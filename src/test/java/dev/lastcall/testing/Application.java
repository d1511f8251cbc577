package dev.lastcall.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The application that the {@code *IT} start: the packaged jar, or the native executable that {@code -Dlastcall.it.executable} names. */
public final class Application {
    static final Path JAR = Path.of(System.getProperty("lastcall.jar", "target/quarkus-app/quarkus-run.jar"));

    /**
     * Options of the JVM for processes that live for seconds. The first compiler alone: the second one would take a third of all they need. Of the
     * collectors the one that starts with the least work.
     */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Optional<Path> EXECUTABLE = Optional.ofNullable(System.getProperty("lastcall.it.executable"))
            .filter(path -> !path.isBlank())
            .map(path -> Path.of(path).toAbsolutePath());

    private Application() {}

    /**
     * The command line with these options and arguments, of a process that lives for seconds.
     *
     * @param options {@code -D} and the JVM's; of the latter an executable is given the heap's size alone
     */
    public static Command command(List<String> options, List<String> arguments) {
        return EXECUTABLE
                .map(path -> executable(path, options, arguments))
                .orElseGet(() -> shortLived(JAR, options, arguments));
    }

    /** The same with the options of the JVM that are given, and no other. */
    static Command as(List<String> options) {
        return EXECUTABLE
                .map(path -> executable(path, options, List.of()))
                .orElseGet(() -> jar(JAR, options, List.of()));
    }

    /** Skips what only a JVM can do, and says why. */
    public static void assumeJvm(String reason) {
        assumeTrue(!isExecutable(), () -> "skipped for a native executable: " + reason);
    }

    static boolean isExecutable() {
        return EXECUTABLE.isPresent();
    }

    static Command shortLived(Path jar, List<String> options, List<String> arguments) {
        List<String> all = new ArrayList<>(SHORT_LIVED);
        all.add(ClassArchive.of(jar, SHORT_LIVED));
        all.addAll(options);
        return jar(jar, all, arguments);
    }

    private static Command jar(Path jar, List<String> options, List<String> arguments) {
        List<String> words = new ArrayList<>(options);
        words.add("-jar");
        words.add(jar.toString());
        words.addAll(arguments);
        return Command.java(words);
    }

    private static Command executable(Path path, List<String> options, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(path.toString()));
        options.stream()
                .filter(option -> option.startsWith("-D") || option.startsWith("-Xmx"))
                .forEach(words::add);
        words.addAll(arguments);
        return Command.of(words);
    }
}
