package dev.lastcall.rehearsal.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an answer.
 *
 * @param version the minor version of HTTP/1
 * @param fields by their lower-case names; of several with one name the values, separated by commas
 */
record AnswerHeader(int status, int version, Map<String, String> fields) {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})(?: .*)?");
    private static final int LARGEST = 64 * 1024;
    private static final int SHOWN = 40;

    /** Reads the final answer's head, past interim ones. */
    static AnswerHeader read(LoadSocket socket) throws ClientLoss {
        while (true) {
            AnswerHeader head = readOne(socket);
            if (head.status >= 200 || head.status == 101) {
                return head;
            }
        }
    }

    private static AnswerHeader readOne(LoadSocket socket) throws ClientLoss {
        int[] left = {LARGEST};
        String line = line(socket, left);
        Matcher matcher = STATUS_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new ClientLoss(LossKind.GARBLED, "it begins with " + shown(line));
        }
        Map<String, String> fields = new HashMap<>();
        for (String field = line(socket, left); !field.isEmpty(); field = line(socket, left)) {
            int colon = field.indexOf(':');
            if (colon <= 0) {
                throw new ClientLoss(LossKind.GARBLED, "a header line is " + shown(field));
            }
            fields.merge(
                    field.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        return new AnswerHeader(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(1)), fields);
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean isChunked() {
        return field("transfer-encoding").toLowerCase(Locale.ROOT).endsWith("chunked");
    }

    boolean closes() {
        String connection = field("connection").toLowerCase(Locale.ROOT);
        return connection.contains("close") || (version == 0 && !connection.contains("keep-alive"));
    }

    /** A line without its end. */
    static String line(LoadSocket socket, int[] left) throws ClientLoss {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = socket.read(); next != '\n'; next = socket.read()) {
            if (--left[0] < 0) {
                throw new ClientLoss(LossKind.GARBLED, "a head of more than 64 KiB");
            }
            bytes.write(next);
        }
        String line = bytes.toString(StandardCharsets.ISO_8859_1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private static String shown(String line) {
        String plain = line.replaceAll("[^ -~]", "?");
        return '"' + (plain.length() > SHOWN ? plain.substring(0, SHOWN) + "…" : plain) + '"';
    }
}
