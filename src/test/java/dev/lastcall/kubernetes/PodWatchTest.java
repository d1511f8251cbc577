package dev.lastcall.kubernetes;

import static dev.lastcall.kubernetes.ApiServerStandIn.deleted;
import static dev.lastcall.kubernetes.ApiServerStandIn.pod;
import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainRequest;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Trigger;
import dev.lastcall.testing.IdleWork;
import dev.lastcall.testing.SelfSigned;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The watch against an API server on a real TLS socket that is well, slow, silent, broken off, or lies. */
class PodWatchTest {
    private final FakeTime time = new FakeTime();
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(DrainSettings.defaults(), time, inFlight);
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final WatchStatus status = new WatchStatus("web-1");
    private final List<OwnPodListener> listeners =
            new ArrayList<>(List.of(new PodTermination(drain, Duration.ofSeconds(30))));
    private ApiServerStandIn server;
    private ApiServer client;

    private static SelfSigned certificate;

    @TempDir
    Path folder;

    @BeforeAll
    static void certify(@TempDir Path made) throws Exception {
        certificate = SelfSigned.in(made);
    }

    @BeforeEach
    void open() throws Exception {
        server = new ApiServerStandIn(folder, certificate);
        server.pod(pod("10", "", ""));
        client = client(server.account(), server.port(), Duration.ofSeconds(60));
    }

    private ApiServer client(String account, int port, Duration limit) {
        return new ApiServer(vertx, new ServiceAccount(vertx, account), "127.0.0.1", port, limit);
    }

    @AfterEach
    void close() throws IOException {
        await(vertx.close());
        server.close();
    }

    private void start() {
        new PodWatch(vertx, context, client, "web-1", status, listeners).start();
    }

    private void startConnected() {
        start();
        awaitConnected(1);
    }

    private void awaitConnected(int watches) {
        eventually(() -> {
            assertThat(server.watches()).isEqualTo(watches);
            assertThat(status.isConnected()).isTrue();
        });
    }

