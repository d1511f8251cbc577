package dev.lastcall;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Internals of other projects are used only where {@code internals.md} says so, and all that it names are used. */
class InternalsTest {
    private static final Path DOCUMENT = Path.of("src", "docs", "internals.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z.]+)` \\| (`[^|]*) \\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([a-z0-9.]+)`");
    /** Packages that their projects do not promise to keep; Netty as a whole, since Vert.x hides it. */
    private static final Pattern INTERNAL = Pattern.compile(
            "sun\\..*|io\\.opentelemetry\\..*internal.*|io\\.netty\\..*|io\\.vertx\\..*impl.*|io\\.quarkus\\.[a-z.]+\\.(runtime|impl).*");

    /** Found by name, so that no class file shows it. */
    private static final String BY_REFLECTION = "sun.misc";

    private record Use(String room, String internal) {}

    @Test
    void internalsAreUsedWhereTheDocumentSaysSo() throws IOException {
        Set<Use> documented = documented();
        Set<Use> met = new HashSet<>();
        Set<String> missing = new TreeSet<>();
        usesInCode().forEach(use -> documented.stream()
                .filter(row -> covers(row, use))
                .findFirst()
                .ifPresentOrElse(met::add, () -> missing.add(use.room() + " uses " + use.internal())));
        assertThat(missing).isEmpty();
        documented.removeIf(row -> row.internal().equals(BY_REFLECTION));
        assertThat(met).isEqualTo(documented);
    }

    private static boolean covers(Use row, Use use) {
        return use.room().equals(row.room()) && (use.internal() + ".").startsWith(row.internal() + ".");
    }

    private static Set<Use> documented() throws IOException {
        return ROW.matcher(Files.readString(DOCUMENT))
                .results()
                .flatMap(InternalsTest::uses)
                .collect(toCollection(HashSet::new));
    }

    private static Stream<Use> uses(MatchResult row) {
        return NAME.matcher(row.group(2)).results().map(name -> new Use(row.group(1), name.group(1)));
    }

    private static Set<Use> usesInCode() {
        Set<Use> uses = new HashSet<>();
        for (JavaClass type : new ClassFileImporter()
                .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation())) {
            String room = type.getPackageName().replaceFirst("^dev\\.lastcall\\.?", "");
            type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getPackageName)
                    .filter(name -> INTERNAL.matcher(name).matches())
                    .forEach(name -> uses.add(new Use(room, name)));
        }
        return uses;
    }
}
