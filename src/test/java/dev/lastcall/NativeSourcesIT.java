package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Examines the sources of the native executable without {@code native-image}: that they are complete and have everything that is found by
 * name at run time. {@link ReachabilityTest} says where ours look for something by name.
 */
class NativeSourcesIT {
    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final String SENDER = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider";

    private static NativeSources sources;

    @BeforeAll
    static void open() throws IOException {
        sources = new NativeSources(Path.of(System.getProperty("lastcall.native-sources")));
    }

    @AfterAll
    static void close() throws IOException {
        sources.close();
    }

    @Test
    void argumentsBuildAnExecutableThatNeedsNoJvm() {
        assertThat(sources.arguments)
                .contains("--no-fallback", "--link-at-build-time", "-jar")
                .endsWith(Path.of(sources.jar.getName()).getFileName().toString());
    }

    @Test
    void jarStartsAtOurMainAndFindsItsLibraries() throws IOException {
        assertThat(sources.jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS))
                .isEqualTo(Main.class.getName());
        assertThat(sources.libraries()).hasSizeGreaterThan(100).allMatch(Files::isRegularFile);
        assertThat(sources.entries()).contains("dev/lastcall/Main.class", "io/quarkus/runner/Feature.class");
    }

    /** With {@code --link-at-build-time} a reachable class that names one which is not there fails the build. */
    @Test
    void everyClassThatOursNameIsThere() throws IOException {
        assertThat(missing()).isEmpty();
    }

    static Stream<String> resources() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> RESOURCES.relativize(file).toString().replace(File.separatorChar, '/'))
                    // Read when the executable is built.
                    .filter(name -> !name.startsWith("META-INF/") && !name.equals("application.properties"))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("resources")
    void fileOfOursIsInTheExecutable(String name) {
        assertThat(sources.entries()).contains(name);
        assertThat(sources.hasResource(name)).isTrue();
    }

    @Test
    void hasResourceIsNotAlwaysTrue() {
        assertThat(sources.hasResource("console/missing/console.css")).isFalse();
        assertThat(sources.hasReflection(Main.class.getName(), "allDeclaredMethods"))
                .isFalse();
    }

    /** Their methods' annotations are read at the start, to tell known keys from unknown ones: without them every key is unknown. */
    @Test
    void settingsCanBeReadAndEnumerated() throws ClassNotFoundException {
        List<String> mappings = sources.entries().stream()
                .filter(name -> name.startsWith("dev/lastcall/") && name.endsWith("$$CMImpl.class"))
                .map(name -> name.replace('/', '.').replace("$$CMImpl.class", ""))
                .toList();

        assertThat(mappings).hasSizeGreaterThan(16);
        for (String mapping : mappings) {
            assertThat(sources.hasReflection(mapping, "allDeclaredMethods"))
                    .as(mapping)
                    .isTrue();
            assertThat(sources.hasReflection(mapping + "$$CMImpl", "allDeclaredConstructors"))
                    .as(mapping)
                    .isTrue();
            assertThat(Class.forName(mapping).getInterfaces())
                    .as("%s inherits nothing: what it inherited would have to be registered too", mapping)
                    .isEmpty();
        }
        assertThat(mappings)
                .anySatisfy(mapping -> assertThat(Class.forName(mapping).isAnnotationPresent(ConfigMapping.class))
                        .isTrue());
    }

    /** Netty finds the first; the others the service has from the build, and the command "config" finds them by their files. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.netty.bootstrap.ChannelInitializerExtension",
                "io.smallrye.config.ConfigSourceFactory",
                "io.smallrye.config.ConfigSourceInterceptor",
                "org.eclipse.microprofile.config.spi.ConfigSourceProvider"
            })
    void whatIsFoundByTheServiceLoaderIsFoundAndMade(String kind) throws IOException {
        String file = "META-INF/services/" + kind;
        assertThat(sources.hasResource(file)).isTrue();
        assertThat(Files.readAllLines(RESOURCES.resolve(file)))
                .isNotEmpty()
                .allMatch(type -> sources.hasReflection(type, "allDeclaredConstructors"));
    }

    @Test
    void signalsCanBeOwned() throws IOException {
        for (String type : List.of("sun.misc.Signal", "sun.misc.SignalHandler")) {
            assertThat(sources.hasReflection(type, "allDeclaredMethods"))
                    .as(type)
                    .isTrue();
        }
        assertThat(sources.hasReflection("sun.misc.Signal", "allDeclaredConstructors"))
                .isTrue();
        assertThat(sources.json("META-INF/native-image/dev.lastcall/lastcall/reachability-metadata.json")
                        .get("reflection"))
                .anySatisfy(entry ->
                        assertThat(entry.at("/type/proxy").toString()).isEqualTo("[\"sun.misc.SignalHandler\"]"));
    }

    @Test
    void tracesCanBeSent() throws Exception {
        assertThat(sources.hasResource("META-INF/services/io.opentelemetry.exporter.internal.http.HttpSenderProvider"))
                .isTrue();
        assertThat(sources.hasReflection(SENDER, "allDeclaredConstructors")).isTrue();
        assertThat(Class.forName(SENDER).getConstructor()).isNotNull();
        // It holds a java.util.Random, which must not be made when the executable is built: the build fails.
        String holder = "io.opentelemetry.sdk.internal.AndroidFriendlyRandomHolder";
        assertThat(Class.forName(holder).isEnum()).isTrue();
        assertThat(sources.arguments).contains("--initialize-at-run-time=" + holder);
    }

    private static Stream<String> missing() throws IOException {
        StringWriter out = new StringWriter();
        String libraries =
                sources.libraries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        int code = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out, true),
                        new PrintWriter(out, true),
                        "--multi-release",
                        "17",
                        "--missing-deps",
                        "-cp",
                        libraries,
                        sources.jar.getName());
        assertThat(code).as(out.toString()).isZero();
        // What is linked to ONNX Runtime is loaded by name in a JVM alone: natively nothing reaches it.
        return out.toString()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("dev.lastcall.") && !line.startsWith("dev.lastcall.embedding.onnx."));
    }
}
