package dev.lastcall.rehearsal;

import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.cluster.Balancer;
import dev.lastcall.rehearsal.cluster.RollingUpdate;
import dev.lastcall.rehearsal.cluster.Withdrawal;
import dev.lastcall.rehearsal.load.LoadKind;
import dev.lastcall.rehearsal.load.LoadPlan;
import dev.lastcall.rehearsal.pod.PodAction;
import dev.lastcall.rehearsal.pod.PodTemplate;
import dev.lastcall.rehearsal.pod.ProbePlan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Makes a plan of the options. */
final class PlanReader {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration START_PERIOD = Duration.ofMillis(250);
    private static final int SEEDS = 1_000_000;

    private final WrittenOptions options;
    private final Duration grace;

    private PlanReader(WrittenOptions options) throws BadOption {
        this.options = options;
        this.grace = options.duration("--grace", Duration.ofSeconds(30), SECOND, HOUR);
    }

    static RehearsalPlan read(WrittenOptions options) throws BadOption {
        return new PlanReader(options).read();
    }

    private RehearsalPlan read() throws BadOption {
        PodTemplate template = template();
        return new RehearsalPlan(
                options.text("--command").orElse("this service"),
                template,
                strategy(),
                Duration.ZERO,
                options.number("--rounds", 2, 1, 100),
                withdrawal(Balancer.KUBE_PROXY),
                Balancer.KUBE_PROXY,
                load());
    }

    private PodTemplate template() throws BadOption {
        Optional<String> command = options.text("--command");
        List<String> words = command.isPresent()
                ? ActionOption.words("--command", command.get())
                : OwnService.command(Map.of(), grace);
        Optional<PodAction> ready = ready(command.isEmpty());
        return new PodTemplate(
                words,
                variables(),
                // As long as it starts it is asked more often than a kubelet would: that costs time and shows nothing.
                ready.map(action -> new ProbePlan(
                        action, Duration.ZERO, START_PERIOD, SECOND.multipliedBy(5), Integer.MAX_VALUE, 1)),
                ready.map(action -> new ProbePlan(action, Duration.ZERO, SECOND, SECOND.multipliedBy(5), 3, 1)),
                preStop(command.isEmpty()),
                grace,
                options.duration("--start-limit", Duration.ofSeconds(60), SECOND, HOUR),
                options.has("--init"));
    }

    private Optional<PodAction> ready(boolean own) throws BadOption {
        Optional<String> written = options.text("--ready");
        if (written.isEmpty() && own) {
            return Optional.of(new PodAction.HttpGet("{management}", OwnService.READY, Map.of()));
        }
        return ActionOption.ready(written.orElse("tcp"));
    }

    private Optional<PodAction> preStop(boolean own) throws BadOption {
        Optional<String> written = options.text("--pre-stop");
        if (written.isEmpty() && own) {
            return Optional.of(new PodAction.HttpGet("{management}", OwnService.PRE_STOP, OwnService.PRE_STOP_HEADERS));
        }
        return ActionOption.preStop(written.orElse("none"));
    }

    private Map<String, String> variables() throws BadOption {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String each : options.all("--env")) {
            int equals = each.indexOf('=');
            if (equals <= 0) {
                throw new BadOption("--env", each, "NAME=value");
            }
            variables.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return variables;
    }

    private RollingUpdate strategy() throws BadOption {
        int replicas = options.number("--replicas", 3, 1, 20);
        int surge = options.number("--surge", 1, 0, 20);
        int unavailable = options.number("--unavailable", 0, 0, 20);
        if (surge == 0 && unavailable == 0) {
            throw new BadOption(
                    "--surge", "0", "at least 1, or --unavailable of at least 1: else no pod can be replaced");
        }
        return new RollingUpdate(replicas, surge, unavailable, false);
    }

    private Withdrawal withdrawal(Balancer balancer) throws BadOption {
        long seed = options.number("--seed", ThreadLocalRandom.current().nextInt(SEEDS), 0, Integer.MAX_VALUE - 1);
        Optional<String> written = options.text("--withdrawal");
        if (written.isEmpty()) {
            return new Withdrawal(balancer.from(), balancer.to(), seed);
        }
        String[] ends = written.get().split("\\.\\.", 2);
        Optional<Duration> to = WrittenOptions.duration(ends[ends.length - 1], "s");
        String unit = ends[ends.length - 1].strip().replaceAll("[0-9.]", "");
        Optional<Duration> from = WrittenOptions.duration(ends[0], unit.isEmpty() ? "s" : unit);
        if (to.isEmpty()
                || from.isEmpty()
                || from.get().compareTo(to.get()) > 0
                || to.get().compareTo(HOUR) > 0) {
            throw new BadOption(
                    "--withdrawal", written.get(), "a time such as 2s, or two such as 0..2s, the shorter one first");
        }
        return new Withdrawal(from.get(), to.get(), seed);
    }

    private LoadPlan load() throws BadOption {
        return new LoadPlan(
                LoadOption.read(options),
                options.number("--users", 6, 1, 50),
                options.duration("--timeout", Duration.ofSeconds(10), Duration.ofMillis(100), HOUR),
                Duration.ofMinutes(2),
                options.has("--retry-503"));
    }

    /** The kinds as the options name them. */
    static LoadKind kind(String written) throws BadOption {
        for (LoadKind kind : LoadKind.values()) {
            if (kind.words().equals(written)) {
                return kind;
            }
        }
        throw new BadOption("--load", written, "some of short, slow, stream, websocket, separated by commas");
    }

    static LoadRequest request(String option, String written) throws BadOption {
        try {
            return LoadRequest.parse(written);
        } catch (IllegalArgumentException e) {
            throw new BadOption(option, String.valueOf(e.getMessage()), "a request");
        }
    }
}
