package dev.lastcall.openai;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A form with files (RFC 7578) that was read whole. Its parts by name; of several with one name the first. */
final class MultipartForm {
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i)multipart/form-data\\s*;.*\\bboundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70})).*");
    private static final Pattern DISPOSITION = Pattern.compile("(?i)^content-disposition:\\s*form-data\\b(.*)$");
    /** Possessive: what may give back what it took is matched by recursion, and a long name ends the stack. */
    private static final String VALUE = "(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^;\\s]++))";

    private static final Pattern NAME = Pattern.compile("(?i);\\s*name=" + VALUE);
    private static final Pattern FILENAME = Pattern.compile("(?i);\\s*filename=" + VALUE);
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final int MOST_PARTS = 20;

    private final Map<String, Part> parts = new HashMap<>();

    /**
     * One part.
     *
     * @param filename null where it is no file
     */
    record Part(@Nullable String filename, Buffer content) {
        String text() {
            return content.toString(StandardCharsets.UTF_8);
        }
    }

    private MultipartForm() {}

    /** The boundary between the parts. */
    static String boundary(@Nullable String contentType) {
        Matcher type = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (!type.matches()) {
            throw ApiError.noForm();
        }
        return type.group(1) == null ? type.group(2) : type.group(1);
    }

    static MultipartForm of(Buffer body, String boundary) {
        MultipartForm form = new MultipartForm();
        byte[] bytes = body.getBytes();
        byte[] line = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        int at = indexOf(bytes, line, 0);
        if (at != 0 && indexOf(bytes, delimiter, 0) != at - 2) {
            throw broken();
        }
        at += line.length;
        for (int count = 0; !startsWith(bytes, at, "--"); count++) {
            int head = startsWith(bytes, at, "\r\n") ? indexOf(bytes, END_OF_HEAD, at) : -1;
            int end = head < 0 ? -1 : indexOf(bytes, delimiter, head + 2);
            if (end < 0 || count == MOST_PARTS) {
                throw broken();
            }
            int content = Math.min(head + END_OF_HEAD.length, end);
            form.add(
                    new String(bytes, at, head - at, StandardCharsets.UTF_8),
                    Buffer.buffer(Arrays.copyOfRange(bytes, content, end)));
            at = end + delimiter.length;
        }
        return form;
    }

    private static ApiError broken() {
        return ApiError.malformed("The body is no multipart/form-data with this boundary, or has more than "
                + MOST_PARTS + " parts (expected: the parts 'file' and 'purpose').");
    }

    private void add(String head, Buffer content) {
        for (String line : head.split("\r\n", -1)) {
            Matcher disposition = DISPOSITION.matcher(line);
            if (disposition.matches()) {
                String name = value(NAME, disposition.group(1));
                if (name != null) {
                    parts.putIfAbsent(name, new Part(value(FILENAME, disposition.group(1)), content));
                }
            }
        }
    }

    private static @Nullable String value(Pattern parameter, String parameters) {
        Matcher found = parameter.matcher(parameters);
        if (!found.find()) {
            return null;
        }
        // Browsers and the SDKs escape quotation marks in one of these two ways.
        return found.group(1) == null
                ? found.group(2)
                : found.group(1).replaceAll("\\\\(.)", "$1").replace("%22", "\"");
    }

    /** Whether a part's name begins so. */
    boolean has(String prefix) {
        return parts.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    @Nullable
    Part part(String name) {
        return parts.get(name);
    }

    private static boolean startsWith(byte[] bytes, int at, String text) {
        byte[] wanted = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        return at + wanted.length <= bytes.length
                && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i + wanted.length <= bytes.length; i++) {
            if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
