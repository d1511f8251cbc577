package dev.lastcall.shutdown;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.ConfigProvider;

/** The termination message of a process that ends before it has served: as short as the kubelet keeps one. Stateless. */
final class UnservedMessage {
    private static final String PATH = "lastcall.report.path";
    private static final Path DEFAULT_PATH = Path.of("/dev/termination-log");
    private static final Duration LIMIT = Duration.ofMillis(500);

    private UnservedMessage() {}

    /** Returns when it is written, at the latest after half a second. */
    static void write(String cause, int exitCode) {
        TerminationMessage.begin(UnservedMessage::path, json(cause, exitCode)).await(LIMIT);
    }

    private static String json(String cause, int exitCode) {
        String shown = cause;
        String json = encoded(shown, exitCode);
        while (json.getBytes(StandardCharsets.UTF_8).length > TerminationMessage.BYTES) {
            shown = shown.substring(0, shown.length() * 3 / 4);
            json = encoded(shown + "…", exitCode);
        }
        return json;
    }

    /**
     * Encodes the message by hand: in the first moments of a start no class of a JSON library may be there, and loading one takes longer than the
     * process has.
     */
    private static String encoded(String cause, int exitCode) {
        StringBuilder escaped = new StringBuilder();
        cause.chars().forEach(letter -> {
            if (letter < ' ') {
                escaped.append(letter == '\n' ? "\\n" : "\\u%04x".formatted(letter));
            } else {
                escaped.append(letter == '"' || letter == '\\' ? "\\" : "").append((char) letter);
            }
        });
        return "{\"exit-code\":" + exitCode + ",\"state\":\"start-failed\",\"cause\":\"" + escaped + "\"}";
    }

    /** Asked of the configuration itself: there may be no bean of it, and it may be what is wrong. */
    private static Path path() {
        try {
            return ConfigProvider.getConfig()
                    .getOptionalValue(PATH, String.class)
                    .map(Path::of)
                    .orElse(DEFAULT_PATH);
        } catch (RuntimeException e) {
            return DEFAULT_PATH;
        }
    }
}
