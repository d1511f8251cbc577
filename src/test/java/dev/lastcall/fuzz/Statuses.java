package dev.lastcall.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** The statuses with which bad input may be answered. */
public final class Statuses {
    /** A method, or a version of HTTP, that is not spoken here: the client's choice. */
    private static final Set<Integer> OF_THE_CLIENT = Set.of(501, 505);

    private static final Pattern LINE = Pattern.compile("(?:^|\\n)HTTP/1\\.[01] (\\d{3}) ");

    private Statuses() {}

    static boolean isFailure(int status) {
        return status >= 500 && !OF_THE_CLIENT.contains(status);
    }

    /** Checks the status lines of a connection of HTTP/1.1. */
    public static void check(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        var line = LINE.matcher(text);
        while (line.find()) {
            assertThat(isFailure(Integer.parseInt(line.group(1)))).as(text).isFalse();
        }
    }
}
