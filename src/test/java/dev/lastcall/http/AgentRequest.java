package dev.lastcall.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A request for a run, byte by byte. */
final class AgentRequest {
    private AgentRequest() {}

    /** The whole request; headers are whole lines. */
    static byte[] of(String path, String input, String... headers) {
        String body = body(input);
        return (head(path, body.length(), headers) + body).getBytes(UTF_8);
    }

    /** A head that announces a body of this many bytes. */
    static String head(String path, int length, String... headers) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    static String body(String input) {
        return "{\"input\":\"" + input + "\"}";
    }
}
