package dev.lastcall.rehearsal;

import dev.lastcall.rehearsal.cluster.Balancer;
import dev.lastcall.rehearsal.cluster.RollingUpdate;
import dev.lastcall.rehearsal.cluster.Withdrawal;
import dev.lastcall.rehearsal.load.LoadPlan;
import dev.lastcall.rehearsal.pod.PodAction;
import dev.lastcall.rehearsal.pod.PodTemplate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plan of a rehearsal: the pods, how they are replaced, and the load.
 *
 * @param program as the user would write it
 * @param rounds how often every pod is replaced
 */
record RehearsalPlan(
        String program,
        PodTemplate template,
        RollingUpdate strategy,
        Duration minReady,
        int rounds,
        Withdrawal withdrawal,
        Balancer balancer,
        LoadPlan load) {

    /** Returns the numbers for a report. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("replicas", Integer.toString(strategy.replicas()));
        settings.put("rounds", Integer.toString(rounds));
        settings.put("grace", seconds(template.grace()));
        settings.put("preStop", template.preStop().map(PodAction::words).orElse("none"));
        settings.put(
                "ready",
                template.readiness().map(probe -> probe.action().words()).orElse("none"));
        settings.put("withdrawal", seconds(withdrawal.from()) + ".." + seconds(withdrawal.to()));
        settings.put("balancer", balancer.name());
        settings.put("surge", strategy.recreate() ? "recreate" : Integer.toString(strategy.surge()));
        settings.put("unavailable", strategy.recreate() ? "recreate" : Integer.toString(strategy.unavailable()));
        settings.put("users", Integer.toString(load.users()));
        settings.put("http", load.http2() ? "2" : "1.1");
        settings.put("seed", Long.toString(withdrawal.seed()));
        return settings;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
