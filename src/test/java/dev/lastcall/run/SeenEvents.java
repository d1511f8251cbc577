package dev.lastcall.run;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * The history of all runs as all clients saw it: who saw which sequence number with which text, and when. A number has one text, whoever sees it and
 * when; what anybody has seen is in the log in the end. Thread-safe.
 */
final class SeenEvents {
    private record Seen(String text, String by, long at) {}

    private final Map<String, Map<Long, Seen>> runs = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong count = new AtomicLong();

    void note(String run, long seq, String text, String by) {
        Seen now = new Seen(text, by, System.nanoTime());
        Seen before =
                runs.computeIfAbsent(run, first -> new ConcurrentHashMap<>()).putIfAbsent(seq, now);
        count.incrementAndGet();
        if (before != null && !before.text().equals(text)) {
            violations.add("run " + run + " seq " + seq + ": " + before + ", then " + now);
        }
    }

    long count() {
        return count.get();
    }

    /** Returns the contradictions between events that were seen, and between them and the log. */
    List<String> violations(DataSource log) {
        runs.forEach((run, seen) -> {
            Map<Long, String> logged = logged(log, run);
            seen.forEach((seq, event) -> {
                String data = logged.get(seq);
                if (data == null || !data.equals('"' + event.text() + '"')) {
                    violations.add("run " + run + " seq " + seq + ": " + event + " was seen, and the log has " + data);
                }
            });
        });
        return List.copyOf(violations);
    }

    private static Map<Long, String> logged(DataSource log, String run) {
        Map<Long, String> logged = new java.util.HashMap<>();
        for (String row : TestRuns.query(
                log, "SELECT seq || ' ' || data FROM run_events WHERE run_id = '" + run + "' ORDER BY seq")) {
            int blank = row.indexOf(' ');
            logged.put(Long.parseLong(row.substring(0, blank)), row.substring(blank + 1));
        }
        return logged;
    }
}
