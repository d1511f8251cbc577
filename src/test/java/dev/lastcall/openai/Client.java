package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.ApiDocument;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Plain HTTP, to see what is really on the wire. */
final class Client {
    private final URI root;
    private final String key;
    private final HttpClient http;

    /** A client that uses HTTP/2 if the server offers it. */
    Client(URI root, String key) {
        this(root, key, HttpClient.Version.HTTP_2);
    }

    private Client(URI root, String key, HttpClient.Version version) {
        this.root = root;
        this.key = key;
        http = HttpClient.newBuilder().version(version).build();
    }

    /** A client for a pod that drains: over HTTP/2, JDK 17's client fails what is in flight when GOAWAY comes. */
    static Client http1(URI root, String key) {
        return new Client(root, key, HttpClient.Version.HTTP_1_1);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return documented(request(path, headers).GET());
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return documented(request(path).DELETE());
    }

    /** @param body with apostrophes for quotation marks */
    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher json = HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        return documented(request(path, headers).POST(json));
    }

    /** @param form whose boundary is {@code b} */
    HttpResponse<String> upload(String path, String form) throws IOException, InterruptedException {
        return documented(request(path)
                .setHeader("content-type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /** The same, and does not wait for the answer. */
    CompletableFuture<HttpResponse<String>> begin(String path, String body, String... headers) {
        HttpRequest.BodyPublisher json = HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        return http.sendAsync(request(path, headers).POST(json).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The same, with the answer as it comes: to close it is to leave. */
    HttpResponse<InputStream> stream(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher json = HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        return http.send(request(path, headers).POST(json).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** A GET's answer as it comes. */
    HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Every answer is one that the document promises. */
    private HttpResponse<String> documented(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(ApiDocument.read(ApiDocument.CLIENTS).violations(answer)).isEmpty();
        return answer;
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(root.resolve(path)).header("content-type", "application/json");
        if (!key.isEmpty()) {
            request.header("authorization", "Bearer " + key);
        }
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** A background run that will not end by itself, once it has begun to speak. */
    String held(String input) throws IOException, InterruptedException {
        return id(post("/v1/responses", "{'input': '" + input + "', 'background': true}"));
    }

    static String id(HttpResponse<String> response) {
        return json(response).getString("id");
    }

    static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    static String code(HttpResponse<String> response) {
        return response.statusCode() + " "
                + json(response).getJsonObject("error").getString("code");
    }

    /** The data of a stream's events. */
    static List<JsonObject> events(String stream) {
        List<JsonObject> events = new ArrayList<>();
        for (String line : stream.lines().toList()) {
            if (line.startsWith("data: {")) {
                events.add(new JsonObject(line.substring("data: ".length())));
            }
        }
        return events;
    }

    static String text(List<JsonObject> events) {
        StringBuilder text = new StringBuilder();
        for (JsonObject event : events) {
            if (Objects.equals(event.getString("type"), "response.output_text.delta")) {
                text.append(event.getString("delta"));
            }
        }
        return text.toString();
    }
}