    private static void eventually(ThrowingRunnable facts) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(facts);
    }

    private DrainView drained() {
        eventually(() -> assertThat(drain.state()).isEqualTo(DrainState.LAME_DUCK));
        return drain.view();
    }

    private static DrainRequest asked(String reason) {
        return new DrainRequest("kubernetes", reason);
    }

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }

    @Test
    void deletionStartsTheDrainAndNothingElseDoes() throws IOException {
        startConnected();
        server.event("MODIFIED", pod("11", "", "\"phase\":\"Running\""));
        server.event("BOOKMARK", "{\"kind\":\"Pod\",\"metadata\":{\"resourceVersion\":\"12\"}}");
        server.endWatches();
        awaitConnected(1);
        assertThat(drain.state()).isEqualTo(DrainState.SERVING);
        assertThat(server.requests.get(0).target())
                .isEqualTo("/api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dweb-1");
        assertThat(server.requests.get(2).target())
                .startsWith("/api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dweb-1&watch=true"
                        + "&allowWatchBookmarks=true&resourceVersion=12&timeoutSeconds=");

        server.event("MODIFIED", deleted("13", 30));

        DrainView view = drained();
        assertThat(view.triggers()).containsExactly(Trigger.POD_DELETION);
        assertThat(view.remaining()).isEqualTo(seconds(29));
        assertThat(view.request()).isEqualTo(asked("deleted, deletionGracePeriodSeconds=30"));
    }

    @Test
    void shorterGracePeriodAndASecondDeletionShortenTheDeadline() throws IOException {
        startConnected();
        server.event("MODIFIED", deleted("11", 20));
        assertThat(drained().remaining()).isEqualTo(seconds(19));
        server.event("MODIFIED", deleted("12", 5));
        eventually(() -> assertThat(drain.view().remaining()).isEqualTo(seconds(4)));
    }

    @Test
    void evictionIsTheReason() throws IOException {
        startConnected();
        String condition =
                "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"},{\"type\":\"DisruptionTarget\",\"status\":\"True\","
                        + "\"reason\":\"EvictionByEvictionAPI\",\"message\":\"Eviction API: evicting\"}]";
        server.event("MODIFIED", pod("11", "", condition));
        server.event(
                "MODIFIED",
                pod(
                        "12",
                        ",\"deletionTimestamp\":\"2026-11-29T02:00:00Z\",\"deletionGracePeriodSeconds\":30",
                        condition));
        assertThat(drained().request()).isEqualTo(asked("EvictionByEvictionAPI: Eviction API: evicting"));
        // The world's clock is not compared with the pod's.
        assertThat(drain.view().remaining()).isEqualTo(seconds(29));
    }

    /** An eviction may fail behind its condition; the kubelet's own is no request. */
    @ParameterizedTest
    @CsvSource({"TerminationByKubelet, LAME_DUCK", "EvictionByEvictionAPI, SERVING", "PreemptionByScheduler, SERVING"})
    void onlyTheKubeletsDisruptionNeedsNoDeletion(String reason, DrainState expected) throws IOException {
        startConnected();
        server.event(
                "MODIFIED",
                pod(
                        "11",
                        "",
                        "\"conditions\":[{\"type\":\"DisruptionTarget\",\"status\":\"True\",\"reason\":\"" + reason
                                + "\"}]"));
        server.event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"12\"}}");
        server.endWatches();
        eventually(() -> assertThat(server.count(true)).isEqualTo(2));
        assertThat(drain.state()).isEqualTo(expected);
    }

    @Test
    void deletionThatWasMissedIsFoundAndDatedByTheServersClock() throws IOException {
        startConnected();
        server.pod(pod(
                "20",
                ",\"deletionTimestamp\":\"%s\",\"deletionGracePeriodSeconds\":30"
                        .formatted(Instant.now().plusSeconds(15)),
                ""));
        server.breakOff();
        assertThat(drained().remaining()).isBetween(seconds(1), seconds(15));
    }

    @Test
    void podThatIsGoneOrAnotherOfItsNameMeansTheEnd() throws IOException {
        startConnected();
        server.pod(pod("20", "", "").replace("\"u1\"", "\"u2\""));
        server.breakOff();
        assertThat(drained().request()).isEqualTo(asked("the pod's object is gone"));
        assertThat(drain.view().remaining()).isLessThan(seconds(2));
    }

    @Test
    void eventsOfOtherPodsAreNotOurs() throws IOException {
        startConnected();
        server.event("MODIFIED", deleted("11", 5).replace("web-1", "web-2"));
        server.event("DELETED", deleted("12", 5).replace("\"u1\"", "\"u2\""));
        server.endWatches();
        eventually(() -> assertThat(server.count(true)).isEqualTo(2));
        assertThat(drain.state()).isEqualTo(DrainState.SERVING);
    }

    @Test
    void forgottenVersionIsAskedForAgain() throws IOException {
        startConnected();
        server.event("ERROR", "{\"kind\":\"Status\",\"code\":410,\"message\":\"too old resource version\"}");
        eventually(() -> assertThat(server.count(false)).isEqualTo(2));
        eventually(() -> assertThat(server.count(true)).isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json\n",
                "[]\n",
                "{\"type\":7}\n",
                "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"web-1\",\"uid\":\"u1\",\"resourceVersion\":\"1 HTTP/1.1\"}}}\n",
                "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"web-1\",\"uid\":\"u1\",\"resourceVersion\":\"11\",\"deletionTimestamp\":\"soon\"}}}\n",
                "{\"type\":\"ERROR\",\"object\":{\"code\":500,\"message\":\"etcd\"}}\n"
            })
    void whatCannotBeReadIsAskedForAgain(String line) throws IOException {
        startConnected();
        server.tell(line);
        eventually(() -> assertThat(server.count(false)).isEqualTo(2));
        assertThat(drain.state()).isEqualTo(DrainState.SERVING);
    }

    @Test
    void eventBeyondAMegabyteIsNotKeptAndAskedForAgain() throws IOException {
        startConnected();
        String part = "x".repeat(64 << 10);
        server.tell("{\"type\":\"");
        for (int i = 0; i < 17; i++) {
            server.tell(part);
        }
        server.tell("\n");
        eventually(() -> assertThat(server.count(false)).isEqualTo(2));
    }

    @Test
    void eventComesInPartsAndSeveralInOne() throws IOException {
        startConnected();
        String event = "{\"type\":\"MODIFIED\",\"object\":" + deleted("12", 30) + "}\n";
        server.tell("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"11\"}}}\n"
                + event.substring(0, 9));
        server.tell(event.substring(9));
        drained();
    }

    @Test
    void refusedAccountFailsOpenAndIsHeardOnceItHasItsRights() throws Exception {
        server.answering((request, exchange) ->
                exchange.status(403, "pods is forbidden: User cannot list resource pods in the namespace shop"));
        start();
        eventually(() -> assertThat(server.count(false)).isGreaterThan(2));
        assertThat(status.isConnected()).isFalse();
        assertThat(status.row().get(1)).contains("403 pods is forbidden", "verbs: [list, watch]");
        assertThat(drain.state()).isEqualTo(DrainState.SERVING);
        server.behave();
        awaitConnected(1);
    }

    @Test
    void tokenIsReadAnewForEachRequest() throws IOException {
        startConnected();
        server.token("second");
        server.breakOff();
        awaitConnected(1);
        assertThat(server.requests.get(0).headers()).containsEntry("authorization", "Bearer first");
        assertThat(server.requests.get(server.requests.size() - 1).headers())
                .containsEntry("authorization", "Bearer second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"metadata\":{",
                "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
                "no http\r\n\r\n"
            })
    void serverThatIsSilentStopsHalfwayOrFailsIsAskedAgain(String answer) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        server.answering((request, exchange) -> {
            if (asked.incrementAndGet() == 1) {
                exchange.raw(answer);
            } else {
                server.behave();
                exchange.status(503, "wait");
            }
        });
        client = client(server.account(), server.port(), Duration.ofSeconds(2));
        start();
        awaitConnected(1);
    }

    @Test
    void serverWithAnotherCertificateIsNotTrusted() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        try (ApiServerStandIn stranger = new ApiServerStandIn(other, SelfSigned.in(other))) {
            client = client(server.account(), stranger.port(), Duration.ofSeconds(60));
            start();
            eventually(() -> assertThat(status.row().get(1)).startsWith("Failed to create SSL connection: "));
            assertThat(stranger.requests).isEmpty();
        }
    }

    @Test
    void missingFilesFailOpen() {
        client = client(folder + "/none", server.port(), Duration.ofSeconds(60));
        start();
        eventually(() -> assertThat(status.row().get(1)).contains("automountServiceAccountToken"));
    }

    @Test
    void podOfThatNameThatIsNotThereIsNoEnd() {
        server.pod(null);
        start();
        eventually(() -> assertThat(status.row().get(1)).startsWith("there is no pod of this name"));
        eventually(() -> assertThat(server.count(false)).isGreaterThan(2));
        assertThat(drain.state()).isEqualTo(DrainState.SERVING);
    }

    @Test
    void deletionCostFollowsWhatIsInFlightByMagnitude() throws IOException {
        String annotations = ",\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"3\"}";
        server.pod(pod("10", annotations, ""));
        inFlight.admit(new IdleWork(), EntryClass.STREAM, false);
        inFlight.admit(new IdleWork(), EntryClass.RUN, false);
        inFlight.admit(new IdleWork(), EntryClass.UNARY, false);
        OwnPod own = new OwnPod(client, "web-1", "", "not set");
        listeners.add(new DeletionCost(vertx, drain, inFlight, own, Duration.ofMillis(20)));
        startConnected();
        // Two have the magnitude of three.
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> server.patches("")
                .isEmpty());
        inFlight.admit(new IdleWork(), EntryClass.WEBSOCKET, false);
        inFlight.admit(new IdleWork(), EntryClass.TCP, false);
        eventually(() -> assertThat(server.patches("")).hasSize(1));
        assertThat(new JsonObject(server.patches("").get(0)))
                .isEqualTo(new JsonObject("{\"metadata\":{\"uid\":\"u1\",\"annotations\":"
                        + "{\"controller.kubernetes.io/pod-deletion-cost\":\"4\"}}}"));
        Awaitility.await()
                .during(Duration.ofMillis(200))
                .until(() -> server.patches("").size() == 1);
    }

    @Test
    void conditionOfTheGateFollowsTheDrainAndIsRepeatedUntilItIsTaken() throws IOException {
        AtomicInteger refused = new AtomicInteger();
        OwnPod own = new OwnPod(client, "web-1", "/status", "not set");
        ReadinessGate gate = new ReadinessGate(vertx, drain, own, "lastcall.dev/serving");
        gate.follow(context);
        listeners.add(gate);
        startConnected();
        eventually(() -> assertThat(server.patches("/status")).hasSize(1));
        assertThat(condition(0)).containsEntry("type", "lastcall.dev/serving").containsEntry("status", "True");
        server.answering((request, exchange) -> {
            if (refused.incrementAndGet() > 1) {
                server.behave();
            }
            exchange.status(403, "no");
        });
        drain.trigger(Trigger.OPERATOR);
        time.runPending();
        eventually(() -> assertThat(server.patches("/status")).hasSize(4));
        assertThat(condition(3)).containsEntry("status", "False").containsEntry("reason", "Draining");
        drain.undrain();
        time.runPending();
        eventually(() ->
                assertThat(condition(server.patches("/status").size() - 1)).containsEntry("status", "True"));
    }

    private Map<String, Object> condition(int place) {
        return new JsonObject(server.patches("/status").get(place))
                .getJsonObject("status")
                .getJsonArray("conditions")
                .getJsonObject(0)
                .getMap();
    }
}
