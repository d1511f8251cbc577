package dev.lastcall.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The refusals of options that cannot be understood, with the value and what was expected, before anything is started. */
class WrittenOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--comand x|--comand (expected: an option of rehearse",
                "--grace|--grace (expected: a value behind it",
                "--grace soon --command x|--grace soon (expected: a time such as 30s",
                "--grace 0 --command x|--grace 0 (expected: a time such as 30s or 500ms, from 1s",
                "--replicas 0 --command x|--replicas 0 (expected: a number from 1 to 20",
                "--replicas 2 --replicas 3 --command x|--replicas 3 (expected: one value; 2 was given before",
                "--withdrawal 5s..2s --command x|--withdrawal 5s..2s (expected:",
                "--surge 0 --command x|--surge 0 (expected: at least 1, or --unavailable",
                "--ready ftp://x --command x|--ready ftp://x (expected: /path",
                "--ready http://example.com/ --command x|--ready http://example.com/ (expected: /path",
                "--pre-stop https://x/ --command x|--pre-stop https://x/ (expected: /path",
                "--stream nowhere --command x|--stream nowhere (expected: /path",
                "--load stream --command x|--load stream (expected: with --stream /path",
                "--load grpc --command x|--load grpc (expected: with --grpc",
                "--balancer f5 --command x|--balancer f5 (expected: one of kube-proxy",
                "--supervised|--supervised (expected: --command",
                "--manifest /nowhere.yaml|--manifest /nowhere.yaml",
                "--manifest k8s/base --workload none|--workload none (expected: the name of one",
                "--manifest k8s/overlays/sidecar|--manifest Deployment/",
                "--env X --command x|--env X (expected: NAME=value",
                "--command 'x|--command 'x (expected: every quote closed",
                "--json /nowhere/at/all --command x|--json /nowhere/at/all (expected: a file in a directory"
            })
    void messageHasValueAndExpectation(String arguments, String expected) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream none = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        int code = Rehearse.run(
                List.of(arguments.split(" ")),
                InputStream.nullInputStream(),
                none,
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(Rehearse.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(expected);
    }

    @Test
    void programThatDoesNotExistIsSaid() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = Rehearse.run(
                List.of("--command", "no-such-program {port}"), InputStream.nullInputStream(), errors, errors);
        assertThat(code).isEqualTo(Rehearse.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no-such-program is nowhere in PATH");
    }
}
