package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VariableNamesTest {
    private static final Set<String> KEYS = Set.of("command", "env", "ready-url", "stop-timeout");

    private static Map<String, String> keys(String name, String... known) {
        return VariableNames.keys(Map.of(name, "x"), KEYS, List.of(known));
    }

    @Test
    void underscoresInAProgramsNameAreDashes() {
        assertThat(keys("LASTCALL_PROCESS_WEB_APP_COMMAND")).isEqualTo(Map.of("lastcall.process.web-app.command", "x"));
        assertThat(keys("LASTCALL_PROCESS_MY_WEB_APP_READY_URL"))
                .isEqualTo(Map.of("lastcall.process.my-web-app.ready-url", "x"));
        assertThat(keys("LASTCALL_PROCESS_WEB_APP_COMMAND_1_"))
                .isEqualTo(Map.of("lastcall.process.web-app.command[1]", "x"));
        assertThat(keys("LASTCALL_PROCESS_WEB_APP_ENV")).isEqualTo(Map.of("lastcall.process.web-app.env", "x"));
    }

    @Test
    void programThatIsNamedElsewhereIsMeant() {
        assertThat(keys("LASTCALL_PROCESS_WEB_APP_STOP_TIMEOUT", "lastcall.process.web_app.command"))
                .isEmpty();
        assertThat(keys("LASTCALL_PROCESS_WEB_APP_STOP_TIMEOUT", "lastcall.process.\"web.app\".command"))
                .isEmpty();
    }

    @Test
    void whatAConfigurationFindsByItselfIsLeftToIt() {
        assertThat(keys("LASTCALL_PROCESS_APP_COMMAND")).isEmpty();
        assertThat(keys("LASTCALL_PROCESS_APP_READY_URL")).isEmpty();
        assertThat(keys("LASTCALL_PROCESS_APP_COMMAND_0_")).isEmpty();
    }

    @Test
    void variablesOfTheProgramAndWhatIsNoKeyGiveNothing() {
        assertThat(keys("LASTCALL_PROCESS_WEB_APP_ENV_READY_URL")).isEmpty();
        assertThat(keys("LASTCALL_PROCESS_WEB_APP_COMAND")).isEmpty();
        assertThat(keys("LASTCALL_PROCESS_COMMAND")).isEmpty();
        assertThat(keys("LASTCALL_PROCESS__COMMAND")).isEmpty();
    }
}
