package dev.lastcall.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM's memory after a full collection, in bytes.
 *
 * @param resident what the kernel counts
 * @param heap what is alive in the heap, which may have been resident before
 */
record Memory(long resident, long heap) {
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    static Memory of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        long heap = 0;
        // Young and old; the metaspace comes last.
        for (int i = 0; i < 2 && used.find(); i++) {
            heap += Long.parseLong(used.group(1)) * 1024;
        }
        Matcher resident = RSS.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        if (!resident.find()) {
            throw new IOException("no VmRSS of " + pid);
        }
        return new Memory(Long.parseLong(resident.group(1)) * 1024, heap);
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** The larger of the two differences, by piece. */
    long minus(Memory before, int pieces) {
        return Math.max(resident - before.resident, heap - before.heap) / pieces;
    }
}
