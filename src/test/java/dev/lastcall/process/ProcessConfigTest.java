package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lastcall.config.VariableSource;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The keys of programs as a configuration reads them, from properties and from the environment. */
class ProcessConfigTest {
    private static Map<String, ProcessConfig.Settings> programs(
            Map<String, String> properties, Map<String, String> environment) {
        ConfigSourceFactory ours = context -> VariableSource.sources(context, environment);
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(properties, "properties", 400))
                .withSources(new EnvConfigSource(environment, 300))
                .withSources(ours)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(ProcessConfig.class)
                .withValidateUnknown(false)
                .build();
        return config.getConfigMapping(ProcessConfig.class).programs();
    }

    private static Program program(String name, Map<String, String> properties, Map<String, String> environment) {
        Map<String, ProcessConfig.Settings> programs = programs(properties, environment);
        assertThat(programs).containsKey(name);
        return Program.of(name, Objects.requireNonNull(programs.get(name)), environment);
    }

    @Test
    void programsOfTheEnvironmentHaveTheirNamesTheirVariablesTheirCase() {
        Map<String, String> environment = Map.of(
                "LASTCALL_PROCESS_WEB_APP_COMMAND", "gunicorn app",
                "LASTCALL_PROCESS_WEB_APP_STOP_TIMEOUT", "25s",
                "LASTCALL_PROCESS_WEB_APP_ENV_MY_VAR", "x",
                "LASTCALL_PROCESS_WEB_APP_ENV_EMPTY", "",
                "LASTCALL_PROCESS_WEB_APP_ENV", "no_proxy=a,b=c\\,d,E=");
        assertThat(programs(Map.of(), environment)).containsOnlyKeys("web-app");
        Program program = program("web-app", Map.of(), environment);
        assertThat(program.command()).containsExactly("gunicorn", "app");
        assertThat(program.stopPlan().timeout()).hasSeconds(25);
        assertThat(program.environment())
                .isEqualTo(Map.of("MY_VAR", "x", "EMPTY", "", "no_proxy", "a", "b", "c,d", "E", ""));
    }

    @Test
    void environmentOverridesAProgramThatAFileNames() {
        Map<String, String> file =
                Map.of("lastcall.process.web_app.command", "a", "lastcall.process.web_app.env.X", "");
        Map<String, String> environment =
                Map.of("LASTCALL_PROCESS_WEB_APP_STOP_TIMEOUT", "25s", "LASTCALL_PROCESS_WEB_APP_ENV_MY_VAR", "x");
        assertThat(programs(file, environment)).containsOnlyKeys("web_app");
        Program program = program("web_app", file, environment);
        assertThat(program.stopPlan().timeout()).hasSeconds(25);
        assertThat(program.environment()).isEqualTo(Map.of("X", "", "MY_VAR", "x"));
    }

    @Test
    void shortNamesOfTheEnvironmentKeepTheCaseOfTheirVariablesToo() {
        Program program = program(
                "app", Map.of(), Map.of("LASTCALL_PROCESS_APP_COMMAND", "a", "LASTCALL_PROCESS_APP_ENV_FOO", "x"));
        assertThat(program.environment()).isEqualTo(Map.of("FOO", "x"));
    }

    @Test
    void commandMayBeAList() {
        Program program = program(
                "app",
                Map.of("lastcall.process.app.command[0]", "sh", "lastcall.process.app.command[1]", "a b, \"c"),
                Map.of());
        assertThat(program.command()).containsExactly("sh", "a b, \"c");
        assertThat(program("app", Map.of("lastcall.process.app.command", "echo a,b"), Map.of())
                        .command())
                .containsExactly("echo", "a,b");
    }

    @Test
    void programWithoutACommandIsNamed() {
        assertThatExceptionOfType(ProgramStartFailure.class)
                .isThrownBy(() -> program("app", Map.of("lastcall.process.app.restart", "always"), Map.of()))
                .withMessage("lastcall.process.app.command: nothing (expected: a program and its arguments)");
        assertThatExceptionOfType(ProgramStartFailure.class)
                .isThrownBy(() -> program(
                        "app",
                        Map.of("lastcall.process.app.command", "a", "lastcall.process.app.env", "FOO"),
                        Map.of()))
                .withMessage("lastcall.process.app.env: FOO (expected: NAME=value,NAME=value)");
    }
}
