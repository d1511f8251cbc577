package dev.lastcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.proxy.SidecarSeat;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlVariableTest {
    @Test
    void nestedKeysAndListsAreFlatAndScalarsStayAsWritten() {
        assertThat(YamlVariable.keys("""
                lastcall:
                  drain: {grace-period: 60s, readiness: keep}
                  api.keys: [a:one, b:two]
                  process:
                    Web_App:
                      command: [python3, -c, "print(1)"]
                      env: {MY_VAR: 010, no_proxy: on, empty: ""}
                    '"a.b"': {command: "x"}
                quarkus.http.port: 8081
                """))
                .isEqualTo(Map.ofEntries(
                        Map.entry("lastcall.drain.grace-period", "60s"),
                        Map.entry("lastcall.drain.readiness", "keep"),
                        Map.entry("lastcall.api.keys[0]", "a:one"),
                        Map.entry("lastcall.api.keys[1]", "b:two"),
                        Map.entry("lastcall.process.Web_App.command[0]", "python3"),
                        Map.entry("lastcall.process.Web_App.command[1]", "-c"),
                        Map.entry("lastcall.process.Web_App.command[2]", "print(1)"),
                        Map.entry("lastcall.process.Web_App.env.MY_VAR", "010"),
                        Map.entry("lastcall.process.Web_App.env.no_proxy", "on"),
                        Map.entry("lastcall.process.Web_App.env.empty", ""),
                        Map.entry("lastcall.process.\"a.b\".command", "x"),
                        Map.entry("quarkus.http.port", "8081")));
    }

    @Test
    void othersThatLookKeysUpFindThoseOfTheDocument() {
        YamlVariable yaml =
                new YamlVariable(Map.of("LASTCALL_CONFIG", "{lastcall: {proxy: {upstream: 'http://127.0.0.1:1'}}}"));
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(yaml)
                .withSources(new SidecarSeat())
                .build();
        assertThat(config.getConfigValue("quarkus.datasource.active").getValue())
                .isEqualTo("false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "secret-42",
                "[secret-42]",
                "{secret-42",
                "drain: {secret-42: 1}",
                "a: &x [*x]",
                "!!java.net.URL [secret-42]",
                "lastcall: &a {? *a : secret-42}",
                "lastcall: &a [{? [*a] : secret-42}]",
                "lastcall: {? {secret-42: 1} : 1}",
                "lastcall: 1\n---\nlastcall: secret-42",
                "!!float [secret-42]",
                "lastcall: {secret-42: \"\\x",
                "lastcall: {secret-42: \"\\U0011ffff\"}",
                "lastcall: {secret-42: \"\\u12\"}"
            })
    void whatIsNoSuchDocumentIsRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> YamlVariable.keys(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("LASTCALL_CONFIG: ")
                .hasMessageContaining("(expected: YAML")
                .message()
                .doesNotContain("secret-42", "\n");
    }

    @Test
    void tagsDoNotChangeWhatIsWritten() {
        assertThat(YamlVariable.keys(
                        "lastcall: !!binary {a: !!binary 'x?', b: !!int 0x1, c: !!timestamp y, d: !!null z, e: !x 1}"))
                .isEqualTo(Map.of(
                        "lastcall.a",
                        "x?",
                        "lastcall.b",
                        "0x1",
                        "lastcall.c",
                        "y",
                        "lastcall.d",
                        "z",
                        "lastcall.e",
                        "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2]", "[{}, []]"})
    void aliasesOfAliasesAreBounded(String innermost) {
        StringBuilder text = new StringBuilder("lastcall:\n  a0: &a0 %s\n".formatted(innermost));
        for (int level = 1; level < 16; level++) {
            text.append("  a%d: &a%d [*a%d, *a%d]%n".formatted(level, level, level - 1, level - 1));
        }
        assertThatThrownBy(() -> YamlVariable.keys(text.toString()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("more than 10000 keys");
    }
}
