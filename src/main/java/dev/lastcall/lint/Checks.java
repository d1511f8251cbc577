package dev.lastcall.lint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** All checks, and which of them a workload asks to be spared. */
final class Checks {
    /** An annotation of the workload: rules that do not apply to it, separated by commas. */
    static final String IGNORE = "lastcall.dev/lint-ignore";

    private final List<Check> checks;

    Checks(KubernetesVersion cluster) {
        checks = List.of(
                new GraceTooShort(),
                new GraceMismatch(),
                new DurationUnreadable(),
                new PreStopMissing(),
                new PreStopElsewhere(),
                new ShellPreStop(),
                new SleepPreStop(),
                new SidecarUnasked(),
                new SidecarReserve(),
                new SidecarNeverEnds(),
                new SidecarStartDeadlock(),
                new SidecarUnsupported(cluster),
                new LivenessInDrain(),
                new HastyLiveness(),
                new ReadinessMissing(),
                new HastyReadiness(),
                new ShellAsFirstProcess(),
                new PodsUnavailable(),
                new NoneAvailable(),
                new ManagementExposed(),
                new ServiceLinks(),
                new LeaseOutlastsGrace());
    }

    /** As {@link Lint} prints them. */
    record Ruled(String rule, Finding finding) {
        String line() {
            return finding.line(rule);
        }
    }

    List<String> rules() {
        return checks.stream().map(Check::rule).toList();
    }

    Stream<Ruled> findings(Workload workload, Manifests all) {
        List<String> ignored = Arrays.asList(workload.document()
                .root()
                .at("metadata", "annotations", IGNORE)
                .text()
                .split("[,\\s]+"));
        return checks.stream()
                .filter(check -> !ignored.contains(check.rule()))
                .flatMap(check -> check.findings(workload, all).map(each -> new Ruled(check.rule(), each)));
    }
}
