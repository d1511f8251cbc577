package dev.lastcall.management;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The metrics for whoever scrapes them, before Quarkus' own answer, which gives OpenMetrics to everyone who takes anything, has no compression, and
 * refuses browsers. Answered on the event loop, since stuck workers are a reason to look.
 */
@Singleton
// Of micrometer's two registries for Prometheus Quarkus' extension brings the older one.
@SuppressWarnings("deprecation")
final class MetricsPage implements Handler<RoutingContext> {
    static final String PATH = "/q/metrics";
    /** Right behind the guards. */
    private static final int ORDER = Integer.MIN_VALUE + 1;
    /** A gauge that has no value now is left out: in sums and in pictures it would take the others with it. */
    private static final Pattern WITHOUT_VALUE = Pattern.compile("(?m)^[^#].* NaN( [0-9.]+)?\\n");

    /** Allowed in the text, but not written by most: who greps for labels need not know of it. */
    private static final Pattern LAST_COMMA = Pattern.compile("(?m)\",} ([^ \"\\n]+)$");

    private final PrometheusMeterRegistry registry;

    MetricsPage(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    void mountOn(@Observes ManagementInterface management) {
        management.router().route(PATH).order(ORDER).handler(new MethodRouter().reads(HttpMethod.GET, this));
    }

    @Override
    public void handle(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        String type = MediaRanges.of(request.headers().getAll("Accept")).prefersOpenMetrics()
                ? TextFormat.CONTENT_TYPE_OPENMETRICS_100
                : TextFormat.CONTENT_TYPE_004;
        String text = LAST_COMMA
                .matcher(WITHOUT_VALUE.matcher(registry.scrape(type)).replaceAll(""))
                .replaceAll("\"} $1");
        HttpServerResponse response = exchange.response()
                .putHeader("Content-Type", type)
                .putHeader("Vary", "Accept, Accept-Encoding")
                .putHeader("Cache-Control", "no-store");
        if (MediaRanges.of(request.headers().getAll("Accept-Encoding")).takes("gzip")) {
            response.putHeader("Content-Encoding", "gzip").end(compressed(text));
        } else {
            response.end(text);
        }
    }

    private static Buffer compressed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
