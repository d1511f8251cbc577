package dev.lastcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariableNamesTest {
    private static Map<String, String> keys(String name, String... known) {
        Map<String, String> found = new HashMap<>();
        VariableNames.ALL.forEach(each -> found.putAll(each.keys(Map.of(name, "x"), List.of(known))));
        return found;
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

    @Test
    void underscoresInAToolsNameStayAndInAPortsAreDashes() {
        assertThat(keys("LASTCALL_TOOL_LOOK_UP_MAX_ANSWER")).isEqualTo(Map.of("lastcall.tool.look_up.max-answer", "x"));
        assertThat(keys("LASTCALL_TOOL_LOOK_UP_URL", "lastcall.tool.look-up.url"))
                .isEmpty();
        assertThat(keys("LASTCALL_PROXY_TCP_MY_DB_LISTEN")).isEqualTo(Map.of("lastcall.proxy.tcp.my-db.listen", "x"));
        assertThat(keys("LASTCALL_TOOL_LOOKUP_URL")).isEmpty();
    }

    @Test
    void listHasTheKeysOfTheMappings() {
        DeclaredKeys declared = DeclaredKeys.of(Mappings.all());
        for (VariableNames each : VariableNames.ALL) {
            String start = each.prefix() + "*.";
            assertThat(declared.all().stream()
                            .map(DeclaredKey::key)
                            .filter(key -> key.startsWith(start))
                            .map(key -> key.substring(start.length()).replaceFirst("(\\[\\*]|\\.\\*)$", ""))
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(each.keys());
        }
    }
}
