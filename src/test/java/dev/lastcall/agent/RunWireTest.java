package dev.lastcall.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.model.TestModel;
import dev.lastcall.run.ManualSignal;
import dev.lastcall.testing.ApiDocument;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are in PostgreSQL, by their own address. Their ids: 0 created, 1 in progress, 2 and 3 the message begins, 4 the first token. */
@QuarkusTest
@TestProfile(DurableWire.class)
class RunWireTest {
    @TestHTTPResource("/")
    URI root = URI.create("");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AgroalDataSource database;

    RunWireTest(AgroalDataSource database) {
        this.database = database;
    }

    @BeforeEach
    void forgetEarlierRequests() {
        Wire.SIGNALS.clear();
    }

    @Test
    void eventsAreReplayedFromTheStart() throws Exception {
        String run = completed("count to 3");

        HttpResponse<String> events = get("/agent/runs/" + run + "/events");

        assertThat(events.statusCode()).isEqualTo(200);
        assertThat(events.headers().firstValue("content-type")).hasValue("text/event-stream");
        assertThat(events.headers().firstValue("x-run-id")).hasValue(run);
        assertThat(events.body())
                .isEqualTo("id: 4\ndata: {\"type\":\"token\",\"n\":0,\"text\":\"1 \"}\n\n"
                        + "id: 5\ndata: {\"type\":\"token\",\"n\":1,\"text\":\"2 \"}\n\n"
                        + "id: 6\ndata: {\"type\":\"token\",\"n\":2,\"text\":\"3 \"}\n\n"
                        + "id: 10\ndata: {\"type\":\"end\",\"reason\":\"completed\",\"run\":\"" + run
                        + "\",\"last\":2}\n\n");
    }

    @Test
    void eventsGoOnAfterTheLastIdAndTheLargerOneCounts() throws Exception {
        String path = "/agent/runs/" + completed("count to 3") + "/events";

        assertThat(ids(get(path + "?after=5"))).containsExactly("id: 6", "id: 10");
        assertThat(ids(get(path, "Last-Event-ID", "4"))).containsExactly("id: 5", "id: 6", "id: 10");
        assertThat(ids(get(path + "?after=6", "Last-Event-ID", "4"))).containsExactly("id: 10");
        assertThat(ids(get(path + "?after=4", "Last-Event-ID", "6"))).containsExactly("id: 10");
        // An id between two tokens is one of the log's other events.
        assertThat(ids(get(path + "?after=8"))).containsExactly("id: 10");
    }

    @Test
    void clientThatHasEverythingGets204() throws Exception {
        HttpResponse<String> events = get("/agent/runs/" + completed("count to 3") + "/events?after=10");

        assertThat(events.statusCode()).isEqualTo(204);
        assertThat(events.body()).isEmpty();
    }

    @Test
    void idThatTheRunHasNotIsRefused() throws Exception {
        String path = "/agent/runs/" + completed("count to 3") + "/events";

        assertThat(problem(get(path + "?after=11"), 400))
                .startsWith("after: 11 (expected: the id of an event of this run, at most 10)");
        assertThat(problem(get(path, "Last-Event-ID", "x"), 400)).startsWith("Last-Event-ID: not a number");
    }

    @Test
    void liveRunIsShownAsItStandsAndCancelledOnce() throws Exception {
        String input = "hold this run";
        Iterator<String> lines = stream(input);
        String run = runOf(lines);
        JsonObject standing = json(get("/agent/runs/" + run));
        assertThat(standing.getMap())
                .containsEntry("run", run)
                .containsEntry("status", "running")
                .containsEntry("output", "hold ")
                .containsEntry("tokens", 1);
        CompletableFuture<HttpResponse<String>> waiting =
                client.sendAsync(request("/agent/runs/" + run + "?wait=true").build(), BodyHandlers.ofString());

        for (int i = 0; i < 2; i++) {
            JsonObject cancelled = json(post("/agent/runs/" + run + "/cancel", ""));
            assertThat(cancelled.getMap())
                    .containsEntry("run", run)
                    .containsEntry("status", "cancelled")
                    .containsEntry("output", "hold ");
        }

        assertThat(TestModel.cancels(input)).isOne();
        assertThat(rest(lines)).hasSize(1).allSatisfy(end -> assertThat(end).contains("\"cancelled\""));
        assertThat(problem(waiting.get(60, TimeUnit.SECONDS), 409)).startsWith("the run was cancelled");
    }

