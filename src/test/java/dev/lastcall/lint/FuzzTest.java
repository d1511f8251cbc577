package dev.lastcall.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests with random damage: each is answered with one of the three exit codes, without an exception and without a control character. */
class FuzzTest {
    private static final int ROUNDS = 400;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            "- ",
            "\n",
            "  ",
            "\t",
            "&a ",
            "*a",
            "<<: *a\n",
            "---\n",
            "null",
            "|\n",
            "\"",
            "'",
            "0",
            "-1",
            "99999999999999999999",
            "25%",
            "!!binary ",
            "? ",
            "# ",
            "\u0000",
            "\u001b",
            "\ufeff",
            "\ud800",
            "\u00fc",
            "sleep 9999999999d",
            "{{",
            "containers:",
            "sh",
            "items: *a\n");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedManifestIsAnswered(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = damaged(random);
            var out = new ByteArrayOutputStream();
            var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
            String format = List.of("text", "json", "sarif", "github").get(random.nextInt(4));
            List<String> arguments =
                    random.nextInt(4) == 0 ? List.of("--fix", "-") : List.of("--format=" + format, "-");
            int code = Lint.run(arguments, new ByteArrayInputStream(damaged), stream, stream);
            assertThat(code).as("seed %d, round %d", seed, round).isBetween(Lint.CLEAN, Lint.UNREADABLE);
            assertThat(out.toString(StandardCharsets.UTF_8).codePoints())
                    .as("seed %d, round %d", seed, round)
                    .allMatch(each -> each == '\n' || !Character.isISOControl(each));
        }
    }

    private static byte[] damaged(Random random) {
        Sample[] samples = Sample.values();
        StringBuilder text = new StringBuilder(samples[random.nextInt(samples.length)].yaml());
        for (int time = random.nextInt(6); time >= 0; time--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(12));
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(from, piece);
                case 1 -> text.delete(from, to);
                case 2 -> text.replace(from, to, piece);
                default -> text.insert(from, text.substring(from, Math.min(text.length(), from + random.nextInt(300))));
            }
            if (text.length() == 0) {
                text.append(piece);
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(5) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
