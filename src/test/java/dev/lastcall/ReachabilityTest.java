package dev.lastcall;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Finds code that a native executable would break: classes found by name at run time, and values computed when it is built. */
class ReachabilityTest {
    /** Calls after which something is found that nobody names in the code. */
    private static final Pattern BY_NAME = Pattern.compile("java\\.lang\\.Class\\.(forName|get(Declared)?"
            + "(Field|Method|Constructor)s?|getResource(AsStream)?|newInstance)"
            + "|java\\.lang\\.ClassLoader\\.(loadClass|getResource.*)"
            + "|java\\.lang\\.reflect\\.(Proxy|Constructor|Method|Field|Array)\\..*"
            + "|java\\.lang\\.invoke\\.MethodHandles.*\\.(find|unreflect).*"
            + "|java\\.util\\.(ServiceLoader|ResourceBundle)\\..*"
            + "|java\\.io\\.Object(Input|Output)Stream\\..*"
            + "|com\\.fasterxml\\.jackson\\.databind\\.ObjectMapper\\..*"
            + "|io\\.vertx\\.core\\.json\\.JsonObject\\.(mapFrom|mapTo)");

    /** Calls whose answer is another one on another machine or at another time, and what runs on beyond the build. */
    private static final Pattern OF_THE_MOMENT = Pattern.compile(
            "java\\.lang\\.System\\.(nanoTime|currentTimeMillis|getenv|getProperty)"
                    + "|java\\.lang\\.(Runtime|ProcessHandle|ProcessBuilder|Thread)\\..*"
                    + "|java\\.time\\.[A-Za-z]+\\.now"
                    + "|java\\.util\\.(Random|concurrent\\.ThreadLocalRandom|concurrent\\.Executors|Timer)\\..*"
                    + "|java\\.util\\.UUID\\.randomUUID"
                    + "|java\\.security\\.SecureRandom\\..*"
                    + "|java\\.net\\..*|java\\.nio\\.file\\.Files\\..*|java\\.nio\\.file\\.Path\\.to(Absolute|Real)Path");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.lastcall");

    /**
     * The classes that find something by name. One that is added here is added to {@link NativeSourcesIT}, with what it finds; native-image itself
     * knows Entry's VarHandle.
     */
    @Test
    void nothingElseIsFoundByName() {
        Set<String> finders = CLASSES.stream()
                .filter(type -> type.getCodeUnitCallsFromSelf().stream()
                        .anyMatch(
                                call -> BY_NAME.matcher(name(call.getTarget())).matches()))
                .map(JavaClass::getName)
                .collect(toCollection(TreeSet::new));

        assertThat(finders)
                .containsExactlyInAnyOrder(
                        // The mappings, each registered where it is declared, and their methods' annotations.
                        "dev.lastcall.config.DeclaredKeys",
                        "dev.lastcall.config.Mappings",
                        "dev.lastcall.drain.Entry",
                        // In a JVM alone: natively the start refuses it.
                        "dev.lastcall.embedding.LibraryClassLoader",
                        "dev.lastcall.embedding.ModelLibrary",
                        "dev.lastcall.management.Asset",
                        "dev.lastcall.shutdown.OwnedSignal");
    }

    /** Quarkus has all classes initialised when the executable is built: what a static field holds then it holds for ever. */
    @Test
    void noStaticFieldHoldsAMoment() {
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getStaticInitializer().stream())
                        .flatMap(ReachabilityTest::moments))
                .isEmpty();
    }

    /** Netty's memory cannot be part of an image. */
    @Test
    void noStaticFieldHoldsABuffer() {
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(ReachabilityTest::isStaticBuffer)
                        .map(JavaField::getFullName))
                .isEmpty();
    }

    @Test
    void aStaticFieldThatHoldsABufferIsFound() {
        assertThat(new ClassFileImporter()
                        .importClass(HeldBuffers.class).getFields().stream()
                                .filter(ReachabilityTest::isStaticBuffer)
                                .map(JavaField::getName))
                .containsExactlyInAnyOrder("BUFFER", "BYTES", "ALL");
    }

    private static boolean isStaticBuffer(JavaField field) {
        Set<JavaClass> types = field.getType().getAllInvolvedRawTypes();
        return field.getModifiers().contains(JavaModifier.STATIC)
                && types.stream()
                        .map(JavaClass::getBaseComponentType)
                        .anyMatch(type -> type.isAssignableTo(Buffer.class) || type.isAssignableTo(ByteBuf.class));
    }

    @SuppressWarnings("unused") // looked at as bytecode
    private static final class HeldBuffers {
        static final @Nullable Buffer BUFFER = null;
        static final @Nullable ByteBuf BYTES = null;
        static final List<Buffer[]> ALL = List.of();
        static final String TEXT = "";
        final @Nullable Buffer own = null;
    }

    @Test
    void aStaticFieldThatHoldsAMomentIsFound() {
        JavaClass held = new ClassFileImporter().importClass(Held.class);

        assertThat(moments(held.getStaticInitializer().orElseThrow()))
                .containsExactly(Held.class.getName() + ": java.lang.System.nanoTime");
    }

    static final class Held {
        static final long SINCE = since();

        private static long since() {
            return System.nanoTime();
        }
    }

    /** Returns the calls of the moment that this code makes, itself or through other code of ours. */
    private static Stream<String> moments(JavaCodeUnit initializer) {
        Set<JavaCodeUnit> seen = new HashSet<>();
        Deque<JavaCodeUnit> ahead = new ArrayDeque<>(Set.of(initializer));
        Set<String> found = new TreeSet<>();
        while (!ahead.isEmpty()) {
            JavaCodeUnit code = ahead.pop();
            if (seen.add(code)) {
                for (var call : code.getCallsFromSelf()) {
                    String name = name(call.getTarget());
                    if (OF_THE_MOMENT.matcher(name).matches()) {
                        found.add(initializer.getOwner().getName() + ": " + name);
                    }
                    call.getTarget().resolveMember().ifPresent(ahead::push);
                }
            }
        }
        return found.stream();
    }

    private static String name(CodeUnitCallTarget target) {
        return target.getOwner().getName() + "." + target.getName();
    }
}
