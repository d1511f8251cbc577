package dev.lastcall.rehearsal.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.lastcall.management.console.Chromium;
import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.load.LoadKind;
import dev.lastcall.rehearsal.load.LoadLedger;
import dev.lastcall.rehearsal.load.Loss;
import dev.lastcall.rehearsal.pod.PodEvent;
import dev.lastcall.rehearsal.pod.PodHistory;
import dev.lastcall.rehearsal.pod.PodPhase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser shows it. */
class HtmlReportIT {
    private static final String HOSTILE = "<script>document.title = 'taken'</script>" + "x".repeat(300);

    @TempDir
    Path folder;

    private static RehearsalResult result() {
        PodHistory pod = new PodHistory("pod-1");
        pod.add(PodEvent.Kind.STARTED, Duration.ZERO, "");
        pod.add(PodEvent.Kind.READY, Duration.ofSeconds(2), "");
        pod.add(PodEvent.Kind.ENDING, Duration.ofSeconds(5), "");
        pod.add(PodEvent.Kind.TERM_SENT, Duration.ofSeconds(5), "");
        pod.add(PodEvent.Kind.WITHDRAWN, Duration.ofSeconds(7), "");
        pod.add(PodEvent.Kind.EXITED, Duration.ofSeconds(9), "exit code 0");
        LoadLedger ledger = new LoadLedger();
        ledger.served(LoadKind.SHORT, Duration.ofMillis(5));
        ledger.lost(new Loss(
                Duration.ofMillis(5500),
                Duration.ofMillis(5400),
                LoadKind.SHORT,
                LossKind.REFUSED,
                HOSTILE,
                "pod-1",
                Optional.of(PodPhase.TERMINATING),
                Optional.of(Duration.ofMillis(500)),
                0,
                false));
        return new RehearsalResult(
                "app " + HOSTILE,
                Map.of("grace", "30s"),
                Map.of(LoadKind.SHORT, "GET /" + "y".repeat(300) + ": 200"),
                Duration.ofSeconds(10),
                ledger,
                List.of(pod));
    }

    @Test
    void isReadableOnAnyScreenAndAsksForNothingElse() throws Exception {
        Path file = Files.writeString(folder.resolve("report.html"), HtmlReport.of(result()));
        try (Chromium chromium = Chromium.start()) {
            String light = look(chromium, file, 390, ColorScheme.LIGHT);
            String dark = look(chromium, file, 1280, ColorScheme.DARK);
            assertThat(light).isNotEqualTo(dark);
        }
    }

    private static String look(Chromium chromium, Path file, int width, ColorScheme scheme) {
        List<String> asked = new ArrayList<>();
        try (BrowserContext context = chromium.browser.newContext(
                new NewContextOptions().setViewportSize(width, 800).setColorScheme(scheme))) {
            Page page = context.newPage();
            page.onRequest(request -> asked.add(request.url()));
            page.navigate(file.toUri().toString());
            assertThat(page.title()).isEqualTo("Rehearsal: 1 of 2 requests lost, 1 pod replaced");
            assertThat(page.locator(".verdict").innerText()).contains("1 of 2 requests lost");
            assertThat(page.locator("svg rect.loss").count()).isEqualTo(1);
            assertThat(page.locator("svg rect.withdrawn").count()).isEqualTo(1);
            assertThat(page.locator("svg rect.serving").boundingBox().width)
                    .isGreaterThan(page.locator("svg rect.withdrawn").boundingBox().width);
            assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                    .isEqualTo(true);
            assertThat(asked).hasSize(1);
            return String.valueOf(page.evaluate("getComputedStyle(document.body).backgroundColor"));
        }
    }
}
