package dev.lastcall.rehearsal;

import dev.lastcall.process.SpawnedProgram;
import dev.lastcall.rehearsal.pod.PodAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a probe or a preStop hook is to do: a URL, a path on the pod's port, {@code tcp}, {@code none}, a command. */
final class ActionOption {
    private static final Pattern URL =
            Pattern.compile("http://(?:localhost|127\\.0\\.0\\.1)(?::(\\{[a-z]+}|[0-9]{1,5}))?(/[!-~]*)?");
    private static final String PORT = "{port}";

    private ActionOption() {}

    /** Reads a readiness probe; empty for none. */
    static Optional<PodAction> ready(String written) throws BadOption {
        if (written.equals("none")) {
            return Optional.empty();
        }
        if (written.equals("tcp")) {
            return Optional.of(new PodAction.TcpConnect(PORT));
        }
        return Optional.of(get(written)
                .orElseThrow(
                        () -> new BadOption("--ready", written, "/path, http://127.0.0.1:{port}/path, tcp or none")));
    }

    /** Reads a preStop hook; empty for none. */
    static Optional<PodAction> preStop(String written) throws BadOption {
        if (written.equals("none")) {
            return Optional.empty();
        }
        boolean path = written.startsWith("/") && !written.startsWith("/bin/") && !written.contains(" ");
        if (path || written.contains("://")) {
            return Optional.of(get(written)
                    .orElseThrow(() -> new BadOption(
                            "--pre-stop",
                            written,
                            "/path, http://127.0.0.1:{port}/path, a command such as \"sleep 5\", or none")));
        }
        List<String> words = words("--pre-stop", written);
        Optional<Duration> sleep = words.size() == 2 && words.get(0).equals("sleep")
                ? WrittenOptions.duration(words.get(1), "s")
                : Optional.empty();
        return Optional.of(sleep.<PodAction>map(PodAction.Wait::new).orElseGet(() -> new PodAction.Exec(words)));
    }

    private static Optional<PodAction> get(String written) {
        if (written.startsWith("/")) {
            return Optional.of(new PodAction.HttpGet(PORT, written, Map.of()));
        }
        Matcher url = URL.matcher(written);
        if (!url.matches()) {
            return Optional.empty();
        }
        String port = url.group(1) == null ? "80" : url.group(1);
        return Optional.of(new PodAction.HttpGet(port, url.group(2) == null ? "/" : url.group(2), Map.of()));
    }

    /** Splits a command as a shell would. */
    static List<String> words(String option, String command) throws BadOption {
        try {
            return SpawnedProgram.words(command);
        } catch (IllegalArgumentException e) {
            throw new BadOption(option, String.valueOf(e.getMessage()), "a program and its arguments");
        }
    }
}
