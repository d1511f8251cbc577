package dev.lastcall.management;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.StatusTable;
import dev.lastcall.drain.Trigger;
import dev.lastcall.fleet.FleetAlone;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console as a browser without scripts gets it. */
class ConsoleTest {
    private final Port port = new Port();

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void pageTellsThePlainFactsWhileServing() throws Exception {
        port.admit("/slow", EntryClass.STREAM);
        port.steps.register(step("search-index"));

        String page = page();

        assertThat(page)
                .contains("<title>Serving · " + FleetAlone.POD + " · Lastcall</title>")
                .contains("New requests are served.", ">ready<", "Drain this pod", "<code>/slow</code>")
                .contains(
                        "<dt>stream</dt><dd>1</dd>",
                        "<b>search-index</b>",
                        "<td class=\"number\">22.0 s</td>",
                        "<td class=\"number\">29.0 s</td>")
                .contains("set <code>quarkus.redis.hosts</code>", "set <code>quarkus.datasource.jdbc.url</code>");
    }

    @Test
    void drainUnderWayShowsItsBudgetRunningDown() throws Exception {
        port.admit("/slow");
        port.drain.trigger(Trigger.SIGTERM);
        port.time.advance(ofSeconds(12));

        assertThat(page())
                .contains("Draining", ">not ready<", "17.0 s", "03:04:34", "by sigterm")
                .contains("now · 12 s", "aria-current=\"step\"", "12.0 s of 30.0 s are over.")
                .contains("This drain cannot be undone from here: the pod is being ended.")
                .doesNotContain("<button");
    }

    @Test
    void cancellingShowsWhatRemainsAndWhenItIsCut() throws Exception {
        port.admit("/stuck", EntryClass.STREAM);
        port.drain.trigger(Trigger.SIGTERM);
        port.time.advance(ofSeconds(23));

        assertThat(port.drain.state()).isEqualTo(DrainState.CANCELLING);
        assertThat(page())
                .contains(
                        "What is still in flight has been told to end now. Whatever is left at ",
                        "03:04:30</time> UTC is cut.")
                .contains("<code>/stuck</code>", "told to end");
    }

    @Test
    void operatorsDrainCanBeUndoneByAFormAlone() throws Exception {
        HttpResponse<String> drained = port.send("POST", "/console/drain");
        assertThat(drained.statusCode()).isEqualTo(303);
        assertThat(drained.headers().firstValue("Location")).hasValue("/");
        assertThat(port.drain.state()).isEqualTo(DrainState.LAME_DUCK);
        assertThat(page()).contains("action=\"/console/undrain\"", "No deadline");

        assertThat(port.send("POST", "/console/undrain").statusCode()).isEqualTo(303);
        port.time.advance(ofSeconds(0));

        assertThat(port.drain.state()).isEqualTo(DrainState.SERVING);
        assertThat(page()).contains("<td>Undone</td>", ">operator</td>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/here"})
    void nothingThatAClientSendsBecomesMarkup(String path) throws Exception {
        port.admit("/<script>alert(1)</script>'\"&\u0000\u202e");
        port.rooms.add(() -> new StatusTable("<b>", List.of("<i>"), List.of(List.of("<u>"))));

        assertThat(port.send("GET", path).body())
                .contains("<code>/&lt;script&gt;alert(1)&lt;/script&gt;&#39;&quot;&amp;\ufffd\ufffd</code>")
                .contains("&lt;b&gt;", "&lt;i&gt;", "&lt;u&gt;")
                .doesNotContain("<script>alert", "<b><", "<i>", "<u>");
    }

    @Test
    void roomThatFailsCostsOnlyItsOwnTable() throws Exception {
        port.rooms.add(() -> {
            throw new IllegalStateException("no luck");
        });
        port.rooms.add(
                () -> new StatusTable("Runs owned", List.of("Run", "State"), List.of(List.of("r-1", "running"))));

        assertThat(page()).contains("Runs owned", "r-1", "In flight").doesNotContain("no luck");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/here", "/console/fleet"})
    void contentPolicyForbidsForeignOrigins(String path) throws Exception {
        var headers = port.send("GET", path).headers();

        assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; ")
                .contains("frame-ancestors 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void pageNeedsNothingInlineAndNothingFromElsewhere() throws Exception {
        assertThat(page()).doesNotContain("style=", "<style", "onclick", "http://", "https://", "javascript:");
        for (String asset : List.of("/console/console.css", "/console/console.js", "/console/icon.svg")) {
            assertThat(page()).as(asset).contains("\"" + asset + "\"");
            assertThat(port.send("GET", asset).statusCode()).isEqualTo(200);
        }
    }

    private String page() throws Exception {
        HttpResponse<String> response = port.send("GET", "/");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        return response.body();
    }

    private static ReleaseStep step(String name) {
        return new ReleaseStep() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void release() {}
        };
    }
}
