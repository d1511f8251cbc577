package dev.lastcall.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChildProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DEAF = "trap '' TERM; sleep 1000 & echo pid $!; while :; do sleep 1; done";

    /** Left behind on purpose by one test, looked for by the next. */
    private static List<ProcessHandle> left = List.of();

    private static ProcessHandle said(ChildProcess process) {
        return ProcessHandle.of(
                        Long.parseLong(process.awaitLine("pid (\\d+)", LIMIT).group(1)))
                .orElseThrow();
    }

    private static void awaitGone(ProcessHandle... processes) {
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(Stream.of(processes).map(ProcessFamily::of)).noneMatch(ProcessFamily::hasLiving));
    }

    @Test
    void closeEndsTheWholeFamily() {
        ProcessHandle child;
        ProcessHandle parent;
        try (ChildProcess process = ChildProcess.start(Command.of("sh", "-c", DEAF))) {
            parent = process.handle();
            child = said(process);
        }
        awaitGone(parent, child);
    }

    @Test
    void closeEndsADescendantWhoseParentHasEnded() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")));
        ProcessHandle orphan;
        try (ChildProcess process = ChildProcess.start(Command.of("sh", "-c", "sleep 1000 >/dev/null & echo pid $!"))) {
            orphan = said(process);
            assertThat(process.exitCode(LIMIT)).isZero();
            assertThat(orphan.isAlive()).isTrue();
        }
        awaitGone(orphan);
    }

    @Test
    void environmentAndDirectoryAreTheCommands() {
        Path directory = Path.of("src").toAbsolutePath();
        Command command = Command.of("sh", "-c", "pwd; echo $GREETING; exit 3")
                .with(Map.of("GREETING", "hello"))
                .in(directory);
        try (ChildProcess process = ChildProcess.start(command)) {
            assertThat(process.exitCode(LIMIT)).isEqualTo(3);
            assertThat(process.lines()).containsExactly(directory.toString(), "hello");
        }
    }

    @Test
    @Order(1)
    void testLeavesAFamilyBehind() {
        ChildProcess process = ChildProcess.start(Command.of("sh", "-c", DEAF));
        left = List.of(process.handle(), said(process));
        assertThat(left).allMatch(ProcessHandle::isAlive);
    }

    @Test
    @Order(2)
    void familyLeftBehindEndsWithItsTest() {
        assertThat(left).hasSize(2);
        awaitGone(left.toArray(ProcessHandle[]::new));
    }

    /** No shutdown hook runs there. */
    @Test
    void familyEndsWithAJvmThatIsKilled() {
        String classPath = System.getProperty("java.class.path");
        try (ChildProcess jvm =
                ChildProcess.start(Command.java(List.of("-Xmx64m", "-cp", classPath, Parent.class.getName(), DEAF)))) {
            ProcessHandle child = said(jvm);
            ProcessHandle parent = ProcessHandle.of(
                            Long.parseLong(jvm.awaitLine("parent (\\d+)", LIMIT).group(1)))
                    .orElseThrow();
            assertThat(List.of(parent, child)).allMatch(ProcessHandle::isAlive);
            jvm.handle().destroyForcibly();
            awaitGone(parent, child);
        }
    }

    /** A JVM of tests with a child. */
    static final class Parent {
        private Parent() {}

        public static void main(String... args) {
            ChildProcess process = ChildProcess.start(Command.of("sh", "-c", args[0]));
            System.out.println(process.awaitLine("pid", LIMIT).group() + " "
                    + said(process).pid());
            System.out.println("parent " + process.pid());
            process.exitCode(Duration.ofHours(1));
        }
    }

    @Test
    void testsStartProcessesInNoOtherWay() throws IOException {
        Pattern otherWay = Pattern.compile("new ProcessBuilder\\(|getRuntime\\(\\)\\s*\\.exec\\(|\\.startPipeline\\(");
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<String> found = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (otherWay.matcher(Files.readString(file)).find()) {
                    found.add(file.getFileName().toString());
                }
            }
            // The last one is a program of its own, which leaves a child for the rehearsal to end.
            assertThat(found)
                    .containsExactlyInAnyOrder(
                            "ChildProcess.java", "OrphanReaper.java", "LeftBehind.java", "RehearsedServer.java");
        }
    }
}
