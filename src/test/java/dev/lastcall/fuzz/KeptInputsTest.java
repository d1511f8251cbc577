package dev.lastcall.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Each fuzz target with no bytes and with the inputs that are kept for it. Not by Jazzer, whose agent attaches to the JVM from another process:
 * on a busy machine that fails now and then.
 */
class KeptInputsTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final String ENDING = "FuzzTest.class";

    @TestFactory
    List<DynamicContainer> targetsBearTheirInputs() throws Exception {
        List<DynamicContainer> targets = new ArrayList<>();
        for (Class<?> candidate : candidates()) {
            for (Method method : candidate.getDeclaredMethods()) {
                if (method.isAnnotationPresent(FuzzTest.class)) {
                    targets.add(target(candidate, method));
                }
            }
        }
        assertThat(targets).hasSizeGreaterThan(10);
        return targets;
    }

    private static List<Class<?>> candidates() throws IOException, URISyntaxException, ClassNotFoundException {
        Path root = Path.of(KeptInputsTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(each -> each.toString().endsWith(ENDING))
                    .sorted()
                    .toList()) {
                String name = root.relativize(file).toString();
                found.add(Class.forName(
                        name.substring(0, name.length() - ".class".length()).replace('/', '.')));
            }
        }
        return found;
    }

    private static DynamicContainer target(Class<?> target, Method method) throws Exception {
        method.setAccessible(true);
        Constructor<?> constructor = target.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object instance = constructor.newInstance();
        List<DynamicTest> tests = new ArrayList<>(around(target, BeforeAll.class));
        tests.add(dynamicTest("nothing", call(method, instance, new byte[0])));
        for (Path input : inputs(target, method)) {
            byte[] bytes = Files.readAllBytes(input);
            tests.add(dynamicTest(input.getFileName().toString(), call(method, instance, bytes)));
        }
        tests.addAll(around(target, AfterAll.class));
        return dynamicContainer(target.getSimpleName(), tests);
    }

    private static List<DynamicTest> around(Class<?> target, Class<? extends Annotation> annotation) {
        List<DynamicTest> found = new ArrayList<>();
        for (Method method : target.getDeclaredMethods()) {
            if (method.isAnnotationPresent(annotation)) {
                method.setAccessible(true);
                found.add(dynamicTest(method.getName(), call(method, null)));
            }
        }
        return found;
    }

    private static Executable call(Method method, @Nullable Object instance, Object... arguments) {
        return () -> {
            try {
                method.invoke(instance, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
    }

    private static List<Path> inputs(Class<?> target, Method method) throws IOException {
        Path folder = RESOURCES
                .resolve(target.getPackageName().replace('.', '/'))
                .resolve(target.getSimpleName() + "Inputs")
                .resolve(method.getName());
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(Files::isRegularFile).sorted().toList();
            assertThat(found).as(folder.toString()).isNotEmpty();
            return found;
        }
    }
}
