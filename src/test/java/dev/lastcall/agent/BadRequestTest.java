package dev.lastcall.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.ApiDocument;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Wire.class)
class BadRequestTest {
    @TestHTTPResource("/")
    URI root = URI.create("");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    POST   | /agent/run    | application/json | application/json  | ''              | 400 | body: not JSON
                    POST   | /agent/run    | application/json | application/json  | '{'             | 400 | body: not JSON
                    POST   | /agent/run    | application/json | application/json  | '[]'            | 400 | body: an array
                    POST   | /agent/run    | application/json | application/json  | '{}'            | 400 | input: missing
                    POST   | /agent/run    | application/json | application/json  | '{"input":" "}' | 400 | input: blank
                    POST   | /agent/run    | application/json | application/json  | '{"input":7}'   | 400 | input: a number
                    POST   | /agent/stream | application/json | text/event-stream | '{"input":7}'   | 400 | input: a number
                    POST   | /agent/stream | application/json | text/event-stream | '{"input":'     | 400 | body: not JSON
                    POST   | /agent/run    | text/plain       | application/json  | 'hello'         | 415 | content-type: not understood (expected: application/json)
                    POST   | /agent/stream | application/xml  | text/event-stream | '<input/>'      | 415 | content-type: not understood (expected: application/json)
                    POST   | /agent/run    | application/json | text/html         | '{"input":"a"}' | 406 | accept: nothing that this path can send
                    POST   | /agent/stream | application/json | application/json  | '{"input":"a"}' | 406 | accept: nothing that this path can send
                    PUT    | /agent/run    | application/json | */*               | '{"input":"a"}' | 405 | method: not for this path (expected: POST)
                    DELETE | /agent/stream | application/json | */*               | ''              | 405 | method: not for this path (expected: POST)
                    GET    | /agent/other  | application/json | */*               | ''              | 404 | path: nothing is served here
                    GET    | /nothing      | application/json | */*               | ''              | 404 | path: nothing is served here
                    POST   | /nothing      | application/json | */*               | '{"input":"a"}' | 404 | path: nothing is served here
                    GET    | /             | application/json | text/html         | ''              | 404 | path: nothing is served here
                    """)
    void isAProblemThatNamesTheExpectedInput(
            String method, String path, String type, String accept, String body, int status, String detail)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", type)
                .header("accept", accept)
                .method(method, BodyPublishers.ofString(body))
                .build();
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpResponse<String> answer = client(version).send(request, HttpResponse.BodyHandlers.ofString());
            assertProblem(ApiDocument.promised(answer), status, detail);
        }
    }

    @Test
    void wrongMethodGets405WithAllow() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(root.resolve("/agent/run")).GET().build();

        HttpResponse<String> response =
                client(HttpClient.Version.HTTP_1_1).send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow").orElse("")).contains("POST");
    }

    @Test
    void longestInputIsServedAndOneByteMoreIsNot() throws Exception {
        String longest = "a".repeat(64 << 10);

        assertThat(post(HttpClient.Version.HTTP_1_1, BodyPublishers.ofString("{\"input\":\"" + longest + "\"}"))
                        .statusCode())
                .isEqualTo(200);
        assertProblem(
                post(HttpClient.Version.HTTP_1_1, BodyPublishers.ofString("{\"input\":\"" + longest + "a\"}")),
                413,
                "input: 65537 bytes of UTF-8 (expected: at most 65536, lastcall.agent.max-input)");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void uploadOfTwentyMegabytesReadsItsRefusal(HttpClient.Version version) throws Exception {
        byte[] upload = new byte[20 << 20];
        BodyPublisher unknownLength = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(upload));

        for (BodyPublisher body : List.of(BodyPublishers.ofByteArray(upload), unknownLength)) {
            assertProblem(post(version, body), 413, "body: longer than 397312 bytes");
        }
    }

    /** The refusal does not wait for the rest, or a client could hold it, and us, for as long as it likes. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 20000000", "Transfer-Encoding: chunked"})
    void refusalComesBeforeTheBodyHasEnded(String framing) throws Exception {
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            socket.setSoTimeout(60_000);
            String head = "POST /agent/run HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n" + framing
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(UTF_8));
            socket.getOutputStream().write("61001\r\n".getBytes(UTF_8));
            socket.getOutputStream().write(new byte[0x61001]);

            InputStream answer = socket.getInputStream();
            assertThat(new String(answer.readNBytes(12), UTF_8)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void brokenServiceKeepsItsStackTrace() throws Exception {
        Wire.broken = true;
        try {
            assertProblem(
                    post(HttpClient.Version.HTTP_1_1, BodyPublishers.ofString("{\"input\":\"a\"}")),
                    500,
                    "the service failed; its log says why; send the request again");
        } finally {
            Wire.broken = false;
        }
    }

    private HttpResponse<String> post(HttpClient.Version version, BodyPublisher body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(root.resolve("/agent/run"))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(body)
                .build();
        return ApiDocument.promised(client(version).send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).build();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.fieldNames()).containsExactly("type", "title", "status", "detail");
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).startsWith(detail).contains("; ");
    }
}
