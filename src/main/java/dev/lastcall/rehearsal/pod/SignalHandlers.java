package dev.lastcall.rehearsal.pod;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a process has a handler for SIGTERM, from proc(5). PID 1 of a container never gets a signal that it has none for: pid_namespaces(7). */
final class SignalHandlers {
    private static final Pattern CAUGHT = Pattern.compile("(?m)^SigCgt:\\s*([0-9a-fA-F]+)$");
    private static final long TERM_BIT = 1L << (15 - 1);

    private SignalHandlers() {}

    /** True also where nothing is known. */
    static boolean takesTerm(long pid) {
        try {
            Matcher caught = CAUGHT.matcher(
                    Files.readString(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1));
            return !caught.find() || (Long.parseUnsignedLong(caught.group(1), 16) & TERM_BIT) != 0;
        } catch (IOException e) {
            return true;
        }
    }
}
