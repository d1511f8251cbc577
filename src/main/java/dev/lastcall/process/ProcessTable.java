package dev.lastcall.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One look at all processes of the machine, from proc(5): what Linux tells of them and Java does not. A process that has gone, or belongs
 * to somebody else, has nothing to tell; elsewhere than on Linux the table is empty. Immutable.
 */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    /** Behind the name, which may contain anything: state, parent, process group, session, and in field 22 the time of its start. */
    private static final Pattern STAT = Pattern.compile("\\) (\\S) (\\d+) -?\\d+ (\\d+)(?: -?\\d+){15} (\\d+) [^)]*$");

    private final Map<Long, Row> rows;

    private ProcessTable(Map<Long, Row> rows) {
        this.rows = rows;
    }

    /**
     * A process as it was at the look.
     *
     * @param startTicks tells it from a later process with the same number
     */
    record Row(long pid, char state, long parent, long session, long startTicks) {
        /** Whether it has ended and only its parent has not asked how. */
        boolean isZombie() {
            return state == 'Z' || state == 'X';
        }

        /** Whether it was stopped by a signal, so that other signals reach it only once it is continued. */
        boolean isStopped() {
            return state == 'T' || state == 't';
        }
    }

    /** Reads the whole table once. */
    static ProcessTable read() {
        Map<Long, Row> rows = new HashMap<>();
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path each : directory) {
                row(Long.parseLong(each.getFileName().toString())).ifPresent(row -> rows.put(row.pid(), row));
            }
        } catch (IOException e) {
            return new ProcessTable(Map.of());
        }
        return new ProcessTable(rows);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    Collection<Row> rows() {
        return rows.values();
    }

    Optional<Row> find(long pid) {
        return Optional.ofNullable(rows.get(pid));
    }

    /** Returns the row of one process, as it is now. */
    static Optional<Row> row(long pid) {
        return read(pid, "stat")
                .map(text -> STAT.matcher(text.strip()))
                .filter(Matcher::find)
                .map(stat -> {
                    char state = stat.group(1).charAt(0);
                    return new Row(
                            pid,
                            state,
                            Long.parseLong(stat.group(2)),
                            Long.parseLong(stat.group(3)),
                            Long.parseLong(stat.group(4)));
                });
    }

    static OptionalLong session(ProcessHandle process) {
        return row(process.pid()).map(row -> OptionalLong.of(row.session())).orElse(OptionalLong.empty());
    }

    /**
     * Whether it has ended and only its parent has not asked how. Java counts such a one as alive; where we are PID 1 it stays one for
     * ever, since the JVM asks for its own children alone.
     */
    static boolean isZombie(ProcessHandle process) {
        return row(process.pid()).map(Row::isZombie).orElse(false);
    }

    /**
     * The variables it was started with, each {@code NAME=value} between NULs. Empty where they cannot be read, and for a moment of its exec;
     * a program that writes over them to set its title has none.
     */
    static String environment(long pid) {
        return read(pid, "environ").map(text -> '\0' + text + '\0').orElse("");
    }

    /** Returns its command line; empty for a zombie. */
    static List<String> commandLine(long pid) {
        return read(pid, "cmdline")
                .filter(text -> !text.isEmpty())
                .map(text -> List.of(text.split("\0", -1)))
                .orElse(List.of());
    }

    private static Optional<String> read(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
            return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
