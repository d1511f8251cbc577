package dev.lastcall.management.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.fleet.PastDrain;
import dev.lastcall.fleet.Peer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutPageTest {
    private static final Instant NOW = Instant.parse("2026-01-02T04:00:00Z");

    @Test
    void allPodsAreOnOneAxisTheDeadOnesTooAndLossesAreMarked() {
        String page = page(
                List.of(
                        peer("new-1", "serving", null, "http://10.1.2.3:9000"),
                        peer("old-3", "draining", NOW.minusSeconds(8), null)),
                List.of(
                        drain("old-1", PastDrain.Ending.ENDED, """
                                {"exit-code": 1, "cut": 3, "reason": "<b>why</b>",
                                 "stages": [{"stage": "lame-duck", "lasted-ms": 10000}, {"stage": "draining", "lasted-ms": 5000}]}"""),
                        drain("old-2", PastDrain.Ending.LOST, "{\"state\": \"serving\"}"),
                        drain("old-0", PastDrain.Ending.ENDED, "{\"exit-code\": 0, \"cut\": 0}")));

        assertThat(page)
                .contains("<a href=\"http://10.1.2.3:9000\" rel=\"noreferrer\">new-1</a>")
                .contains("<th scope=\"row\">old-3</th>", "<th scope=\"row\">old-1</th>")
                .contains("2 of 5 with losses", "exit 1, 3 cut", "✕ Lost", "exit 0")
                .contains("s-lame-duck", "s-draining", "s-lost")
                .contains("&lt;b&gt;why&lt;/b&gt;")
                .doesNotContain("<b>why");
        assertThat(page.split("class=\"loss\"", -1)).hasSize(3);
    }

    @Test
    void reportOfAnybodysHarmsNoPage() {
        String page = page(
                List.of(),
                List.of(
                        drain("<script>alert(1)</script>", PastDrain.Ending.ENDED, """
                                {"cut": "many", "stages": [7, {"stage": "'><script>", "lasted-ms": 1}, {"stage": "x", "lasted-ms": -5},
                                 {"stage": "y", "lasted-ms": 99999999999999999}], "exit-code": "<i>"}"""),
                        new PastDrain(
                                "backwards",
                                "i",
                                1,
                                PastDrain.Ending.ENDED,
                                NOW,
                                NOW.minusSeconds(3600),
                                new JsonObject().put("unreadable", true))));

        assertThat(page).doesNotContain("<script>alert", "'><script>", "<i>").contains("backwards", "No losses");
    }

    @Test
    void pageIsBounded() {
        List<PastDrain> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(drain("pod-" + i, PastDrain.Ending.ENDED, "{}"));
        }

        assertThat(page(List.of(), many).split("<tr>", -1)).hasSize(Lane.MOST + 2);
    }

    @Test
    void silentHistoryIsSaidAndPodsThatLiveAreThere() {
        String page = RolloutPage.whole(
                new RolloutView(
                        "me",
                        "i",
                        NOW,
                        Duration.ofHours(1),
                        List.of(peer("a", "drained", NOW.minusSeconds(5), null)),
                        null),
                List.of("1h"),
                "1h");

        assertThat(page).contains("The history does not answer", "<th scope=\"row\">a</th>", "Drained");
    }

    private static String page(List<Peer> peers, List<PastDrain> past) {
        return RolloutPage.whole(
                new RolloutView("me", "i", NOW, Duration.ofHours(1), peers, past), List.of("15m", "1h"), "1h");
    }

    private static Peer peer(String pod, String state, @Nullable Instant began, @Nullable String console) {
        return new Peer(pod, "of-" + pod, state, began == null, began, null, 2, Duration.ZERO, console);
    }

    private static PastDrain drain(String pod, PastDrain.Ending ending, String report) {
        Instant end = NOW.minusSeconds(600);
        return new PastDrain(pod, "of-" + pod, 1, ending, end.minusSeconds(20), end, new JsonObject(report));
    }
}
