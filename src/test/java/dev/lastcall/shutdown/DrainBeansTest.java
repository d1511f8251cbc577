package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.InFlight;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DrainBeansTest {
    @Inject
    DrainSettings settings;

    @Inject
    Drain drain;

    @Inject
    InFlight inFlight;

    @Test
    void configuredDefaultsAreTheEnginesDefaults() {
        assertThat(settings).isEqualTo(DrainSettings.defaults());
    }

    @Test
    void theEngineIsWiredAsBeans() {
        assertThat(drain.ready()).isTrue();
        assertThat(inFlight.count()).isZero();
    }
}
