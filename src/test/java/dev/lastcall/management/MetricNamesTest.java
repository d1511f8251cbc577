package dev.lastcall.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MetricNamesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    MetricNamesTest() {
        registry.config().meterFilter(MetricNames.filter());
    }

    @Test
    void labelsAreInSnakeCaseAndEveryMetricHasAText() {
        registry.counter("redis.reset", "clientName", "a", "uri", "b").increment();

        var id = registry.get("redis.reset").counter().getId();
        assertThat(id.getTag("client_name")).isEqualTo("a");
        assertThat(id.getTag("clientName")).isNull();
        assertThat(id.getDescription()).isEqualTo("redis reset");
    }

    @Test
    void timersOfWhatIsUnderWayAreLeftOut() {
        LongTaskTimer.builder("redis.connections").register(registry);

        assertThat(registry.find("redis.connections").meters()).isEmpty();
    }
}
