package dev.lastcall.process;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Settings as a test wants them; copies differ in one. */
record TestProgram(
        String command,
        @Nullable String pattern,
        @Nullable URI url,
        Map<String, String> env,
        @Nullable Path directory,
        Duration readyTimeout,
        Duration stopTimeout,
        ProcessConfig.Restart policy)
        implements ProcessConfig.Settings {
    private static final Duration AMPLE = Duration.ofSeconds(60);

    static TestProgram running(String command) {
        return new TestProgram(command, null, null, Map.of(), null, AMPLE, AMPLE, ProcessConfig.Restart.NEVER);
    }

    /** A program named {@code app} whose words need no quotes. */
    static Program of(String... words) {
        return new Program("app", List.of(words), Optional.empty(), running(String.join(" ", words)));
    }

    TestProgram readyAt(String line) {
        return new TestProgram(command, line, url, env, directory, readyTimeout, stopTimeout, policy);
    }

    TestProgram readyAt(URI address) {
        return new TestProgram(command, pattern, address, env, directory, readyTimeout, stopTimeout, policy);
    }

    TestProgram with(Map<String, String> variables) {
        return new TestProgram(command, pattern, url, variables, directory, readyTimeout, stopTimeout, policy);
    }

    TestProgram in(Path where) {
        return new TestProgram(command, pattern, url, env, where, readyTimeout, stopTimeout, policy);
    }

    TestProgram within(Duration ready, Duration stop) {
        return new TestProgram(command, pattern, url, env, directory, ready, stop, policy);
    }

    TestProgram restarted(ProcessConfig.Restart when) {
        return new TestProgram(command, pattern, url, env, directory, readyTimeout, stopTimeout, when);
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
