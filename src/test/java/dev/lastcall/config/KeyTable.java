package dev.lastcall.config;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The keys as {@code configuration.md} has them, made of the mappings and their Javadoc. */
final class KeyTable {
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** They stand above the table, once. */
    private static final String EXAMPLES = ", such as (30s, 500ms or PT30S|64K or 4M)";

    private final DeclaredKeys keys = DeclaredKeys.of(Mappings.all());
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    private KeyTable() throws IOException {
        List<Class<?>> declaring = Mappings.all()
                .flatMap(mapping -> properties(mapping).values().stream())
                .map(property -> property.getMethod().getDeclaringClass().getNestHost())
                .<Class<?>>map(type -> type)
                .distinct()
                .toList();
        for (Class<?> type : declaring) {
            read(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
        }
    }

    private static Map<String, Property> properties(Class<?> mapping) {
        return ConfigMappings.getProperties(ConfigClass.configClass(mapping));
    }

    /** The rows in the order of their mappings' prefixes, and within one in the order of its source. */
    static List<String> rows() throws IOException {
        return new KeyTable().made();
    }

    private List<String> made() {
        return Mappings.all()
                .sorted(Comparator.comparing(
                        mapping -> mapping.getAnnotation(ConfigMapping.class).prefix()))
                .flatMap(this::rows)
                .toList();
    }

    private Stream<String> rows(Class<?> mapping) {
        return properties(mapping).entrySet().stream()
                .filter(key -> !key.getKey().endsWith("[*]"))
                .sorted(Comparator.comparing(
                        key -> places.getOrDefault(name(key.getValue().getMethod()), 0)))
                .map(key -> keys.find(key.getKey())
                        .map(declared -> row(declared, key.getValue().getMethod()))
                        .orElseThrow());
    }

    private String row(DeclaredKey key, Method method) {
        String preset = key.defaultValue() == null ? "none" : "`" + key.defaultValue() + "`";
        String text = markdown(texts.getOrDefault(name(method), ""));
        if (text.isEmpty()) {
            throw new IllegalStateException(key.key() + ": no Javadoc (expected: what it is and does, in the mapping)");
        }
        return "| `" + key.key() + "` | " + preset + " | " + cell(key.expected().replaceFirst(EXAMPLES, "")) + " | "
                + text + " |";
    }

    private static String markdown(String javadoc) {
        String text = javadoc.lines()
                .map(String::strip)
                .takeWhile(line -> !line.startsWith("@"))
                .collect(Collectors.joining(" "));
        return cell(text.replaceAll("\\{@(?:code|link|value)\\s+#?([^}]*)}", "`$1`")
                .replaceAll("</?code>", "`")
                .replaceAll("<[^>]*>", "")
                .replace("\\\\u", "\\u")
                .replaceAll("\\s+", " ")
                .strip());
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    /** {@code ProxyConfig.Tcp#listen}. */
    private static String name(@Nullable Method method) {
        return method == null
                ? ""
                : method.getDeclaringClass().getName().replaceFirst(".*\\.", "").replace('$', '.')
                        + "#"
                        + method.getName();
    }

    private void read(Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(trees).scan(unit, "");
            }
        }
    }

    private final class Reader extends TreePathScanner<@Nullable Void, String> {
        private final Trees trees;

        Reader(Trees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, String around) {
            return super.visitClass(type, around + (around.isEmpty() ? "" : ".") + type.getSimpleName());
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, String around) {
            TreePath path = getCurrentPath();
            String name = around + "#" + method.getName();
            String text = trees.getDocComment(path);
            texts.put(name, text == null ? "" : text);
            places.put(name, places.size());
            return null;
        }
    }

    /** For those who look for it: which lines differ, the expected ones first. */
    static String differences(List<String> expected, List<String> written) {
        return Stream.concat(
                        expected.stream()
                                .filter(line -> !written.contains(line))
                                .map(line -> "missing: " + line),
                        written.stream()
                                .filter(line -> !expected.contains(line))
                                .map(line -> "not declared so: " + line))
                .collect(Collectors.joining("\n"));
    }
}
