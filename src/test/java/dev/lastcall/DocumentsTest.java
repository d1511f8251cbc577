package dev.lastcall;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.lastcall.drain.DrainSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents agree with the code and with each other. Surefire runs in the project's directory. */
class DocumentsTest {
    private static final Path README = Path.of("README.md");
    private static final Path DOCS = Path.of("src", "docs");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(lastcall\\.[^`]+)` \\| (?:`([^`]*)`|none) \\|", Pattern.MULTILINE);
    private static final Path PACKAGE = Path.of("src", "main", "java", "dev", "lastcall");
    private static final Path TESTS = Path.of("src", "test", "java", "dev", "lastcall");
    private static final Pattern SOURCE = Pattern.compile("`((?:[a-z]+/)+[A-Z][A-Za-z0-9]*\\.java)`");
    /** With or without its package before it, or a method behind it. */
    private static final Pattern CLASS =
            Pattern.compile("`(?:[a-z]+\\.)*([A-Z][a-z][A-Za-z0-9]*)(?:\\.[a-z][A-Za-z]*)?`");
    /** Classes of others, and tests. */
    private static final Set<String> FOREIGN = Set.of("Quarkus", "ShutdownEvent", "RoomsTest");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final String NONE = "none";

    @Test
    void tableHasEveryKeyWithItsDefault() throws IOException {
        Map<String, String> documented = ROW.matcher(Files.readString(DOCS.resolve("configuration.md")))
                .results()
                .collect(toMap(row -> row.group(1), DocumentsTest::defaultIn));
        assertThat(new TreeMap<>(documented)).isNotEmpty().isEqualTo(new TreeMap<>(declared()));
    }

    private static String defaultIn(MatchResult row) {
        return row.group(2) == null ? NONE : row.group(2);
    }

    private static Map<String, String> declared() {
        return new ClassFileImporter()
                .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation()).stream()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .flatMap(DocumentsTest::keysOf)
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

    @Test
    void readmeIsShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadToFilesAndHeadings(Path document) throws IOException {
        assertThat(LINK.matcher(Files.readString(document)).results().map(link -> link.group(1)))
                .filteredOn(target -> !target.contains("://"))
                .allSatisfy(target -> assertLeadsSomewhere(document, target));
    }

    private static void assertLeadsSomewhere(Path document, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        assertThat(file).exists();
        if (parts.length == 2) {
            assertThat(headings(file)).contains(parts[1]);
        }
    }

    /** GitHub's anchors: lower case, without punctuation, hyphens for blanks. */
    private static List<String> headings(Path document) throws IOException {
        return Files.readAllLines(document).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .toList();
    }

    static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(Path.of("."));
                Stream<Path> docs = Files.walk(DOCS)) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(Path::normalize)
                    .sorted()
                    .toList();
        }
    }

    /** A class that was renamed or moved is named wrongly everywhere at once. */
    @ParameterizedTest
    @MethodSource("documents")
    void sourcesThatAreNamedExist(Path document) throws IOException {
        assertThat(SOURCE.matcher(Files.readString(document)).results().map(name -> name.group(1)))
                .allSatisfy(name -> assertThat(Stream.of(Path.of(name), PACKAGE.resolve(name), TESTS.resolve(name)))
                        .anyMatch(Files::exists));
    }

    @Test
    void classesOfTheArchitectureExist() throws IOException {
        Set<String> classes = new HashSet<>();
        try (Stream<Path> sources = Files.walk(PACKAGE)) {
            sources.map(source -> source.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .forEach(name -> classes.add(name.replace(".java", "")));
        }
        assertThat(CLASS.matcher(Files.readString(DOCS.resolve("architecture.md")))
                        .results()
                        .map(name -> name.group(1)))
                .isNotEmpty()
                .allMatch(name -> classes.contains(name) || FOREIGN.contains(name));
    }

    @Test
    void indexHasEveryDecision() throws IOException {
        Path decisions = DOCS.resolve("decisions");
        String index = Files.readString(decisions.resolve("README.md"));
        try (Stream<Path> notes = Files.list(decisions)) {
            assertThat(notes.map(note -> note.getFileName().toString()).filter(note -> note.matches("[0-9].*")))
                    .isNotEmpty()
                    .allSatisfy(note -> assertThat(index).contains("](" + note + ")"));
        }
    }

    private static String at(Duration instant) {
        return "T+" + instant.toSeconds();
    }
}
