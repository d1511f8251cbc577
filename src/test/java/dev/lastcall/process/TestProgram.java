package dev.lastcall.process;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Settings as a test wants them; copies differ in one. */
record TestProgram(
        String line,
        @Nullable String pattern,
        @Nullable URI url,
        Map<String, String> variables,
        @Nullable Path directory,
        Duration readyTimeout,
        Duration stopTimeout,
        ProcessConfig.Restart policy,
        Map<String, String> stop)
        implements ProcessConfig.Settings {
    private static final Duration AMPLE = Duration.ofSeconds(60);

    static TestProgram running(String command) {
        return new TestProgram(
                command, null, null, Map.of(), null, AMPLE, AMPLE, ProcessConfig.Restart.NEVER, Map.of());
    }

    /** A program named {@code app} whose words need no quotes. */
    static Program of(String... words) {
        TestProgram settings = running(String.join(" ", words));
        return new Program("app", List.of(words), Map.of(), Optional.empty(), StopPlan.of(settings), settings);
    }

    TestProgram readyAt(String regex) {
        return new TestProgram(line, regex, url, variables, directory, readyTimeout, stopTimeout, policy, stop);
    }

    TestProgram readyAt(URI address) {
        return new TestProgram(line, pattern, address, variables, directory, readyTimeout, stopTimeout, policy, stop);
    }

    TestProgram with(Map<String, String> values) {
        return new TestProgram(line, pattern, url, values, directory, readyTimeout, stopTimeout, policy, stop);
    }

    TestProgram in(Path where) {
        return new TestProgram(line, pattern, url, variables, where, readyTimeout, stopTimeout, policy, stop);
    }

    TestProgram within(Duration ready, Duration ended) {
        return new TestProgram(line, pattern, url, variables, directory, ready, ended, policy, stop);
    }

    TestProgram restarted(ProcessConfig.Restart when) {
        return new TestProgram(line, pattern, url, variables, directory, readyTimeout, stopTimeout, when, stop);
    }

    /** With {@code stop-signal}, {@code stop-scope}, {@code second-signal} and {@code second-signal-after} as given, by key. */
    TestProgram stopped(Map<String, String> how) {
        return new TestProgram(line, pattern, url, variables, directory, readyTimeout, stopTimeout, policy, how);
    }

    @Override
    public Optional<String> command() {
        return Optional.of(line);
    }

    @Override
    public Optional<List<String>> commandWords() {
        return Optional.empty();
    }

    @Override
    public Map<String, VariableValue> env() {
        return variables.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> new VariableValue(each.getValue())));
    }

    @Override
    public Optional<List<String>> envList() {
        return Optional.empty();
    }

    @Override
    public String stopSignal() {
        return stop.getOrDefault("stop-signal", "TERM");
    }

    @Override
    public ProcessConfig.Scope stopScope() {
        return ProcessConfig.Scope.valueOf(
                stop.getOrDefault("stop-scope", "root").toUpperCase(Locale.ROOT));
    }

    @Override
    public Optional<String> secondSignal() {
        return Optional.ofNullable(stop.get("second-signal"));
    }

    @Override
    public Optional<Duration> secondSignalAfter() {
        return Optional.ofNullable(stop.get("second-signal-after")).map(Duration::parse);
    }

    @Override
    public Optional<List<String>> forwardSignals() {
        return Optional.empty();
    }

    @Override
    public Optional<Path> workingDir() {
        return Optional.ofNullable(directory);
    }

    @Override
    public Optional<String> readyPattern() {
        return Optional.ofNullable(pattern);
    }

    @Override
    public Optional<URI> readyUrl() {
        return Optional.ofNullable(url);
    }

    @Override
    public ProcessConfig.Restart restart() {
        return policy;
    }

    @Override
    public int maxRestarts() {
        return 2;
    }

    @Override
    public Duration restartDelay() {
        return Duration.ofSeconds(1);
    }
}
