package dev.lastcall.rehearsal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The pod to which a node sends a new connection. */
class EndpointsTest {
    private final Endpoints<String> endpoints = new Endpoints<>(2);
    private final Random random = new Random(1);

    @Test
    void endingPodIsTheLastResortOfANodeWithoutAReadyOne() {
        endpoints.add("old");
        endpoints.keepForNone(0, "old");
        assertThat(endpoints.pick(0, random)).hasValue("old");
        endpoints.add("new");
        assertThat(endpoints.pick(0, random)).hasValue("new");
        assertThat(endpoints.has(0, "old")).isFalse();
        assertThat(endpoints.has(1, "old"))
                .describedAs("a node that has not heard of it")
                .isTrue();
        endpoints.remove(0, "new");
        assertThat(endpoints.pick(0, random)).hasValue("old");
    }

    @Test
    void endingPodThatServesNoMoreIsNobodys() {
        endpoints.add("old");
        endpoints.keepForNone(0, "old");
        endpoints.remove(0, "old");
        assertThat(endpoints.pick(0, random)).isEmpty();
    }
}
