package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against SmallRye's real sentences, which an update may change. */
class ConfigProblemTest {
    @ConfigMapping(prefix = "lastcall.sample")
    interface Sample {
        Duration duration();

        int count();

        double share();

        Choice choice();

        enum Choice {
            ONE,
            TWO
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "duration|abc|lastcall.sample.duration: abc (expected: a duration such as 30s, 500ms or PT30S)",
                "duration|PTx|lastcall.sample.duration: PTx (expected: a duration such as 30s, 500ms or PT30S)",
                "duration|''|lastcall.sample.duration: (nothing) (expected: a value)",
                "count|many|lastcall.sample.count: many (expected: an integer)",
                "share|half|lastcall.sample.share: half (expected: a number)",
                "choice|three|lastcall.sample.choice: three (expected: one of one,two)"
            })
    void unusableValueIsNamedWithTheExpectedOne(String key, String value, String message) {
        assertThat(problems(key, value)).contains(message);
    }

    @Test
    void missingValueIsSaid() {
        assertThat(problems("other", "1")).contains("lastcall.sample.count: (nothing) (expected: a value)");
    }

    @Test
    void unknownSentenceIsPassedOn() {
        assertThat(ConfigProblem.inOurWords("something else")).isEqualTo("something else");
    }

    private static List<String> problems(String key, String value) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 300, new DurationConverter())
                .withSources(new PropertiesConfigSource(Map.of("lastcall.sample." + key, value), "test", 100))
                .withMappingIgnore("lastcall.**")
                .build();
        try {
            ConfigMappings.registerConfigMappings(config, Set.of(ConfigClass.configClass(Sample.class)));
        } catch (ConfigValidationException e) {
            return IntStream.range(0, e.getProblemCount())
                    .mapToObj(i -> ConfigProblem.inOurWords(e.getProblem(i).getMessage()))
                    .toList();
        }
        throw new AssertionError("no problem with " + key + "=" + value);
    }
}
