package dev.lastcall.lint.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Kustomizations;
import dev.lastcall.lint.manifest.Manifests;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** The time that a hook lasts, as far as its words show it. */
class HookTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "sleep 5                               | SLEEPS  | 5",
                "/bin/sleep 0.5m                       | SLEEPS  | 30",
                "sleep 10 15s 4                        | SLEEPS  | 29",
                "sleep 5; quit; sleep 4                | SLEEPS  | 9",
                "sleep '5' && quit                     | SLEEPS  | 5",
                "exec sleep 5                          | SLEEPS  | 5",
                "busybox sleep 5                       | SLEEPS  | 5",
                "if [ -f x ]; then sleep 5; fi         | SLEEPS  | 5",
                "sleep 5 2>/dev/null                   | SLEEPS  | 5",
                "timeout 5 sleep 60                    | SLEEPS  | 5",
                "timeout 60s sleep 5                   | SLEEPS  | 5",
                "timeout 5 sleep infinity              | ACTS    | 0",
                "sleep infinity                        | ENDLESS | 0",
                "quit # then sleep 60                  | ACTS    | 0",
                "quit # sleep infinity                 | ACTS    | 0",
                "echo sleep 100; sleep 5               | SLEEPS  | 5",
                "echo waiting for it; sleep 60         | SLEEPS  | 60",
                "my-sleep 90                           | ACTS    | 0",
                "quit --sleep 90                       | ACTS    | 0",
                "sleep 60 & quit                       | ACTS    | 0",
                "sleep $DELAY                          | ACTS    | 0",
                "sleep 5$X                             | ACTS    | 0",
                "sleep $((5+5))                        | ACTS    | 0",
                "for i in 1 2; do sleep 1; done        | ACTS    | 0",
                "while alive; do sleep 1; done         | ACTS    | 0",
                "sleep 0                               | IDLE    | 0",
                "exit 0                                | IDLE    | 0",
                "echo bye                              | IDLE    | 0"
            })
    void lengthIsThatOfItsSleeps(String script, Hook.Kind kind, double seconds) {
        Hook hook = hook("{exec: {command: [sh, -c, \"" + script.strip() + "\"]}}");
        assertThat(hook.kind()).isEqualTo(kind);
        assertThat(hook.seconds()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{sleep: {seconds: 5}}      | SLEEPS | 5",
                "{sleep: {seconds: 0x1E}}   | ACTS   | 0",
                "{sleep: {seconds: 0}}      | IDLE   | 0",
                "{sleep: {}}                | IDLE   | 0",
                "{}                         | IDLE   | 0",
                "null                       | NONE   | 0"
            })
    void kubeletsOwnSleepIsANumber(String written, Hook.Kind kind, double seconds) {
        Hook hook = hook(written);
        assertThat(hook.kind()).isEqualTo(kind);
        assertThat(hook.seconds()).isEqualTo(seconds);
    }

    private static Hook hook(String written) {
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec: {containers: [{name: app, image: app, lifecycle: {preStop: HOOK}}]}
                """.replace("HOOK", written);
        Document document = new Document("-", Field.root(new Yaml().compose(new StringReader(pod))));
        return Hook.of(new Manifests(List.of(document), new Kustomizations(List.of()))
                .workloads()
                .get(0)
                .containers()
                .get(0));
    }
}
