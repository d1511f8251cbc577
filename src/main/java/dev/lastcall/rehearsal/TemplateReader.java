package dev.lastcall.rehearsal;

import dev.lastcall.rehearsal.pod.PodAction;
import dev.lastcall.rehearsal.pod.PodTemplate;
import dev.lastcall.rehearsal.pod.ProbePlan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the template of the pods: what the options say, else what the manifest says, else what suits the program. */
final class TemplateReader {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration START_PERIOD = Duration.ofMillis(250);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

    private final WrittenOptions options;
    private final Optional<ManifestPod> manifest;
    private final Optional<String> command;
    private final boolean lastcall;
    private final Duration grace;

    TemplateReader(WrittenOptions options, Optional<ManifestPod> manifest) throws BadOption {
        this.options = options;
        this.manifest = manifest;
        this.command = options.text("--command");
        this.lastcall = command.isEmpty() || options.has("--supervised");
        this.grace = options.duration(
                "--grace", manifest.map(ManifestPod::grace).orElse(Duration.ofSeconds(30)), SECOND, HOUR);
        if (options.has("--supervised") && command.isEmpty()) {
            throw new BadOption("--supervised", "", "--command with the program that is supervised");
        }
        if (command.isEmpty() && manifest.isPresent() && !manifest.get().isLastcall()) {
            throw new BadOption(
                    "--manifest",
                    manifest.get().label(),
                    "--command \"…\" beside it: the image " + manifest.get().image()
                            + " is not run here, its program is");
        }
    }

    PodTemplate read() throws BadOption {
        Optional<ProbePlan> readiness = readiness();
        return new PodTemplate(
                words(),
                variables(),
                startup(readiness),
                readiness,
                preStop(),
                grace,
                options.duration("--start-limit", Duration.ofSeconds(60), SECOND, HOUR),
                options.has("--init"));
    }

    private List<String> words() throws BadOption {
        if (!lastcall) {
            return ActionOption.words("--command", command.orElse(""));
        }
        Map<String, String> settings = Map.of();
        if (command.isPresent()) {
            ActionOption.words("--command", command.get());
            String ready = options.text("--ready").orElse("/");
            if (!ready.startsWith("/")) {
                throw new BadOption(
                        "--ready", ready, "with --supervised: a path that the program answers when it is ready");
            }
            settings = OwnService.supervising(command.get(), ready);
        }
        return OwnService.command(settings, grace);
    }

    private Optional<ProbePlan> readiness() throws BadOption {
        Optional<String> written = options.text("--ready");
        if (lastcall && (written.isEmpty() || command.isPresent()) && manifest.isEmpty()) {
            return Optional.of(asked(new PodAction.HttpGet("{management}", OwnService.READY, Map.of())));
        }
        if (written.isEmpty() && manifest.isPresent()) {
            return manifest.get().probe("readiness");
        }
        return ActionOption.ready(written.orElse("tcp")).map(TemplateReader::asked);
    }

    private static ProbePlan asked(PodAction action) {
        return new ProbePlan(action, Duration.ZERO, SECOND, PROBE_TIMEOUT, 3, 1);
    }

    /** Returns the startup probe. One made from readiness asks more often than a kubelet would: that saves time and hides nothing. */
    private Optional<ProbePlan> startup(Optional<ProbePlan> readiness) throws BadOption {
        Optional<ProbePlan> written = manifest.isPresent() ? manifest.get().probe("startup") : Optional.empty();
        if (written.isPresent()) {
            return written;
        }
        return manifest.isPresent() && options.text("--ready").isEmpty()
                ? Optional.empty()
                : readiness.map(probe -> new ProbePlan(
                        probe.action(), Duration.ZERO, START_PERIOD, PROBE_TIMEOUT, Integer.MAX_VALUE, 1));
    }

    private Optional<PodAction> preStop() throws BadOption {
        Optional<String> written = options.text("--pre-stop");
        if (written.isEmpty() && manifest.isPresent()) {
            return manifest.get().preStop();
        }
        if (written.isEmpty() && lastcall) {
            return Optional.of(new PodAction.HttpGet("{management}", OwnService.PRE_STOP, OwnService.PRE_STOP_HEADERS));
        }
        return ActionOption.preStop(written.orElse("none"));
    }

    private Map<String, String> variables() throws BadOption {
        Map<String, String> variables =
                new LinkedHashMap<>(manifest.map(ManifestPod::variables).orElse(Map.of()));
        if (lastcall) {
            // Said on the command line, where it wins anyway.
            variables.remove("LASTCALL_DRAIN_GRACE_PERIOD");
        }
        if (lastcall && command.isPresent()) {
            variables.put("PORT", "{application}");
        }
        for (String each : options.all("--env")) {
            int equals = each.indexOf('=');
            if (equals <= 0) {
                throw new BadOption("--env", each, "NAME=value");
            }
            variables.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return variables;
    }
}
