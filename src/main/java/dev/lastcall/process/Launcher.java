package dev.lastcall.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The words before a program's own that change how it starts. {@code setsid} makes it the leader of a session: Java cannot, and macOS has no
 * such command. A JDK before 22 starts every program with SIGQUIT blocked (JDK-8234262), so that a handler for it never runs: where that is
 * so, {@code env} or a shell unblocks it. Each of them replaces itself by the next, so that the program has the number that was started.
 */
final class Launcher {
    private static final Logger LOG = Logger.getLogger(Launcher.class);
    private static final Pattern BLOCKED = Pattern.compile("(?m)^SigBlk:\\s*([0-9a-fA-F]+)$");
    private static final int QUIT_BIT = 1 << 2;
    private static final long LIMIT_SECONDS = 5;

    /** GNU env since 8.31, and a dash, which unblocks everything when it has waited for a child. */
    private static final List<List<String>> UNBLOCKING =
            List.of(List.of("env", "--default-signal=QUIT"), List.of("sh", "-c", "/bin/true; exec \"$0\" \"$@\""));

    /** Wrappers that replace themselves by the program after them: while one of them is seen, the program itself has not been executed. */
    private static final List<String> REPLACED = List.of("setsid", "env", "nice", "nohup", "stdbuf", "ionice");

    private static @Nullable Launcher ofThisMachine;

    private final boolean hasSetsid;
    private final List<String> unblocking;

    private Launcher(boolean hasSetsid, List<String> unblocking) {
        this.hasSetsid = hasSetsid;
        this.unblocking = unblocking;
    }

    /** The one of this machine, found at its first use and not when a native executable is built. */
    static synchronized Launcher ofThisMachine() {
        Launcher known = ofThisMachine;
        if (known == null) {
            String searchPath = System.getenv().getOrDefault("PATH", Spawn.DEFAULT_PATH);
            boolean setsid = Executables.find("setsid", Path.of("").toAbsolutePath(), searchPath)
                    .isPresent();
            known = new Launcher(setsid, unblocking());
            ofThisMachine = known;
        }
        return known;
    }

    private static List<String> unblocking() {
        if (!isQuitBlocked(List.of())) {
            return List.of();
        }
        for (List<String> words : UNBLOCKING) {
            if (!isQuitBlocked(words)) {
                return words;
            }
        }
        LOG.warnf(
                "supervised programs start with SIGQUIT blocked and their handlers for it never run: Java %s does that,"
                        + " and this image has no GNU env (expected: Java 22 or later, or coreutils 8.31)",
                Runtime.version().feature());
        return List.of();
    }

    /** Asks a program that was started behind these words. */
    private static boolean isQuitBlocked(List<String> before) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("cat", "/proc/self/status"));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String status =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            Matcher blocked = BLOCKED.matcher(status);
            // Nothing known is no reason to add anything; behind words of ours it is a reason to leave them out.
            return blocked.find() ? (Long.parseUnsignedLong(blocked.group(1), 16) & QUIT_BIT) != 0 : !before.isEmpty();
        } catch (IOException e) {
            return !before.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !before.isEmpty();
        }
    }

    /** Whether a program that is started behind these words leads a session of its own. */
    boolean leadsSession(List<String> program) {
        return hasSetsid || isSetsid(program.get(0));
    }

    /** The whole command. A second setsid would fork, and its parent be gone at once. */
    List<String> before(List<String> program) {
        List<String> all = new ArrayList<>(unblocking);
        if (hasSetsid && !isSetsid(program.get(0))) {
            all.add("setsid");
        }
        all.addAll(program);
        return all;
    }

    private static boolean isSetsid(String word) {
        return nameOf(word).equals("setsid");
    }

    private static String nameOf(String word) {
        return word.substring(word.lastIndexOf(File.separatorChar) + 1).toLowerCase(Locale.ROOT);
    }

    /** Whether this command line is the program's own, and not that of one of the words before it. */
    boolean isProgram(List<String> commandLine) {
        boolean ours = !unblocking.isEmpty()
                && commandLine.size() > unblocking.size()
                && commandLine.subList(0, unblocking.size()).equals(unblocking);
        return !commandLine.isEmpty() && !ours && !REPLACED.contains(nameOf(commandLine.get(0)));
    }

    /** The environment in which these words are looked for. */
    static String searchPath(Map<String, String> environment) {
        return environment.getOrDefault("PATH", Spawn.DEFAULT_PATH);
    }
}
