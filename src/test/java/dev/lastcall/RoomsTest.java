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
import java.util.Collection;
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

    /**
     * The rooms that a room may use besides {@code drain} and {@code config}; sub-packages that are named here are rooms of their own, all others belong to
     * the room above them. {@code main} is the root package, which nobody sees.
     */
    private static final Map<String, Set<String>> SEES = Map.ofEntries(
            Map.entry("main", Set.of("http", "shutdown", "lint", "rehearsal")),
            Map.entry("drain", NONE),
            Map.entry("config", NONE),
            Map.entry("problem", NONE),
            Map.entry("http", Set.of("problem")),
            Map.entry("shutdown", NONE),
            Map.entry("management", Set.of("problem", "process", "shutdown", "fleet", "management.console")),
            Map.entry("management.console", Set.of("fleet")),
            Map.entry("management.telemetry", Set.of("fleet")),
            Map.entry("fleet", Set.of("shutdown")),
            Map.entry(
                    "run",
                    Set.of(
                            "run.event",
                            "run.log",
                            "run.ownership",
                            "run.toolcall",
                            "run.tail",
                            "run.execution",
                            "model")),
            Map.entry("run.event", NONE),
            Map.entry("run.log", Set.of("run.event")),
            Map.entry("run.ownership", Set.of("run.log")),
            Map.entry("run.toolcall", Set.of("run.event", "model", "tool")),
            Map.entry("run.tail", Set.of("run.event", "run.log")),
            Map.entry(
                    "run.execution",
                    Set.of("run.event", "run.log", "run.ownership", "run.toolcall", "run.tail", "model", "tool")),
            Map.entry("run.postgres", Set.of("run.event", "run.log", "run.ownership", "run.toolcall")),
            Map.entry("run.redis", Set.of("run.event", "run.log", "run.tail")),
            Map.entry(
                    "run.wiring",
                    Set.of(
                            "run",
                            "run.event",
                            "run.log",
                            "run.ownership",
                            "run.toolcall",
                            "run.tail",
                            "run.execution",
                            "run.postgres",
                            "run.redis",
                            "model",
                            "tool")),
            Map.entry("agent", Set.of("http", "problem", "run", "run.event")),
            Map.entry(
                    "openai",
                    Set.of("http", "problem", "run", "run.event", "model", "tool", "embedding", "vectorstore")),
            Map.entry("model", Set.of("problem")),
            Map.entry("embedding", Set.of("model")),
            Map.entry("vectorstore", Set.of("embedding", "model")),
            Map.entry("tool", NONE),
            Map.entry("proxy", Set.of("http", "problem", "tcp")),
            Map.entry("tcp", NONE),
            Map.entry("process", Set.of("shutdown")),
            Map.entry("worker", NONE),
            Map.entry("lineserver", Set.of("tcp")),
            Map.entry("lint", Set.of("lint.check", "lint.manifest")),
            Map.entry("lint.check", Set.of("lint.manifest")),
            Map.entry("lint.manifest", NONE),
            Map.entry("rehearsal", Set.of("process", "lint", "lint.manifest")),
            Map.entry("kubernetes", Set.of("problem")),
            Map.entry("embedded", NONE));

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

    private static boolean isAllowed(String room, String other) {
        // What values a key may have is written with an annotation of that room.
        return other.equals(room)
                || (other.equals("config") && !room.equals("drain"))
                || other.equals("drain")
                || SEES.getOrDefault(room, NONE).contains(other);
    }

    private static DescribedPredicate<JavaClass> in(Collection<String> rooms) {
        return describe("in " + rooms, type -> type.getPackageName().startsWith(ROOT) && rooms.contains(roomOf(type)));
    }

    /** The longest room that the package is in. */
    private static String roomOf(JavaClass type) {
        String name = type.getPackageName();
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
