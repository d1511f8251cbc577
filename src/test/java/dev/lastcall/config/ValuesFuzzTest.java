package dev.lastcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Values of the configuration: judged without an exception; what is accepted can be converted; a YAML document has few keys. */
class ValuesFuzzTest {
    private static final List<Bounds<?>> BOUNDS = List.of(
            bounds(Duration.class),
            bounds(MemorySize.class),
            bounds(int.class),
            bounds(long.class),
            bounds(double.class));

    private static Bounds<?> bounds(Class<?> type) {
        return Objects.requireNonNull(Bounds.of(type, null));
    }

    @DictionaryEntries({
        "PT5M",
        "500ms",
        "64K",
        "1e999999999",
        "lastcall: {drain: {grace-period: 60s}}",
        "&a [*a, *a]",
        "<<: *a",
        "quarkus.",
        "(?i)(a+)+",
        "!!binary "
    })
    @FuzzTest
    void valueIsJudged(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Patience.within(input, () -> {
            BOUNDS.forEach(each -> each.contains(text));
            if (BOUNDS.get(0).contains(text)) {
                assertThat(DurationConverter.parseDuration(text.strip())).isPositive();
            }
            for (Form form : Form.values()) {
                form.accepts(text);
            }
            document(text);
            return "";
        });
    }

    private static void document(String text) {
        try {
            Map<String, String> keys = YamlVariable.keys(text);
            assertThat(keys).hasSizeLessThanOrEqualTo(10_000);
        } catch (ConfigurationException wrong) {
            assertThat(wrong.getMessage()).startsWith(YamlVariable.NAME).hasSizeLessThan(1000 + 2 * text.length());
        }
    }
}
