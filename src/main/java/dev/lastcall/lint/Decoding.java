package dev.lastcall.lint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Bytes to text as {@code kubectl} does it: UTF-8, or UTF-16 with its mark; tabs are spaces, except where they indent. */
final class Decoding {
    private Decoding() {}

    /** Every line stays where it is. */
    static String text(byte[] bytes) throws CharacterCodingException {
        String text = decode(bytes);
        if (text.indexOf('\t') < 0) {
            return text;
        }
        String first = text.stripLeading();
        return first.startsWith("{") || first.startsWith("[") ? text.replace('\t', ' ') : withoutTabs(text);
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        int first = bytes.length > 0 ? bytes[0] & 0xff : 0;
        int second = bytes.length > 1 ? bytes[1] & 0xff : 0;
        int third = bytes.length > 2 ? bytes[2] & 0xff : 0;
        if (first == 0xfe && second == 0xff) {
            return decode(bytes, 2, StandardCharsets.UTF_16BE);
        }
        if (first == 0xff && second == 0xfe) {
            return decode(bytes, 2, StandardCharsets.UTF_16LE);
        }
        boolean marked = first == 0xef && second == 0xbb && third == 0xbf;
        return decode(bytes, marked ? 3 : 0, StandardCharsets.UTF_8);
    }

    private static String decode(byte[] bytes, int from, Charset charset) throws CharacterCodingException {
        return charset.newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                .toString();
    }

    /** SnakeYAML knows no tabs between tokens, other readers do. */
    private static String withoutTabs(String text) {
        StringBuilder result = new StringBuilder(text.length());
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end + 1;
            appendLine(result, text.substring(start, end));
            start = end;
        }
        return result.toString();
    }

    private static void appendLine(StringBuilder result, String line) {
        int content = 0;
        while (content < line.length() && (line.charAt(content) == ' ' || line.charAt(content) == '\t')) {
            content++;
        }
        boolean blank = line.substring(content).isBlank();
        result.append(blank ? "" : line.substring(0, content))
                .append(line.substring(content).replace('\t', ' '));
    }
}
