package dev.lastcall.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A process and its descendants. Those whose parent has ended are nobody's descendants any more; on Linux they are found by a variable that
 * they have inherited.
 */
record ProcessFamily(ProcessHandle root, String mark) {
    /** Not below {@code LASTCALL_}: the application would take it for a key of its own. */
    static final String VARIABLE = "STARTED_BY_TEST";

    /** The prefix of the marks of this JVM's children. */
    static final String JVM =
            ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), Character.MAX_RADIX) + ".";

    private static final Path PROC = Path.of("/proc");
    /** More than what starts new processes faster than they are killed needs to give up. */
    private static final int ATTEMPTS = 20;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    static String newMark() {
        return JVM + NUMBER.incrementAndGet() + ".";
    }

    /** One that was started by a library, and is found only as long as no parent in it ends before its child. */
    static ProcessFamily of(ProcessHandle root) {
        return new ProcessFamily(root, newMark());
    }

    boolean hasLiving() {
        return living().findAny().isPresent();
    }

    /** SIGKILL to all of them, until there are none. */
    void kill() {
        for (int i = 0; i < ATTEMPTS; i++) {
            List<ProcessHandle> living = living().toList();
            if (living.isEmpty()) {
                return;
            }
            living.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private Stream<ProcessHandle> living() {
        return Stream.concat(Stream.concat(Stream.of(root), root.descendants()), marked(mark))
                .filter(process -> process.isAlive() && !isZombie(process))
                .distinct();
    }

    /** Everything with a mark that begins so; nothing where there is no {@code /proc}. */
    static Stream<ProcessHandle> marked(String mark) {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return Stream.empty();
        }
        String variable = '\0' + VARIABLE + '=' + mark;
        return ProcessHandle.allProcesses().filter(process -> ('\0' + read(process, "environ")).contains(variable));
    }

    /** Ended, but its parent has not asked how; Java takes it for alive. */
    private static boolean isZombie(ProcessHandle process) {
        String stat = read(process, "stat");
        // The state stands behind the name in parentheses, which may itself contain any character.
        int name = stat.lastIndexOf(") ");
        return name > 0 && (stat.charAt(name + 2) == 'Z' || stat.charAt(name + 2) == 'X');
    }

    /** Empty where there is no such file, or the process is somebody else's or gone. */
    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(
                    PROC.resolve(Long.toString(process.pid())).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
