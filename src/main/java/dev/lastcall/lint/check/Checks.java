package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All checks, and which of them an object asks to be spared. */
public final class Checks {
    private final List<Check> checks;

    /** @param cluster the version the manifests are meant for */
    public Checks(KubernetesVersion cluster) {
        List<Check> all = new ArrayList<>(List.of(
                new GraceTooShort(),
                new GraceMismatch(),
                new DurationUnreadable(),
                new ProfileUnknown(),
                new PreStopMissing(cluster),
                new PreStopIdle(cluster),
                new PreStopFails(cluster),
                new PreStopElsewhere(),
                new PreStopHeader(),
                new ShellPreStop(cluster),
                new SleepPreStop(),
                new StopSignal(cluster),
                new SidecarUnasked(),
                new SidecarReserve(),
                new SidecarNeverEnds(),
                new SidecarStartDeadlock(),
                new SidecarUnsupported(cluster),
                new FieldUnsupported(cluster),
                new LivenessInDrain(),
                new HastyLiveness(),
                new HastyStartup(),
                new StartupOutlastsProgress(),
                new ReadinessMissing(),
                new HastyReadiness(),
                new ShellAsFirstProcess(),
                new PodsUnavailable(),
                new NoneAvailable(),
                new SingleReplica(),
                new EvictionBlocked(),
                new EvictionUnbounded(),
                new UnhealthyEviction(cluster),
                new NotReadyAddresses(),
                new LocalTraffic(),
                new SessionAffinity(),
                new ManagementExposed(),
                new ServiceElsewhere(),
                new ProbeScheme(),
                new ServiceLinks(),
                new WatchWithoutToken(),
                new WatchWithoutRights(),
                new LeaseOutlastsGrace()));
        Set<String> rules = new HashSet<>(all.stream().map(Check::rule).toList());
        UnknownRule unknown = new UnknownRule(rules);
        rules.add(unknown.rule());
        all.add(unknown);
        checks = List.copyOf(all);
    }

    /**
     * A finding and its rule.
     *
     * @param rule the stable name
     */
    public record Ruled(String rule, Finding finding) {}

    /** Every rule's name. */
    public List<String> rules() {
        return checks.stream().map(Check::rule).toList();
    }

    /** Returns all findings, the objects in the order of the files. */
    public List<Ruled> findings(Manifests all) {
        List<Ruled> found = new ArrayList<>();
        for (Workload workload : all.workloads()) {
            checks.forEach(
                    check -> check.findings(workload, all).forEach(each -> found.add(new Ruled(check.rule(), each))));
        }
        for (Document object : all.documents()) {
            checks.forEach(
                    check -> check.findings(object, all).forEach(each -> found.add(new Ruled(check.rule(), each))));
        }
        found.removeIf(each -> ignored(each.finding().document()).anyMatch(each.rule()::equals));
        return found;
    }

    /** The rules that an object asks to be spared. */
    static Stream<String> ignored(Document document) {
        return document.ignores().stream().map(Field::text).flatMap(Checks::names);
    }

    static Stream<String> names(String written) {
        return Stream.of(written.split("[,\\s]+", -1)).filter(name -> !name.isEmpty());
    }
}
