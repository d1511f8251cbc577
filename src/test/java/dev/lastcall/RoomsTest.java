package dev.lastcall;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between the rooms, as the design draws them: what is not in the table is forbidden. */
class RoomsTest {

    private static final Set<String> NONE = Set.of();
    private static final Set<String> ALL = Set.of("*");

    /** Which rooms a room sees besides {@code drain}. {@code main} is the root package, which nobody sees. */
    private static final Map<String, Set<String>> SEES = Map.ofEntries(
            Map.entry("main", Set.of("shutdown", "rehearsal")),
            Map.entry("drain", NONE),
            Map.entry("http", NONE),
            Map.entry("shutdown", ALL),
            Map.entry("operator", ALL),
            Map.entry("run", Set.of("model", "tool")),
            Map.entry("agent", Set.of("run")),
            Map.entry("openai", Set.of("run")),
            Map.entry("model", NONE),
            Map.entry("tool", NONE),
            Map.entry("proxy", Set.of("http")),
            Map.entry("process", NONE),
            Map.entry("socket", Set.of("run")),
            Map.entry("worker", NONE),
            Map.entry("rehearsal", NONE),
            Map.entry("embedded", NONE));

    private static final String ROOT = "dev.lastcall";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    static Stream<String> rooms() {
        return SEES.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomSeesOnlyWhatItsArrowsAllow(String room) {
        var forbidden = rooms().filter(other -> !isAllowed(room, other));
        noClasses()
                .that()
                .resideInAPackage(packages(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.map(RoomsTest::packages).toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void drainKnowsNoFramework() {
        classes()
                .that()
                .resideInAPackage(packages("drain"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", packages("drain"))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageBelongsToARoom() {
        assertThat(CLASSES.stream().map(RoomsTest::roomOf).collect(toSet())).isSubsetOf(SEES.keySet());
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CLASSES.stream().map(JavaClass::getPackage).collect(toSet()))
                .isNotEmpty()
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info.java with @NullMarked", room.getName())
                        .isTrue());
    }

    private static boolean isAllowed(String room, String other) {
        if (other.equals(room) || other.equals("drain")) {
            return true;
        }
        if (other.equals("main") || other.equals("embedded")) {
            return false;
        }
        Set<String> seen = SEES.getOrDefault(room, NONE);
        return seen.equals(ALL) || seen.contains(other);
    }

    private static String packages(String room) {
        return room.equals("main") ? ROOT : ROOT + "." + room + "..";
    }

    private static String roomOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "main" : name.substring(ROOT.length() + 1).replaceFirst("\\..*", "");
    }
}