    @Test
    void cancelOfAnEndedRunChangesNothing() throws Exception {
        String run = completed("count to 1");

        assertThat(json(post("/agent/runs/" + run + "/cancel", "")).getString("status"))
                .isEqualTo("completed");
    }

    /** Many at once: each answers when the run has ended, whoever of them ended it. */
    @Test
    void cancelsThatCrossAllSeeTheEnd() throws Exception {
        String run = runOf(stream("hold until many cancel"));
        HttpRequest cancel = request("/agent/runs/" + run + "/cancel")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(
                        () -> client.sendAsync(cancel, BodyHandlers.ofString()))
                .limit(8)
                .toList();

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(json(answer.get(60, TimeUnit.SECONDS)).getString("status"))
                    .isEqualTo("cancelled");
        }
    }

    @Test
    void clientThatLeavesStopsNothing() throws Exception {
        String input = "hold though the client is gone";
        String run = runOf(stream(input));

        signal().leave();

        assertThat(json(get("/agent/runs/" + run)).getString("status")).isEqualTo("running");
        assertThat(TestModel.cancels(input)).isZero();
        post("/agent/runs/" + run + "/cancel", "");
    }

    @Test
    void cancelledStreamNamesItsResumePathAndContinuesThere() throws Exception {
        Iterator<String> lines = stream("hold for another");
        String run = runOf(lines);

        signal().tell();

        List<String> rest = rest(lines);
        assertThat(rest).hasSize(1);
        JsonObject end = new JsonObject(rest.get(0).substring("data: ".length()));
        assertThat(end.fieldNames()).containsExactly("type", "reason", "run", "last", "resume");
        assertThat(end.getMap())
                .containsEntry("reason", "shutdown")
                .containsEntry("run", run)
                .containsEntry("last", 0)
                .containsEntry("resume", "/agent/runs/" + run + "/events?after=4");
        CompletableFuture<HttpResponse<String>> resumed =
                client.sendAsync(request(end.getString("resume")).build(), BodyHandlers.ofString());
        post("/agent/runs/" + run + "/cancel", "");
        assertThat(resumed.get(60, TimeUnit.SECONDS).body())
                .contains("\"cancelled\"")
                .doesNotContain("token");
    }

    @Test
    void cancelledRequestIsRedirectedToItsRun() throws Exception {
        HttpRequest asked = HttpRequest.newBuilder(input("/agent/run", "hold to be found"), (name, value) -> true)
                .header("user-agent", "one that follows")
                .build();
        CompletableFuture<HttpResponse<String>> told = client.sendAsync(asked, BodyHandlers.ofString());

        signal().tell();

        HttpResponse<String> answer = told.get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(303);
        String run = answer.headers().firstValue("x-run-id").orElseThrow();
        assertThat(answer.headers().firstValue("location")).hasValue("/agent/runs/" + run + "?wait=true");
        post("/agent/runs/" + run + "/cancel", "");
    }

    /** The JDK's client follows no redirect: it comes again, and finds its run once. */
    @Test
    void cancelledRequestOfAClientThatFollowsNothingIsToComeAgain() throws Exception {
        HttpRequest asked = input("/agent/run", "hold for the one that comes again");
        CompletableFuture<HttpResponse<String>> told = client.sendAsync(asked, BodyHandlers.ofString());
        signal().tell();

        HttpResponse<String> answer = told.get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("true");
        String run = answer.headers().firstValue("x-run-id").orElseThrow();
        CompletableFuture<HttpResponse<String>> again = client.sendAsync(asked, BodyHandlers.ofString());
        signal();
        post("/agent/runs/" + run + "/cancel", "");
        assertThat(again.get(60, TimeUnit.SECONDS).body()).contains(run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "01a1fc59-0000-7000-8000-000000000000"})
    void runThatIsNotThereIsNotFound(String id) throws Exception {
        for (String path : List.of("", "?wait=true", "/events")) {
            assertThat(problem(get("/agent/runs/" + id + path), 404)).startsWith("id: no run of yours has it");
        }
        assertThat(problem(post("/agent/runs/" + id + "/cancel", ""), 404)).startsWith("id: no run of yours has it");
    }

    @Test
    void runOfAnotherTenantIsNotFoundAndWithoutAKeyNothingIs() throws Exception {
        String path = "/agent/runs/" + completed("count to 1");

        for (String suffix : List.of("", "/events")) {
            HttpRequest others = HttpRequest.newBuilder(root.resolve(path + suffix))
                    .header("Authorization", "Bearer key-b")
                    .build();
            problem(client.send(others, BodyHandlers.ofString()), 404);
            HttpRequest nobodys =
                    HttpRequest.newBuilder(root.resolve(path + suffix)).build();
            HttpResponse<String> refused = client.send(nobodys, BodyHandlers.ofString());
            assertThat(problem(refused, 401)).startsWith("authorization: none of ours");
        }
    }

    @Test
    void sameInputSentAgainIsAnotherRun() throws Exception {
        assertThat(completed("count to 2")).isNotEqualTo(completed("count to 2"));
    }

    @Test
    void runThatIsKeptNoLongerIsNotFound() throws Exception {
        String run = completed("count to 1");
        execute("DELETE FROM runs WHERE id = '" + UUID.fromString(run) + "'");

        problem(get("/agent/runs/" + run), 404);
        problem(get("/agent/runs/" + run + "/events?after=4"), 404);
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String completed(String input) throws Exception {
        HttpResponse<String> answer =
                ApiDocument.promised(client.send(input("/agent/run", input), BodyHandlers.ofString()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("run");
    }

    private Iterator<String> stream(String input) throws Exception {
        return client.send(input("/agent/stream", input), BodyHandlers.ofLines())
                .body()
                .iterator();
    }

    /** The run of a stream that has said its first token. */
    private String runOf(Iterator<String> lines) throws Exception {
        assertThat(lines.next()).isEqualTo("id: 4");
        assertThat(lines.next()).contains("\"hold \"");
        assertThat(lines.next()).isEmpty();
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var newest = statement.executeQuery("SELECT max(id::text) FROM runs")) {
            newest.next();
            return newest.getString(1);
        }
    }

    private static List<String> rest(Iterator<String> lines) {
        List<String> rest = new ArrayList<>();
        lines.forEachRemaining(rest::add);
        return rest.stream().filter(line -> line.startsWith("data: ")).toList();
    }

    private static ManualSignal signal() throws InterruptedException {
        ManualSignal signal = requireNonNull(Wire.SIGNALS.poll(60, TimeUnit.SECONDS), "no request came");
        await().untilAsserted(() -> assertThat(signal.listeners()).isOne());
        return signal;
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        return ApiDocument.promised(client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString()));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
        return ApiDocument.promised(client.send(request.build(), BodyHandlers.ofString()));
    }

    private HttpRequest input(String path, String text) {
        return request(path)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("input", text).encode()))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer key-a");
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static String problem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        return new JsonObject(answer.body()).getString("detail");
    }

    private static List<String> ids(HttpResponse<String> events) {
        assertThat(events.statusCode()).as(events.body()).isEqualTo(200);
        return events.body().lines().filter(line -> line.startsWith("id: ")).toList();
    }
}
