package dev.lastcall.lint;

import static dev.lastcall.lint.Sample.FOREIGN;
import static dev.lastcall.lint.Sample.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what kubectl reads, refuses what it refuses, and says each time which of both. */
class ReaderTest {
    private static final String TOO_SHORT = SERVICE.with("Seconds: 30", "Seconds: 15");

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void tabsBehindValuesAreBlanks() {
        String manifest = TOO_SHORT
                .replace("kind: Deployment\n", "kind:\tDeployment\t\n")
                .replace("replicas: 2\n", "replicas: 2\t# two\t\n  \t\n");
        Linted linted = Linted.withInput(manifest, "-");
        assertThat(linted.err()).isEmpty();
        assertThat(linted.findings()).hasSize(1).allMatch(line -> line.endsWith("[grace-too-short]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE"})
    void markOfTheEncodingIsHeeded(String charset) throws IOException {
        Path file = folder.resolve("web.yaml");
        Files.write(file, ("\ufeff" + TOO_SHORT).getBytes(Charset.forName(charset)));
        Linted linted = Linted.of(file.toString());
        assertThat(linted.err()).isEmpty();
        assertThat(linted.findings()).hasSize(1);
    }

    @Test
    void jsonIsRead() throws IOException {
        file("web.json", """
                {
                \t"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
                \t"spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": "app", "lifecycle": {"preStop": {"tcpSocket": {"port": 80}}}}]}
                }
                """);
        file("package.json", "{\"name\": \"x\", // a remark\n}");
        Linted linted = Linted.of(folder.toString());
        assertThat(linted.err()).isEmpty();
        assertThat(linted.findings()).hasSize(2).anyMatch(line -> line.contains("web.json:3: error: Pod/web "));
    }

    @Test
    void manyAliasesInManyDocumentsAreRead() {
        String document = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: &a {y: z}, "
                + "b: *a, ".repeat(1) + "c: *a}\n---\n";
        Linted linted = Linted.withInput(document.repeat(60), "-");
        assertThat(linted.err()).isEmpty();
        assertThat(linted.out()).contains("no workload in 60 manifests");
    }

    @Test
    void floodOfAliasesIsRefused() {
        StringBuilder bomb = new StringBuilder("apiVersion: v1\nkind: Pod\na0: &a0 [x, x]\n");
        for (int level = 1; level < 40; level++) {
            bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d]\n".formatted(level, level - 1));
        }
        assertRefused(bomb.toString(), "aliases unfold to ");
        assertRefused("apiVersion: v1\nkind: Pod\na: " + "[".repeat(5000), "expected: YAML");
        assertRefused("apiVersion: v1\nkind: Pod\na: \"\\x", "line 3 cannot be read (expected: YAML)");
        assertRefused("apiVersion: v1\nkind: Pod\na: \"\\x\"", "expected: YAML");
        assertRefused("apiVersion: v1\nkind: Pod\na: \"\\U0011ffff\"", "expected: YAML");
    }

    @Test
    void listThatContainsItselfIsRefusedWithItsLine() {
        assertRefused("apiVersion: v1\nkind: List\nitems: &a\n  - *a\n", "stdin:3: a value that contains itself");
        assertRefused("&a\napiVersion: v1\nkind: List\nitems: [*a]\n", ": a value that contains itself");
        assertRefused("apiVersion: v1\nkind: Pod\nspec: &a\n  <<: *a\n", ": a value that contains itself");
    }

    @Test
    void keyTwiceIsRefusedWithBothLines() {
        assertRefused(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\nkind: Pod\n",
                "stdin:5: the key \"kind\" stands in line 2 already");
        assertThat(Linted.withInput("services: 1\nservices: 2\n", "-").exitCode())
                .isEqualTo(Lint.CLEAN);
    }

