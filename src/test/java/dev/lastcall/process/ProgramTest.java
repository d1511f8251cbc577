package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lastcall.drain.SystemTime;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    private static final TestProgram GOOD = TestProgram.running("sh -c 'echo hello'");

    @Test
    void goodOneIsTakenApart() {
        Program program = Program.of("app", GOOD.readyAt("^he"));
        assertThat(program.command()).containsExactly("sh", "-c", "echo hello");
        assertThat(program.readyPattern()).get().matches(pattern -> pattern.matcher("hello")
                .find());
    }

    @TempDir
    Path directory;

    static Stream<Arguments> wrong() {
        Duration second = Duration.ofSeconds(1);
        return Stream.of(
                Arguments.of(
                        TestProgram.running("sh -c 'x"),
                        "command: sh -c 'x (expected: every quote closed; at character 7: ')"),
                Arguments.of(GOOD.readyAt("("), "ready-pattern: ( (expected: a regular expression"),
                Arguments.of(
                        GOOD.readyAt(URI.create("localhost:80")),
                        "ready-url: localhost:80 (expected: http://host:port/path)"),
                Arguments.of(GOOD.within(Duration.ZERO, second), "ready-timeout: 0s (expected: more than 0s)"),
                Arguments.of(GOOD.within(second, second.negated()), "stop-timeout: -1s (expected: more than 0s)"),
                Arguments.of(
                        GOOD.within(Duration.ofDays(99999999), second),
                        "ready-timeout: 99999999d (expected: at most 365d)"),
                Arguments.of(
                        GOOD.in(Path.of("/no/such")), "working-dir: /no/such (expected: a directory that exists)"));
    }

    @ParameterizedTest
    @MethodSource
    void wrong(ProcessConfig.Settings settings, String message) {
        assertThatExceptionOfType(ProgramStartFailure.class)
                .isThrownBy(() -> Program.of("app", settings))
                .withMessageStartingWith("lastcall.process.app." + message);
    }

    @Test
    void signalsAreNamed() {
        assertThatExceptionOfType(ProgramStartFailure.class)
                .isThrownBy(() -> Program.of("app", GOOD.stopped(Map.of("stop-signal", "TREM"))))
                .withMessage(
                        "lastcall.process.app.stop-signal: TREM (expected: one of ABRT, HUP, INT, KILL, QUIT, TERM,"
                                + " USR1, USR2, WINCH)");
    }

    @Test
    void secretsOfACommandAreNotShown() {
        var settings = TestProgram.running(
                "no-such-program --db-password=hunter2 --api-key 'top secret' -t x postgres://me:pw@db/x API_TOKEN=abc");
        assertThatExceptionOfType(ProgramStartFailure.class)
                .isThrownBy(() -> new Spawn(Program.of("app", settings)).start())
                .withMessageStartingWith("lastcall.process.app.command: no-such-program --db-password=*** --api-key ***"
                        + " -t x postgres://me:***@db/x API_TOKEN=*** (expected: ");
    }

    @Test
    void variablesKeepTheirNamesAndEmptyOnesAreValues() {
        var settings = GOOD.with(Map.of("foo", "from ours", "my.var", "also", "Own", "", "lower", "x"));
        var ours = Map.of(
                "LASTCALL_PROCESS_APP_ENV_FOO", "from ours", "LASTCALL_PROCESS_APP_ENV_MY_VAR", "also", "OTHER", "y");
        assertThat(Program.of("app", settings, ours).environment())
                .isEqualTo(Map.of("FOO", "from ours", "MY_VAR", "also", "Own", "", "lower", "x"));
    }

    @Test
    void nothingThatCanBeExecutedIsAFailedStart() throws IOException {
        Path script = executable("script", "#!/no/such/interpreter -x\n");
        Path byName = executable("by-name", "#!/usr/bin/env no-such-interpreter\n");
        Path garbage = executable("garbage", "\u0001\u0000\u0003 none");
        for (Path each : new Path[] {script, byName, garbage}) {
            assertThatExceptionOfType(ProgramStartFailure.class)
                    .isThrownBy(() -> new Spawn(Program.of("app", TestProgram.running(each.toString()))).start())
                    .withMessageContaining(each.toString())
                    .withMessageContaining("expected: a program that can be executed here");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"setsid no-such-program", "env A=b no-such-program", "%s/broken-binary", "%s/no-script"})
    void execThatFailsLaterIsAFailedStartToo(String command) throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")));
        executable("broken-binary", "\u007fELF\u0002\u0001\u0001\u0000 none");
        executable("no-script", "no-such-command-in-here\n");
        Vertx vertx = Vertx.vertx();
        SystemTime time = new SystemTime("test");
        try {
            Program program = Program.of("app", TestProgram.running(command.formatted(directory)));
            assertThatExceptionOfType(ProgramStartFailure.class)
                    .isThrownBy(() -> Launch.of(program, new ReadyProbe(vertx, time), time))
                    .withMessageContaining("exec failed with exit code");
        } finally {
            vertx.close();
        }
    }

    private Path executable(String name, String content) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content, StandardCharsets.ISO_8859_1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    @Test
    void programThatIsNowhereIsNamedWithThePathItWasLookedForIn() {
        var settings = TestProgram.running("no-such-program --x").with(Map.of("PATH", "/bin:/nowhere"));
        assertThatExceptionOfType(ProgramStartFailure.class)
                .isThrownBy(() -> new Spawn(Program.of("app", settings)).start())
                .withMessage("lastcall.process.app.command: no-such-program --x (expected: a program that can be"
                        + " executed here; no-such-program is nowhere in PATH=/bin:/nowhere)");
    }

    @Test
    void pathThatIsNoProgramIsNamed() {
        assertThatExceptionOfType(ProgramStartFailure.class)
                .isThrownBy(() -> new Spawn(Program.of("app", TestProgram.running("./pom.xml"))).start())
                .withMessageContaining("./pom.xml is not an executable file");
    }
}
