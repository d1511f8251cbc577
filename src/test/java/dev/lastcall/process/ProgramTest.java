package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramTest {
    private static final TestProgram GOOD = TestProgram.running("sh -c 'echo hello'");

    @Test
    void goodOneIsTakenApart() {
        Program program = Program.of("app", GOOD.readyAt("^he"));
        assertThat(program.command()).containsExactly("sh", "-c", "echo hello");
        assertThat(program.readyPattern()).get().matches(pattern -> pattern.matcher("hello")
                .find());
    }

    static Stream<Arguments> wrong() {
        Duration second = Duration.ofSeconds(1);
        return Stream.of(
                Arguments.of(TestProgram.running("sh -c 'x"), "command: sh -c 'x (expected: every quote closed)"),
                Arguments.of(GOOD.readyAt("("), "ready-pattern: ( (expected: a regular expression"),
                Arguments.of(
                        GOOD.readyAt(URI.create("localhost:80")),
                        "ready-url: localhost:80 (expected: http://host:port/path)"),
                Arguments.of(GOOD.within(Duration.ZERO, second), "ready-timeout: PT0S (expected: more than PT0S)"),
                Arguments.of(GOOD.within(second, second.negated()), "stop-timeout: PT-1S (expected: more than PT0S)"),
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
