package dev.lastcall.rehearsal;

import dev.lastcall.lint.ManifestFiles;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.UnreadableManifest;
import dev.lastcall.rehearsal.cluster.Balancer;
import dev.lastcall.rehearsal.cluster.RollingUpdate;
import dev.lastcall.rehearsal.cluster.Withdrawal;
import dev.lastcall.rehearsal.load.LoadPlan;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Makes a plan of the options and of the manifest that they name. */
final class PlanReader {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration STREAM_TIMEOUT = Duration.ofMinutes(2);
    private static final int SEEDS = 1_000_000;
    private static final int MOST_PODS = 20;
    private static final ManifestStrategy USUAL = new ManifestStrategy(3, 1, 0, false);

    private final WrittenOptions options;
    private final Optional<ManifestPod> manifest;
    private final ManifestStrategy written;

    private PlanReader(WrittenOptions options, InputStream input) throws BadOption {
        this.options = options;
        Optional<String> place = options.text("--manifest");
        if (options.has("--advise") && place.equals(Optional.of("-"))) {
            throw new BadOption("--manifest", "-", "with --advise: a file, since it is read more than once");
        }
        if (place.isEmpty()) {
            manifest = Optional.empty();
            written = USUAL;
            return;
        }
        Manifests all = manifests(place.get(), input);
        ManifestPod pod = ManifestPod.of(all, options.text("--workload"));
        manifest = Optional.of(pod);
        written = pod.strategy(all);
    }

    private static Manifests manifests(String place, InputStream input) throws BadOption {
        try {
            return ManifestFiles.read(List.of(place), input);
        } catch (UnreadableManifest e) {
            throw new BadOption("--manifest", e.words(), "manifests as kubectl apply takes them");
        }
    }

    static RehearsalPlan read(WrittenOptions options, InputStream input) throws BadOption {
        return new PlanReader(options, input).read();
    }

    private RehearsalPlan read() throws BadOption {
        Balancer balancer = balancer();
        String program = options.text("--command").orElse("this service")
                + (options.has("--supervised") ? ", supervised by Lastcall" : "")
                + manifest.map(pod -> ", " + pod.label()).orElse("");
        return new RehearsalPlan(
                program,
                new TemplateReader(options, manifest).read(),
                strategy(),
                manifest.map(ManifestPod::minReady).orElse(Duration.ZERO),
                options.number("--rounds", 2, 1, 100),
                withdrawal(balancer),
                balancer,
                load());
    }

    private Balancer balancer() throws BadOption {
        String name = options.text("--balancer").orElse(Balancer.KUBE_PROXY.name());
        return Balancer.named(name)
                .orElseThrow(() -> new BadOption("--balancer", name, "one of " + String.join(", ", Balancer.names())));
    }

    private RollingUpdate strategy() throws BadOption {
        int replicas = options.number("--replicas", Math.min(MOST_PODS, written.replicas()), 1, MOST_PODS);
        int surge = options.number("--surge", written.surge(), 0, MOST_PODS);
        int unavailable = options.number("--unavailable", written.unavailable(), 0, MOST_PODS);
        boolean recreate = written.recreate() && !options.has("--surge") && !options.has("--unavailable");
        if (surge == 0 && unavailable == 0 && !recreate) {
            throw new BadOption(
                    "--surge", "0", "at least 1, or --unavailable of at least 1: else no pod can be replaced");
        }
        return new RollingUpdate(replicas, surge, unavailable, recreate);
    }

    private Withdrawal withdrawal(Balancer balancer) throws BadOption {
        long seed = options.number("--seed", ThreadLocalRandom.current().nextInt(SEEDS), 0, Integer.MAX_VALUE - 1);
        Optional<String> text = options.text("--withdrawal");
        if (text.isEmpty()) {
            return new Withdrawal(balancer.from(), balancer.to(), seed);
        }
        String[] ends = text.get().split("\\.\\.", 2);
        Optional<Duration> to = WrittenOptions.duration(ends[ends.length - 1], "s");
        String unit = ends[ends.length - 1].strip().replaceAll("[0-9.]", "");
        Optional<Duration> from = WrittenOptions.duration(ends[0], unit.isEmpty() ? "s" : unit);
        if (to.isEmpty()
                || from.isEmpty()
                || from.get().compareTo(to.get()) > 0
                || to.get().compareTo(HOUR) > 0) {
            throw new BadOption(
                    "--withdrawal", text.get(), "a time such as 2s, or two such as 0..2s, the shorter one first");
        }
        return new Withdrawal(from.get(), to.get(), seed);
    }

    private LoadPlan load() throws BadOption {
        return new LoadPlan(
                LoadOption.read(options),
                options.number("--users", 6, 1, 50),
                options.duration("--timeout", Duration.ofSeconds(10), Duration.ofMillis(100), HOUR),
                options.duration("--stream-timeout", STREAM_TIMEOUT, Duration.ofSeconds(1), HOUR),
                options.has("--retry-503"),
                options.has("--http2"));
    }
}
