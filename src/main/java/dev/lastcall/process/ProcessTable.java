package dev.lastcall.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Linux tells of processes and Java does not, from proc(5). Whoever has gone, or is somebody else's, has nothing to tell; elsewhere
 * than on Linux nobody has.
 */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    /** Behind the name, which may contain anything: state, parent, process group, session. */
    private static final Pattern STAT = Pattern.compile("\\) (\\S) \\d+ -?\\d+ (\\d+) [^)]*$");

    private ProcessTable() {}

    static OptionalLong session(ProcessHandle process) {
        return stat(process)
                .map(stat -> OptionalLong.of(Long.parseLong(stat.group(2))))
                .orElse(OptionalLong.empty());
    }

    /**
     * Whether it has ended and only its parent has not asked how. Java counts such a one as alive; where we are PID 1 it stays one for
     * ever, since the JVM asks for its own children alone.
     */
    static boolean isZombie(ProcessHandle process) {
        return stat(process)
                .map(stat -> stat.group(1).equals("Z") || stat.group(1).equals("X"))
                .orElse(false);
    }

    /** Whether it was started with this variable, {@code NAME=value}; a program that writes over its environment to set its title was not. */
    static boolean hasVariable(ProcessHandle process, String variable) {
        return read(process, "environ")
                .map(text -> ('\0' + text + '\0').contains('\0' + variable + '\0'))
                .orElse(false);
    }

    private static Optional<Matcher> stat(ProcessHandle process) {
        return read(process, "stat").map(text -> STAT.matcher(text.strip())).filter(Matcher::find);
    }

    private static Optional<String> read(ProcessHandle process, String file) {
        try {
            byte[] bytes = Files.readAllBytes(
                    PROC.resolve(Long.toString(process.pid())).resolve(file));
            return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
