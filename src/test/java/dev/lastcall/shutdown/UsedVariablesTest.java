package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsedVariablesTest {
    private final UsedVariables used = new UsedVariables(Set.of(
            "lastcall.drain.grace-period",
            "lastcall.api.keys[0]",
            "lastcall.process.web-app.command",
            "lastcall.process.\"a.b\".command[0]",
            "lastcall.tool.look_up.url"));

    @ParameterizedTest
    @CsvSource({
        "LASTCALL_DRAIN_GRACE_PERIOD, true",
        "LASTCALL_API_KEYS_0_, true",
        "LASTCALL_PROCESS_WEB_APP_COMMAND, true",
        "LASTCALL_PROCESS_WEB_APP_ENV_MY_VAR, true",
        "LASTCALL_PROCESS_A_B_ENV_MY_VAR, true",
        "LASTCALL_TOOL_LOOK_UP_URL, true",
        "LASTCALL_PROCESS_OTHER_ENV_MY_VAR, false",
        "LASTCALL_TOOL_OTHER_TIMEOUT, false"
    })
    void variableIsUsedWhereAKeyOrAProgramHasItsName(String variable, boolean expected) {
        assertThat(used.has(variable)).isEqualTo(expected);
    }
}