    private static void assertRefused(String manifest, String words) {
        Linted linted = Linted.withInput(manifest, "-");
        assertThat(linted.err()).contains(words).doesNotContain("Exception", "\tat ");
        assertThat(linted.exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @Test
    void templatesAreSaidOnce() throws IOException {
        for (int number = 0; number < 5; number++) {
            file("chart/" + number + ".yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.name }}}\n");
        }
        file("chart/loop.yaml", "{{- range .Values.all }}\nkind: Pod\n{{- end }}\n");
        file(
                "fine.yaml",
                FOREIGN.with("/ready", "/{{notATemplate}}")
                        .replace("path: /{{notATemplate}}", "path: \"/{{notATemplate}}\""));
        Linted linted = Linted.of(folder.toString());
        assertThat(linted.err().lines())
                .singleElement()
                .asString()
                .contains("0.yaml:3 and 5 more: a template, render it first");
        assertThat(linted.out()).contains("in 1 workload, ");
        assertThat(linted.exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @Test
    void filesAreReadOnceHoweverTheyAreNamed() throws IOException {
        Path web = file("a/web.yaml", TOO_SHORT);
        Path link = Files.createSymbolicLink(folder.resolve("a/again.yaml"), web);
        Linted linted = Linted.withInput(
                TOO_SHORT, web.toString(), link.toString(), web + "/../web.yaml", folder.toString(), "-", "-");
        assertThat(linted.findings()).hasSize(2);
    }

    @Test
    void linkedFoldersAreWalkedAndCirclesEnd() throws IOException {
        file("real/web.yaml", TOO_SHORT);
        Files.createDirectories(folder.resolve("start"));
        Files.createSymbolicLink(folder.resolve("start/linked"), folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("real/up"), folder.resolve("start"));
        Linted linted = Linted.of(folder.resolve("start").toString());
        assertThat(linted.err()).isEmpty();
        assertThat(linted.findings()).hasSize(1);
    }

    @Test
    void danglingLinkIsSaid() throws IOException {
        file("web.yaml", TOO_SHORT);
        Path link = Files.createSymbolicLink(folder.resolve("gone.yaml"), folder.resolve("nowhere.yaml"));
        for (Path place : new Path[] {folder, link}) {
            Linted linted = Linted.of(place.toString());
            assertThat(linted.err()).contains("gone.yaml", "a link to a file that does not exist");
            assertThat(linted.exitCode()).isEqualTo(Lint.UNREADABLE);
        }
    }

    /** The path that a shell makes of {@code <(helm template …)}: a link to a pipe, which has no path. */
    @Test
    @Timeout(120)
    void pipeWithoutAPathIsRead() throws IOException {
        Path manifest = Files.writeString(folder.resolve("manifest"), TOO_SHORT);
        String idle = "cat '" + manifest + "' | sh -c 'echo pid $$; exec sleep 100'";
        try (ChildProcess holder = ChildProcess.start(Command.of("sh", "-c", idle))) {
            String pid = holder.awaitLine("pid ([0-9]+)", Duration.ofMinutes(1)).group(1);
            Path pipe = Path.of("/proc", pid, "fd", "0");
            assertThat(Linted.of(pipe.toString()).findings()).hasSize(1);
        }
    }

    @Test
    @Timeout(120)
    void pipeIsRead() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        ChildProcess.run("mkfifo", pipe.toString());
        Thread writer = new Thread(() -> {
            try {
                Files.writeString(pipe, TOO_SHORT);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        writer.setDaemon(true);
        writer.start();
        assertThat(Linted.of(pipe.toString()).findings()).hasSize(1);
        writer.join(TimeUnit.SECONDS.toMillis(60));
    }

    @Test
    void pipeAmongTheFilesOfAFolderIsNotWaitedFor() throws IOException {
        file("web.yaml", TOO_SHORT);
        ChildProcess.run("mkfifo", folder.resolve("pipe.yaml").toString());
        assertThat(Linted.of(folder.toString()).findings()).hasSize(1);
    }

    @Test
    void behindTwoHyphensEverythingIsAFile() {
        Linted linted = Linted.of("--", "--help");
        assertThat(linted.err()).startsWith("--help: no such file");
        assertThat(linted.exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @Test
    void folderWithoutManifestsIsCleanUnlessItMustNotBe() throws IOException {
        file("README.md", "none");
        assertThat(Linted.of(folder.toString()).exitCode()).isEqualTo(Lint.CLEAN);
        assertThat(Linted.of(folder.toString()).out()).contains("it holds no YAML");
        assertThat(Linted.of("--fail-if-empty", folder.toString()).exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @Test
    void tagsOfOtherProgramsAreWords() {
        assertThat(Linted.withInput("a: !!python/name:os.system x\n", "-").exitCode())
                .isEqualTo(Lint.CLEAN);
    }

    @Test
    void nearestConfigMapIsMeant() throws IOException {
        String manifest = SERVICE.with(
                "env:\n            - {name: LASTCALL_DRAIN_GRACE_PERIOD, value: 30s}",
                "envFrom: [{configMapRef: {name: numbers}}]");
        String map =
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: numbers}\ndata: {LASTCALL_DRAIN_GRACE_PERIOD: %s}\n";
        file("a/map.yaml", map.formatted("50s"));
        file("a/web.yaml", manifest.replace("Seconds: 30", "Seconds: 50"));
        file("b/map.yaml", map.formatted("40s"));
        file("b/c/web.yaml", manifest.replace("Seconds: 30", "Seconds: 40"));
        file("d/web.yaml", map.formatted("30s") + "---\n" + manifest);
        file("d/map.yaml", map.formatted("99s"));
        assertThat(Linted.of(folder.toString()).findings()).isEmpty();
    }

    @Test
    void serviceOfAnotherFolderIsAnotherApplications() throws IOException {
        String deployment = FOREIGN.yaml().substring(0, FOREIGN.yaml().indexOf("---"));
        file("a/all.yaml", FOREIGN.yaml());
        file("b/web.yaml", deployment.replace("lifecycle: {preStop: {sleep: {seconds: 10}}}", "tty: false"));
        assertThat(Linted.of(folder.toString()).findings()).isEmpty();
    }

    @Test
    void encodedTextIsNotGuessed() throws IOException {
        Path file = folder.resolve("latin.yaml");
        Files.write(file, "a: \u00fc\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Linted.of(file.toString()).exitCode()).isEqualTo(Lint.UNREADABLE);
    }
}
