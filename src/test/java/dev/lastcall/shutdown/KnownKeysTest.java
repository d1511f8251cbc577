package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownKeysTest {
    private final KnownKeys known =
            KnownKeys.of(Stream.of(DrainConfig.class, Sample.class, Foreign.class, String.class));

    @ConfigMapping(prefix = "lastcall.sample")
    interface Sample {
        Map<String, Child> child();

        List<String> names();

        Optional<String> secret();
    }

    interface Child {
        String command();
    }

    @ConfigMapping(prefix = "quarkus.something")
    interface Foreign {
        String key();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lastcall.drain.grace-period",
                "lastcall.drain.lame-duck.quiet-period",
                "lastcall.drain.stream-patience",
                "lastcall.drain.quiet-ignores",
                "lastcall.drain.quiet-ignores[0]",
                "lastcall.sample.names[12]",
                "lastcall.sample.child.web.command",
                "lastcall.sample.child.\"a.b\".command",
                "lastcall.sample.secret"
            })
    void declaredKeyIsKnown(String key) {
        assertThat(known.knows(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lastcall.drain",
                "lastcall.drain.graceperiod",
                "lastcall.drain.grace-period.x",
                "lastcall.drain.grace-period[0]",
                "lastcall.sample.child.web.run",
                "lastcall.sample.child.command",
                "quarkus.something.key"
            })
    void anythingElseIsUnknown(String key) {
        assertThat(known.knows(key)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LASTCALL_DRAIN_GRACE_PERIOD",
                "LASTCALL_DRAIN_LAME_DUCK_MIN",
                "LASTCALL_SAMPLE_NAMES_0_",
                "LASTCALL_SAMPLE_CHILD_WEB_COMMAND"
            })
    void variableOfADeclaredKeyIsKnown(String name) {
        assertThat(known.knowsVariable(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LASTCALL_PORT", "LASTCALL_SERVICE_HOST", "LASTCALL_DRAIN", "LASTCALL_DRAIN_X"})
    void variableThatKubernetesInjectsIsUnknown(String name) {
        assertThat(known.knowsVariable(name)).isFalse();
    }

    @Test
    void nearestKeyIsNamedOnlyWhereItIsNear() {
        assertThat(known.nearest("lastcall.drain.exit-magrin")).contains("lastcall.drain.exit-margin");
        assertThat(known.nearest("lastcall.drain.something-else")).isEmpty();
    }
}
