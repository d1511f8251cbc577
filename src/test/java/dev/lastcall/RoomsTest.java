package dev.lastcall;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between the rooms, as the design draws them: what is not in the table is forbidden. */
class RoomsTest {

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z.]+);");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(dev\\.lastcall(?:\\.[a-z]+)*)\\.[A-Z]");
    private static final Pattern ROOM = Pattern.compile("`([a-z.]+)`");

    /**
     * The rooms that a room may use besides {@code drain} and {@code config}; sub-packages that are named there are rooms of their own, all others belong
     * to the room above them. {@code main} is the root package, which nobody sees.
     */
    private static final Map<String, Set<String>> SEES = arrows();

    private static final String ROOT = "dev.lastcall";
    /** Production classes alone, wherever the tests are compiled to. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

    static Stream<String> rooms() {
        return SEES.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomSeesOnlyWhatItsArrowsAllow(String room) {
        noClasses()
                .that(in(Set.of(room)))
                .should()
                .dependOnClassesThat(
                        in(rooms().filter(other -> !isAllowed(room, other)).toList()))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** A constant leaves no trace in the classes of those that use it, but an import. */
    @ParameterizedTest
    @MethodSource("rooms")
    void roomImportsFromAllThatItsArrowsAllow(String room) throws IOException {
        Set<String> imported = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(source);
                if (PACKAGE.matcher(text).results().anyMatch(name -> room(name.group(1))
                        .equals(room))) {
                    IMPORT.matcher(text)
                            .results()
                            .map(name -> room(name.group(1)))
                            .forEach(imported::add);
                }
            }
        }
        assertThat(imported).containsAll(SEES.get(room)).allMatch(other -> isAllowed(room, other));
    }

    @Test
    void drainKnowsNoFramework() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".drain..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", ROOT + ".drain..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** Every package is a slice, so that a room and its sub-packages do not lean on each other either. */
    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
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

    @Test
    void noTwoClassesShareASimpleName() {
        var shared = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toSet())));
        shared.values().removeIf(names -> names.size() == 1);
        assertThat(shared).isEmpty();
    }

    /** The rows of the table: its first cell names rooms, its last one those that they use. */
    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new TreeMap<>();
        try {
            for (String row : Files.readAllLines(Path.of("src", "docs", "architecture.md"))) {
                String[] cells = row.split("\\|", -1);
                if (cells.length == 5 && cells[1].startsWith(" `")) {
                    names(cells[1]).forEach(room -> arrows.put(room, names(cells[3])));
                }
            }
            return arrows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(String cell) {
        return ROOM.matcher(cell).results().map(name -> name.group(1)).collect(toSet());
    }

    private static boolean isAllowed(String room, String other) {
        // What values a key may have is written with an annotation of that room.
        return other.equals(room)
                || (other.equals("config") && !room.equals("drain"))
                || other.equals("drain")
                || SEES.getOrDefault(room, Set.of()).contains(other);
    }

    private static DescribedPredicate<JavaClass> in(Collection<String> rooms) {
        return describe("in " + rooms, type -> type.getPackageName().startsWith(ROOT) && rooms.contains(roomOf(type)));
    }

    private static String roomOf(JavaClass type) {
        return room(type.getPackageName());
    }

    /** The longest room that the package is in. */
    private static String room(String name) {
        if (name.equals(ROOT)) {
            return "main";
        }
        String room = name.substring(ROOT.length() + 1);
        while (!SEES.containsKey(room) && room.contains(".")) {
            room = room.substring(0, room.lastIndexOf('.'));
        }
        return room;
    }
}
