package dev.lastcall;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.lastcall.drain.DrainSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's configuration table and timeline are those of the code. Surefire runs in the project's directory. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(lastcall\\.[^`]+)` \\| (?:`([^`]*)`|none) \\|", Pattern.MULTILINE);
    private static final String NONE = "none";

    @Test
    void tableHasEveryKeyWithItsDefault() throws IOException {
        Map<String, String> documented = ROW.matcher(Files.readString(README))
                .results()
                .collect(toMap(row -> row.group(1), ReadmeTest::defaultIn));
        assertThat(new TreeMap<>(documented)).isNotEmpty().isEqualTo(new TreeMap<>(declared()));
    }

    private static String defaultIn(MatchResult row) {
        return row.group(2) == null ? NONE : row.group(2);
    }

    private static Map<String, String> declared() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.lastcall").stream()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .flatMap(ReadmeTest::keysOf)
                        .collect(toMap(Map.Entry::getKey, key -> defaultOf(key.getValue())));
    }

    /** {@code key[*]} is the indexed form of the list {@code key}. */
    private static Stream<Map.Entry<String, Property>> keysOf(JavaClass mapping) {
        return ConfigMappings.getProperties(ConfigClass.configClass(mapping.reflect())).entrySet().stream()
                .filter(key -> !key.getKey().endsWith("[*]"));
    }

    private static String defaultOf(Property property) {
        return property.hasDefaultValue() ? property.getDefaultValue() : NONE;
    }

    @Test
    void timelineHasTheDefaultInstants() throws IOException {
        DrainSettings settings = DrainSettings.defaults();
        Duration deadline = settings.gracePeriod().minus(settings.exitMargin());
        Duration cut = deadline.minus(settings.releaseReserve());
        assertThat(Files.readString(README))
                .contains(
                        "LAME_DUCK to " + at(settings.lameDuck().max()),
                        "DRAINING to " + at(cut.minus(settings.cancelReserve())),
                        "CANCELLING to " + at(cut),
                        "RELEASING to " + at(deadline),
                        "SIGKILL at " + at(settings.gracePeriod()));
    }

    private static String at(Duration instant) {
        return "T+" + instant.toSeconds();
    }
}
