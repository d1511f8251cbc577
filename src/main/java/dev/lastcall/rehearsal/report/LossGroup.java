package dev.lastcall.rehearsal.report;

import dev.lastcall.rehearsal.load.Loss;
import dev.lastcall.rehearsal.pod.PodPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Losses of one kind, of one kind of request, in one phase of their pods. */
record LossGroup(List<Loss> losses) {
    /** Returns the groups, the largest first. */
    static List<LossGroup> of(List<Loss> losses) {
        Map<List<Object>, List<Loss>> groups = new LinkedHashMap<>();
        for (Loss loss : losses) {
            groups.computeIfAbsent(List.of(loss.kind(), loss.load(), loss.phase()), key -> new ArrayList<>())
                    .add(loss);
        }
        return groups.values().stream()
                .map(LossGroup::new)
                .sorted(Comparator.comparingInt(group -> -group.losses().size()))
                .toList();
    }

    Loss first() {
        return losses.get(0);
    }

    /** Returns the group in one sentence. */
    String words() {
        String example = example();
        return losses.size() + " × " + first().kind().words() + " ("
                + first().load().words() + "): " + when() + (example.isEmpty() ? "" : "; " + example);
    }

    /** Returns the phase and the time since the pod's end began. */
    private String when() {
        String phase = first().phase()
                .map(PodPhase::words)
                .map(words -> "pod " + words)
                .orElse("no pod");
        List<Duration> since = losses.stream()
                .flatMap(each -> each.sinceEnd().stream())
                .sorted()
                .toList();
        if (since.isEmpty()) {
            return phase;
        }
        String from = seconds(since.get(0));
        String to = seconds(since.get(since.size() - 1));
        return phase + ", " + (from.equals(to) ? from : from + "–" + to) + " s after its end began";
    }

    /** Returns the detail of the first that has one, where there is one. */
    private String example() {
        return losses.stream()
                .map(Loss::detail)
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
    }

    static String seconds(Duration duration) {
        long tenths = Math.round(duration.toMillis() / 100.0);
        return tenths / 10 + "." + tenths % 10;
    }
}
