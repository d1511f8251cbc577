package dev.lastcall.management.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.lastcall.http.RawClient;
import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console of the packaged application in a real browser, protected by a token. Each test undoes its drain. */
class ConsoleIT {
    private static final String TOKEN = "s3cret";

    private static Chromium chromium;
    private static Pod pod;

    /** The browser's complaints: errors of scripts, violations of the content policy, answers that are missing. */
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        pod = Pod.start(Map.of("lastcall.management.token", TOKEN, "lastcall.fleet.pod", "pod-1"));
    }

    @AfterAll
    static void stop() {
        // Neither is there where there is no browser.
        if (pod != null) {
            pod.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void serveAgain() throws Exception {
        ask("DELETE");
    }

    @Test
    void drainByTheButtonIsSeenLiveAndUndone() throws Exception {
        try (BrowserContext context = context(TOKEN, true);
                RawClient client = new RawClient(pod.httpPort())) {
            Page page = open(context);
            assertThat(page.locator("h1")).containsText("Serving");
            assertThat(page.locator("#link")).hasText("Live");
            stream(client);
            assertThat(page.locator("#work")).containsText("/agent/stream");

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Drain this pod"))
                    .click();
            assertThat(page.locator("h1")).containsText("Lame duck");
            assertThat(page.locator("h1")).containsText("not ready");
            assertThat(page.locator("#announcement")).containsText("Lame duck. Not ready.");
            assertThat(page.locator(".now")).isVisible();
            assertThat(page).hasTitle("Lame duck · pod-1 · Lastcall");

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Undrain"))
                    .click();
            assertThat(page.locator("h1")).containsText("Serving");
            assertThat(page.locator("#past")).containsText("Undone");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void changeFromElsewhereShowsWithoutATouchAndKeepsTheFocus() throws Exception {
        try (BrowserContext context = context(TOKEN, true)) {
            Page page = open(context);
            assertThat(page.locator("#link")).hasText("Live");
            page.locator("#drain").focus();

            assertThat(ask("POST")).isEqualTo(202);
            assertThat(page.locator("h1")).containsText("Lame duck");
            assertThat(page.locator("#undrain")).isFocused();

            assertThat(ask("DELETE")).isEqualTo(200);
            assertThat(page.locator("h1")).containsText("Serving");
            assertThat(page.locator("#drain")).isFocused();
            assertThat(complaints).isEmpty();
        }
    }

    /** WCAG 2.4.3: whoever uses the keyboard stays where they are. */
    @Test
    void keyboardStaysOnTheButtonThatItPressed() throws Exception {
        try (BrowserContext context = context(TOKEN, true)) {
            Page page = open(context);
            assertThat(page.locator("#link")).hasText("Live");
            page.locator("#reason").fill("kernel <b>update</b>");
            page.keyboard().press("Tab");
            assertThat(page.locator("#drain")).isFocused();
            page.keyboard().press("Enter");

            assertThat(page.locator("h1")).containsText("Lame duck");
            assertThat(page.locator("#undrain")).isFocused();
            assertThat(page.locator("#triggers q")).hasText("kernel <b>update</b>");
            assertThat(page.locator("#triggers")).containsText("asked for by operator@");
            page.keyboard().press("Space");
            assertThat(page.locator("h1")).containsText("Serving");
            assertThat(page.locator("#drain")).isFocused();
            assertThat(page.locator("#past")).containsText("kernel <b>update</b>");
            page.navigate(pod.management("/rollout?window=15m").toString());
            assertThat(page.locator("#rollout")).containsText("kernel <b>update</b>");
            assertThat(page.locator("#link")).hasText("Live");
            assertThat(complaints).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void axeFindsNothingInAnyView(ColorScheme scheme) throws Exception {
        try (BrowserContext context = chromium.browser.newContext(
                new NewContextOptions().setColorScheme(scheme).setHttpCredentials("operator", TOKEN))) {
            Page page = open(context);
            List<String> found = new ArrayList<>(violations(page, "serving"));
            try (RawClient client = new RawClient(pod.httpPort())) {
                stream(client);
                page.locator("#drain").click();
                assertThat(page.locator("h1")).containsText("Lame duck");
                found.addAll(violations(page, "lame duck"));
            }
            page.locator("#undrain").click();
            assertThat(page.locator("h1")).containsText("Serving");
            page.setViewportSize(390, 800);
            found.addAll(violations(page, "narrow"));
            page.navigate(pod.management("/rollout").toString());
            found.addAll(violations(page, "narrow rollout"));
            page.setViewportSize(1280, 800);
            found.addAll(violations(page, "rollout"));
            assertThat(found).isEmpty();
        }
    }

    private static List<String> violations(Page page, String view) throws IOException {
        try (InputStream axe = ConsoleIT.class.getResourceAsStream("/axe.min.js")) {
            page.evaluate(new String(axe.readAllBytes(), UTF_8));
        }
        Object found = page.evaluate("axe.run().then(result => result.violations.map(each =>"
                + " each.id + ': ' + each.nodes.map(node => node.html).join(' | ')))");
        return ((List<?>) found).stream().map(each -> view + ": " + each).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390})
    void cutAndExitAreOnANarrowScreen(int width) throws Exception {
        ask("POST");
        ask("DELETE");
        try (BrowserContext context = context(TOKEN, true)) {
            Page page = open(context);
            page.setViewportSize(width, 800);
            assertThat(page.locator("#past tbody tr").first()).isVisible();

            assertThat(page.evaluate("Array.from(document.querySelectorAll('#past thead th'))"
                            + ".filter(head => ['Cut', 'Exit'].includes(head.textContent))"
                            + ".map(head => head.getBoundingClientRect().right <= " + width + ").join()"))
                    .isEqualTo("true,true");
        }
    }

    @Test
    void pageIsLiveAgainAfterThePodsRestart() {
        Map<String, String> settings =
                Map.of("lastcall.fleet.pod", "pod-2", "quarkus.management.port", String.valueOf(FreePort.next()));
        try (BrowserContext context = chromium.browser.newContext()) {
            Page page = context.newPage();
            try (Pod first = Pod.start(settings)) {
                page.navigate(first.management("/").toString());
                assertThat(page.locator("#link")).hasText("Live");
                first.signal("KILL");
                assertThat(page.locator("#link")).containsText("Not connected");
            }
            try (Pod second = Pod.start(settings)) {
                assertThat(page.locator("#link"))
                        .hasText("Live", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
                page.locator("#drain").click();
                assertThat(page.locator("h1")).containsText("Lame duck");
                assertThat(second.isRunning()).isTrue();
            }
        }
    }

    @Test
    void pageWorksWithoutScripts() throws Exception {
        try (BrowserContext context = context(TOKEN, false);
                RawClient client = new RawClient(pod.httpPort())) {
            stream(client);
            Page page = open(context);
            assertThat(page.locator("h1")).containsText("Serving");
            assertThat(page.locator("#work")).containsText("/agent/stream");

            page.locator("#reason").fill("no scripts");
            page.locator("#drain").click();
            assertThat(page.locator("h1")).containsText("Lame duck");
            assertThat(page.locator("#triggers q")).hasText("no scripts");
            assertThat(page.locator("#budget")).containsText("Cancelling");
            page.navigate(pod.management("/rollout").toString());
            assertThat(page.locator("#rollout")).containsText("pod-1");
            page.navigate(pod.management("/").toString());

            page.locator("#undrain").click();
            assertThat(page.locator("h1")).containsText("Serving");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void withAWrongTokenThereIsNoConsole() {
        try (BrowserContext context = context("wrong", true)) {
            Page page = context.newPage();
            var response = page.navigate(pod.management("/").toString());

            assertThat(response.status()).isEqualTo(401);
            assertThat(page.content()).doesNotContain("Drain this pod").doesNotContain(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1280})
    void nothingIsWiderThanTheScreen(int width) {
        try (BrowserContext context = context(TOKEN, true)) {
            Page page = open(context);
            page.setViewportSize(width, 800);

            assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        }
    }

    private static BrowserContext context(String token, boolean scripts) {
        return chromium.browser.newContext(
                new NewContextOptions().setJavaScriptEnabled(scripts).setHttpCredentials("operator", token));
    }

    private Page open(BrowserContext context) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        assertThat(page.navigate(pod.management("/").toString()).status()).isEqualTo(200);
        return page;
    }

    private static void stream(RawClient client) throws Exception {
        String body = "{\"input\":\"count to 2000\"}";
        client.send(
                "POST /agent/stream HTTP/1.1",
                "Host: a",
                "Content-Type: application/json",
                "Content-Length: " + body.length(),
                "");
        client.write(body).readTo("event-stream");
    }

    private static int ask(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(pod.management("/drain"))
                .header("Authorization", "Bearer " + TOKEN)
                .method(method, BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
