package dev.lastcall.proxy;

import java.util.stream.Stream;

/** Requests whose end, or whose meaning, two programs could see differently. */
final class Ambiguous {
    /** The smuggled request that must not be executed. */
    static final String BEHIND = "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n";

    private Ambiguous() {}

    /** The ambiguous requests; a bar stands for a line's end. */
    static Stream<String> requests() {
        return Stream.of(
                        "POST / HTTP/1.1|Host: a|Content-Length: 3|Content-Length: 5||abcde",
                        "POST / HTTP/1.1|Host: a|Content-Length: 3|Content-Length: 3||abc",
                        "POST / HTTP/1.1|Host: a|Content-Length: 3, 5||abcde",
                        "POST / HTTP/1.1|Host: a|Content-Length: +3||abc",
                        "POST / HTTP/1.1|Host: a|Content-Length: 0x3||abc",
                        "POST / HTTP/1.1|Host: a|Content-Length: -1||",
                        "POST / HTTP/1.1|Host: a|Content-Length: 3 3||abc",
                        "POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999||abc",
                        "POST / HTTP/1.1|Host: a|Content-Length : 3||abc",
                        "POST / HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 5||0||",
                        "POST / HTTP/1.1|Host: a|Content-Length: 3|Transfer-Encoding: xchunked||abc",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: xchunked||0||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: identity||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, chunked||0||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: identity||0||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: \u000bchunked||0||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding : chunked||0||",
                        "POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked||0||",
                        "GET / HTTP/1.1|Host: a|Host: b||",
                        "GET / HTTP/1.1||",
                        "GET / HTTP/1.1|Host: a b||",
                        "GET / HTTP/1.1|Host: a/b||",
                        "GET /a\u0001b HTTP/1.1|Host: a||",
                        "GET /a b HTTP/1.1|Host: a||",
                        "GET ftp://a/ HTTP/1.1|Host: a||",
                        "GET a HTTP/1.1|Host: a||",
                        "CONNECT a:80 HTTP/1.1|Host: a:80||",
                        "G(T / HTTP/1.1|Host: a||",
                        "GET / HTTP/1.1|Host: a|Na(me: x||",
                        "GET / HTTP/1.1|Host: a|NoColon||",
                        "GET / HTTP/1.1|Host: a|X: a\u0000b||",
                        "GET / HTTP/2.1|Host: a||",
                        "GET / HTTP/1.1\nHost: a||",
                        "GET / HTTP/1.1|Host: a\nX: y||",
                        "GET / HTTP/1.1|Host: a\n\n",
                        "GET / HTTP/1.1|Host: a|X: y\rZ: z||",
                        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked\n\n0||")
                .map(request -> request.replace("|", "\r\n") + "\r\n");
    }

    /** The statuses, as a pattern, that may refuse it: another major version is not a bad request. */
    static String refusals(String request) {
        return request.contains(" HTTP/2.") ? "505" : "(400|501)";
    }
}
