package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in {@code src/docs}, run as they are written but for free ports; the README's are those of {@link QuickstartsIT}. */
class DocumentedCommandsIT {
    private static final Path DOCS = Path.of("src", "docs");
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMAND =
            Pattern.compile("^(?:java|curl|python3|kubectl|helm|docker|podman|kill|\\./mvnw|\\.ci/|src/)\\b.*");
    private static final String JAR = "target/quarkus-app/quarkus-run.jar";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Beginnings of commands that cannot run here, or are run elsewhere, and why. */
    private static final Map<String, String> NOT_HERE = Map.ofEntries(
            Map.entry("docker ", "there is no container engine; ImagesTest reads the Dockerfiles"),
            Map.entry("kubectl apply", "needs a cluster: k8s/e2e.sh"),
            Map.entry("kubectl describe", "needs a cluster"),
            Map.entry("kubectl get", "needs a cluster"),
            Map.entry("kubectl logs", "needs a cluster; ExitIT reads a pod's log so"),
            Map.entry("kubectl port-forward", "needs a cluster; what is asked then is asked by ManagementPortTest"),
            Map.entry("kubectl patch", "needs kubectl; the patch of lint --fix is applied by the tests of lint"),
            Map.entry("helm ", "needs helm; lint reads its own chart's output the same way, from a pipe"),
            Map.entry("kill ", "needs two pods: RunsMoveIT"),
            Map.entry("curl -N p", "needs two pods: RunsMoveIT"),
            Map.entry("src/bench/", "a bench"),
            Map.entry(
                    "java -Dquarkus.datasource", "needs the databases it names: the tests of durable runs start it so"),
            Map.entry("java -jar " + JAR + " rehearse", "RehearsalIT rehearses this service and programs of its own"),
            Map.entry("./mvnw ", "the build itself"));

    @TempDir
    private Path directory;

    @Test
    void everyCommandIsRunHereOrSaysWhyNot() throws IOException {
        List<String> others = commands().stream()
                .filter(command -> NOT_HERE.keySet().stream().noneMatch(command::startsWith))
                .toList();
        assertThat(others)
                .hasSizeGreaterThan(8)
                .allMatch(command -> command.contains(" config")
                        || command.contains(" lint")
                        || command.startsWith("curl")
                        || command.startsWith("python3 -m http.server")
                        || command.contains("-Dlastcall.proxy.upstream="));
        assertThat(NOT_HERE.keySet())
                .allMatch(start -> commands().stream().anyMatch(command -> command.startsWith(start)));
    }

    @Test
    void configurationIsShownCheckedAndDescribed() throws IOException {
        for (String command : containing("config")) {
            String said = run(command + "; echo code $?", Map.of());
            assertThat(said).as(command).contains("code 0");
            if (!command.contains("--check")) {
                assertThat(said).as(command).contains("grace-period");
            }
        }
    }

    @Test
    void manifestsAreRead() throws IOException {
        Files.copy(Path.of("k8s", "base", "deployment.yaml"), directory.resolve("deployment.yaml"));
        Files.copy(Path.of("k8s", "base", "deployment.yaml"), directory.resolve("web.yaml"));
        Files.createSymbolicLink(directory.resolve("k8s"), Path.of("k8s").toAbsolutePath());
        for (String command : containing(" lint")) {
            // What makes the manifests is not here; what it says comes the same way.
            String piped = command.replaceAll("kubectl kustomize \\S+|helm template [.\\w]+", "cat deployment.yaml");
            String said = run(piped + "; echo code $?", Map.of());
            assertThat(said).as(command).containsPattern("code [01]").doesNotContain("Exception");
        }
    }

    @Test
    void serviceAnswersAsItsDocumentsSay() throws IOException {
        try (Pod pod = Pod.start(Map.of("lastcall.model.scripted.tokens-per-second", "5000"))) {
            for (String command : commands()) {
                if (command.startsWith("curl") && command.contains("localhost:8080/agent/")) {
                    String said = run(command.replace("localhost:8080", "localhost:" + pod.httpPort()), Map.of());
                    assertThat(said).as(command).containsAnyOf("\"reason\":\"completed\"", "\"output\":\"");
                }
            }
        }
    }

    @Test
    void sidecarAndSupervisorStartAsTheirDocumentsSay() throws IOException {
        assertThat(seat("sidecar.md")).contains("index-of-the-test", "\"state\":\"drained\"");
        assertThat(seat("supervisor.md")).contains("index-of-the-test");
    }

    /** Starts what a document starts, asks it, and ends it. */
    private String seat(String document) throws IOException {
        Files.writeString(directory.resolve("index.html"), "index-of-the-test");
        String management = Integer.toString(FreePort.next());
        String clients = Integer.toString(FreePort.next());
        String block = blocks(document)
                .filter(each -> each.contains("-Dlastcall.proxy.upstream="))
                .findFirst()
                .orElseThrow()
                .strip();
        String ready = "curl -fs --retry 120 --retry-delay 1 --retry-connrefused localhost:9000/q/health/ready\n";
        String started = block.replaceFirst("(-jar " + JAR + ")", "$1 & SEAT=\\$!\n" + ready.replace("$", "\\$"));
        String commands = started + (started.contains("curl localhost:8080/") ? "" : "\ncurl localhost:8080/")
                + "\nkill $SEAT; wait $SEAT; kill %1 2>/dev/null; true";
        return run(
                commands.replace("localhost:8080", "localhost:" + clients)
                        .replace("localhost:9000", "localhost:" + management)
                        .replaceAll("\\b8000\\b", Integer.toString(FreePort.next())),
                Map.of(
                        "QUARKUS_MANAGEMENT_PORT",
                        management,
                        "LASTCALL_PROXY_LISTEN",
                        "127.0.0.1:" + clients,
                        "LASTCALL_DRAIN_LAME_DUCK_MAX",
                        "2s"));
    }

    private List<String> containing(String word) {
        List<String> found = commands().stream()
                .filter(command -> command.contains(JAR + " " + word.strip()))
                .toList();
        assertThat(found).hasSizeGreaterThan(2);
        return found;
    }

    private static List<String> commands() {
        try (Stream<Path> documents = Files.list(DOCS)) {
            return documents
                    .map(document -> document.getFileName().toString())
                    .filter(name -> name.endsWith(".md"))
                    .sorted()
                    .flatMap(DocumentedCommandsIT::blocks)
                    .flatMap(block -> block.replace("\\\n", " ").lines())
                    .map(line -> line.replaceFirst("\\s+# .*$", "").strip())
                    .filter(line -> COMMAND.matcher(line).matches())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<String> blocks(String document) {
        try {
            return BLOCK.matcher(Files.readString(DOCS.resolve(document)))
                    .results()
                    .filter(block -> block.group(1).isEmpty() || block.group(1).equals("sh"))
                    .map(block -> block.group(2));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String run(String commands, Map<String, String> variables) throws IOException {
        String jar = Path.of(System.getProperty("lastcall.jar", JAR))
                .toAbsolutePath()
                .toString();
        Command shell = Command.of("bash", "-c", commands.replace(JAR, jar))
                .with(new HashMap<>(variables))
                .in(directory);
        try (ChildProcess running = ChildProcess.start(shell)) {
            running.exitCode(LIMIT);
            return String.join("\n", running.lines());
        }
    }
}
