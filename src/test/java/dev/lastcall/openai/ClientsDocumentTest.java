package dev.lastcall.openai;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.lastcall.Main;
import dev.lastcall.model.TestModel;
import dev.lastcall.testing.ApiDocument;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.UriBuilder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The document of the clients' port, which is kept by hand, against what the service answers. */
@QuarkusTest
@TestProfile(Keys.class)
class ClientsDocumentTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANY_RUN = "01a1fc59-6f0e-7c3a-9b1e-0d6f3c1f2a77";
    private static final String TOO_MUCH = "x".repeat(600_000);

    /** Statuses of drains, load and failures, which other tests cover; the answers to unreadable requests are in {@code http/BadInputIT}. */
    private static final Set<String> RARE = Set.of("303", "409", "414", "429", "431", "500", "503");

    @TestHTTPResource("/")
    URI root = URI.create("");

    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    private final Router router;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> seen = new TreeSet<>();
    private final List<String> broken = new ArrayList<>();
    private JsonNode document = TextNode.valueOf("");

    ClientsDocumentTest(Router router) {
        this.router = router;
    }

    @BeforeEach
    void read() throws Exception {
        URI address = URI.create("http://localhost:" + managementPort + "/q/openapi?format=json");
        document =
                JSON.readTree(http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    @Test
    void hasThePathsThatAreServedAndNoOther() {
        Set<String> served = router.getRoutes().stream()
                .map(Route::getPath)
                .filter(path -> path != null && path.startsWith("/v1/") && !path.equals("/v1/"))
                .map(path -> path.replaceAll(":(\\w+)", "{$1}"))
                .collect(toCollection(TreeSet::new));
        served.addAll(resources());
        Set<String> documented = new TreeSet<>();
        document.get("paths").fieldNames().forEachRemaining(documented::add);

        assertThat(documented).isEqualTo(served);
    }

    /** The paths of the resources; a socket, as all of it that is no resource, has no place in the document. */
    private static Set<String> resources() {
        Set<String> paths = new TreeSet<>();
        for (JavaClass resource : new ClassFileImporter()
                .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation())) {
            for (Method method :
                    resource.isAnnotatedWith(Path.class) ? resource.reflect().getMethods() : new Method[0]) {
                boolean answers = Stream.of(method.getAnnotations())
                        .anyMatch(each -> each.annotationType().isAnnotationPresent(HttpMethod.class));
                if (answers) {
                    Path below = method.getAnnotation(Path.class);
                    paths.add(UriBuilder.fromPath(
                                    resource.reflect().getAnnotation(Path.class).value())
                            .path(below == null ? "" : below.value())
                            .toTemplate());
                }
            }
        }
        return paths;
    }

    @Test
    void isServedAsItIsWritten() throws Exception {
        assertThat(missing("$", ApiDocument.read(ApiDocument.CLIENTS).json(), document))
                .isEmpty();
    }

    /** Returns the places of the source that are not in the other, or are another thing there. */
    private static List<String> missing(String where, JsonNode source, JsonNode other) {
        List<String> found = new ArrayList<>();
        if (source.isValueNode() ? !source.asText().equals(other.asText()) : source.size() != other.size()) {
            found.add(where + ": " + other);
        }
        source.properties()
                .forEach(member -> found.addAll(
                        missing(where + "." + member.getKey(), member.getValue(), other.path(member.getKey()))));
        for (int i = 0; source.isArray() && i < source.size(); i++) {
            found.addAll(missing(where + "[" + i + "]", source.get(i), other.path(i)));
        }
        return found;
    }

    @Test
    void promisesWhatIsAnswered() throws Exception {
        agent();
        browsersChat();
        responses();
        chats();
        models();
        embeddings();
        vectorStores();

        assertThat(broken).isEmpty();
        assertThat(seen).isEqualTo(promised());
    }

    private void agent() throws Exception {
        String input = "{\"input\": \"count to 3\"}";
        String run = JSON.readTree(
                        send(200, "post", "/agent/run", "/agent/run", input).body())
                .get("run")
                .textValue();
        send(502, "post", "/agent/run", "/agent/run", "{\"input\": \"fail\"}");
        send(200, "post", "/agent/stream", "/agent/stream", input);
        for (String path : List.of("/agent/run", "/agent/stream")) {
            send(400, "post", path, path, "{}");
            send(413, "post", path, path, "{\"input\": \"" + TOO_MUCH + "\"}");
            send(415, "post", path, path, input, "content-type", "text/plain");
            send(406, "post", path, path, input, "accept", "image/png");
            send(401, "post", path, path, input, "authorization", "Bearer none");
        }
        String events = "/agent/runs/{id}/events";
        send(204, "get", events, "/agent/runs/" + run + "/events?after=10", "");
        send(400, "get", events, "/agent/runs/" + run + "/events?after=1000", "");
        send(200, "get", "/agent/runs/{id}", "/agent/runs/" + run + "?wait=true", "");
        String failed = JSON.readTree(send(502, "post", "/agent/run", "/agent/run", "{\"input\": \"fail\"}")
                        .body())
                .get("run")
                .textValue();
        send(502, "get", "/agent/runs/{id}", "/agent/runs/" + failed + "?wait=true", "");
        for (String[] each : new String[][] {{"get", ""}, {"get", "/events"}, {"post", "/cancel"}}) {
            String path = "/agent/runs/{id}" + each[1];
            send(200, each[0], path, path.replace("{id}", run), "");
            send(404, each[0], path, path.replace("{id}", ANY_RUN), "");
            send(406, each[0], path, path.replace("{id}", run), "", "accept", "image/png");
            send(401, each[0], path, path.replace("{id}", run), "", "authorization", "Bearer none");
        }
    }

    private void browsersChat() throws Exception {
        String path = "/agent/chat";
        String chat =
                "{\"id\": \"c\", \"messages\": [{\"role\": \"user\", \"parts\": [{\"type\": \"text\", \"text\": \"TEXT\"}]}]}";
        send(200, "post", path, path, chat.replace("TEXT", "count to 3"));
        send(400, "post", path, path, "{}");
        send(413, "post", path, path, chat.replace("TEXT", TOO_MUCH));
        send(415, "post", path, path, chat, "content-type", "text/plain");
        send(406, "post", path, path, chat, "accept", "image/png");
        send(401, "post", path, path, chat, "authorization", "Bearer none");
        String stream = path + "/{id}/stream";
        String stop = path + "/{id}/stop";
        String tooLong = "c".repeat(201);
        for (String[] each : new String[][] {{"get", stream}, {"post", stop}}) {
            send(204, each[0], each[1], each[1].replace("{id}", "c"), "");
            send(400, each[0], each[1], each[1].replace("{id}", tooLong), "");
            send(401, each[0], each[1], each[1].replace("{id}", "c"), "", "authorization", "Bearer none");
        }
        CompletableFuture<HttpResponse<String>> held = http.sendAsync(
                HttpRequest.newBuilder(root.resolve(path))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + Keys.ALICE)
                        .POST(HttpRequest.BodyPublishers.ofString(chat.replace("TEXT", "hold ui")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> TestModel.tokens("hold ui") == 1);
        HttpResponse<Stream<String>> resumed = http.send(
                HttpRequest.newBuilder(root.resolve(stream.replace("{id}", "c")))
                        .header("authorization", "Bearer " + Keys.ALICE)
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
        assertThat(resumed.statusCode()).isEqualTo(200);
        seen.add("get " + stream + " 200");
        send(204, "post", stop, stop.replace("{id}", "c"), "");
        assertThat(held.get(60, TimeUnit.SECONDS).body()).contains("\"abort\"");
        assertThat(resumed.body().toList()).contains("data: [DONE]");
    }

    private void responses() throws Exception {
        String key = UUID.randomUUID().toString();
        String create = "/v1/responses";
        String input = "{\"input\": \"count to 3\"}";
        String id = JSON.readTree(send(200, "post", create, create, input, "idempotency-key", key)
                        .body())
                .get("id")
                .textValue();
        send(422, "post", create, create, "{\"input\": \"another\"}", "idempotency-key", key);
        send(200, "post", create, create, "{\"input\": \"count to 3\", \"stream\": true}");
        String background = JSON.readTree(
                        send(200, "post", create, create, "{\"input\": \"count to 3\", \"background\": true}")
                                .body())
                .get("id")
                .textValue();
        send(415, "post", create, create, input, "content-encoding", "br");
        send(400, "post", create + "/{id}/cancel", create + "/" + id + "/cancel", "");
        send(400, "post", create, create, "{\"input\": \"count to 3\", \"temperature\": 9}");
        send(413, "post", create, create, "{\"input\": \"" + TOO_MUCH + "\"}");
        send(401, "post", create, create, input, "authorization", "Bearer none");
        send(404, "post", create, create, "{\"input\": [{\"type\": \"item_reference\", \"id\": \"msg_1\"}]}");
        send(502, "post", create, create, "{\"input\": \"refuse\"}");
        String one = "/v1/responses/{id}";
        send(200, "get", one, create + "/" + id + "?stream=true", "");
        send(400, "get", one, create + "/" + id + "?stream=true&starting_after=x", "");
        send(400, "get", one + "/input_items", create + "/" + id + "/input_items?limit=0", "");
        for (String[] each :
                new String[][] {{"get", ""}, {"get", "/input_items"}, {"post", "/cancel"}, {"delete", ""}}) {
            String path = one + each[1];
            send(401, each[0], path, path.replace("{id}", id), "", "authorization", "Bearer none");
            send(404, each[0], path, path.replace("{id}", "resp_" + ANY_RUN.replace("-", "")), "");
            send(200, each[0], path, path.replace("{id}", each[1].equals("/cancel") ? background : id), "");
        }
    }

    private void chats() throws Exception {
        String key = UUID.randomUUID().toString();
        String create = "/v1/chat/completions";
        String body = "{\"messages\": [{\"role\": \"user\", \"content\": \"count to 3\"}]}";
        String id = JSON.readTree(send(200, "post", create, create, body, "idempotency-key", key)
                        .body())
                .get("id")
                .textValue();
        send(422, "post", create, create, body.replace("3", "4"), "idempotency-key", key);
        send(415, "post", create, create, body, "content-encoding", "br");
        send(200, "post", create, create, body.replaceFirst("\\{", "{\"stream\": true, "));
        send(400, "post", create, create, "{\"messages\": []}");
        send(404, "post", create, create, body, "x-run-id", ANY_RUN, "last-event-id", "1");
        send(413, "post", create, create, body.replace("3", TOO_MUCH));
        send(401, "post", create, create, body, "authorization", "Bearer none");
        String failed = send(502, "post", create, create, body.replace("count to 3", "fail"))
                .headers()
                .firstValue("x-run-id")
                .orElseThrow();
        String one = create + "/{id}";
        send(200, "get", one, create + "/" + id + "?wait=true", "");
        send(502, "get", one, create + "/" + failed + "?wait=true", "");
        send(404, "get", one, create + "/" + id, "");
        send(401, "get", one, create + "/" + id, "", "authorization", "Bearer none");
    }

    private void models() throws Exception {
        send(200, "get", "/v1/models", "/v1/models", "");
        send(401, "get", "/v1/models", "/v1/models", "", "authorization", "Bearer none");
        send(200, "get", "/v1/models/{id}", "/v1/models/scripted", "");
        send(404, "get", "/v1/models/{id}", "/v1/models/none", "");
        send(401, "get", "/v1/models/{id}", "/v1/models/none", "", "authorization", "Bearer none");
    }

    private void embeddings() throws Exception {
        String path = "/v1/embeddings";
        String body = "{\"model\": \"m\", \"input\": \"TEXT\"}";
        send(200, "post", path, path, body);
        send(502, "post", path, path, body.replace("TEXT", "say nothing"));
        send(404, "post", path, path, body.replace("TEXT", "refuse-404"));
        bodies(path, path, body);
    }

    private void vectorStores() throws Exception {
        String files = "/v1/files";
        String form = String.join(
                "\r\n",
                "--b",
                "content-disposition: form-data; name=\"purpose\"",
                "",
                "assistants",
                "--b",
                "content-disposition: form-data; name=\"file\"; filename=\"a.txt\"",
                "",
                "TEXT",
                "--b--",
                "");
        String type = "multipart/form-data; boundary=b";
        String file = id(send(200, "post", files, files, form, "content-type", type));
        send(400, "post", files, files, form.replace("TEXT", ""), "content-type", type);
        send(413, "post", files, files, form.replace("TEXT", TOO_MUCH), "content-type", type);
        send(415, "post", files, files, form);
        send(401, "post", files, files, form, "authorization", "Bearer none");
        String stores = "/v1/vector_stores";
        String store = id(send(200, "post", stores, stores, "{\"file_ids\": [\"" + file + "\"]}"));
        bodies(stores, stores, "{}");
        String one = stores + "/{id}";
        String there = stores + "/" + store;
        send(200, "post", one, there, "{\"name\": \"n\"}");
        send(404, "post", one, stores + "/vs_0", "{}");
        bodies(one, there, "{}");
        send(200, "post", one + "/search", there + "/search", "{\"query\": \"q\"}");
        send(404, "post", one + "/search", stores + "/vs_0/search", "{\"query\": \"q\"}");
        send(502, "post", one + "/search", there + "/search", "{\"query\": \"say nothing\"}");
        bodies(one + "/search", there + "/search", "{}");
        send(200, "post", one + "/files", there + "/files", "{\"file_id\": \"" + file + "\"}");
        send(404, "post", one + "/files", there + "/files", "{\"file_id\": \"file-0\"}");
        bodies(one + "/files", there + "/files", "{}");
        String attached = one + "/files/{file}";
        String attachedThere = there + "/files/" + file;
        send(200, "post", attached, attachedThere, "{\"attributes\": {\"a\": 1}}");
        send(404, "post", attached, there + "/files/file-0", "{}");
        bodies(attached, attachedThere, "{}");
        for (String list : List.of(files, stores, one + "/files")) {
            String path = list.replace("{id}", store);
            send(200, "get", list, path, "");
            send(400, "get", list, path + "?limit=0", "");
            send(401, "get", list, path, "", "authorization", "Bearer none");
        }
        send(404, "get", one + "/files", stores + "/vs_0/files", "");
        for (String[] each : new String[][] {
            {"get", attached + "/content"},
            {"get", attached},
            {"delete", attached},
            {"get", one},
            {"delete", one},
            {"get", "/v1/files/{id}/content"},
            {"get", "/v1/files/{id}"},
            {"delete", "/v1/files/{id}"}
        }) {
            String path = each[1].startsWith(files) ? each[1].replace("{id}", file) : each[1].replace("{id}", store);
            send(401, each[0], each[1], path.replace("{file}", file), "", "authorization", "Bearer none");
            send(
                    404,
                    each[0],
                    each[1],
                    path.replace("{file}", "none").replace(file, "none").replace(store, "none"),
                    "");
            send(200, each[0], each[1], path.replace("{file}", file), "");
        }
    }

    private static String id(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).get("id").textValue();
    }

    /** Sends the mistakes that every body may have. */
    private void bodies(String template, String path, String body) throws Exception {
        send(400, "post", template, path, "{\"no such\": 1}");
        send(413, "post", template, path, "{\"name\": \"" + TOO_MUCH + "\"}");
        send(415, "post", template, path, body, "content-encoding", "br");
        send(401, "post", template, path, body, "authorization", "Bearer none");
    }

    /** Sends it as Alice, and holds the answer against what the document says of this path, method and status. */
    private HttpResponse<String> send(
            int status, String method, String template, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .setHeader("content-type", "application/json")
                .setHeader("authorization", "Bearer " + Keys.ALICE)
                .method(method.toUpperCase(Locale.ROOT), HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String where = method + " " + template + " " + status;
        if (answer.statusCode() == status) {
            seen.add(where);
            broken.addAll(new ApiDocument(document).violations(answer));
        } else {
            broken.add(where + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    private Set<String> promised() {
        Set<String> all = new TreeSet<>();
        for (var path : document.get("paths").properties()) {
            for (var method : path.getValue().properties()) {
                method.getValue().path("responses").fieldNames().forEachRemaining(status -> {
                    if (!RARE.contains(status)) {
                        all.add(method.getKey() + " " + path.getKey() + " " + status);
                    }
                });
            }
        }
        return all;
    }
}
