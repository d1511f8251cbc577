package dev.lastcall.run.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunIdTest {
    @Test
    void carriesItsMillisecondAndSaysVersionSeven() {
        UUID id = RunId.at(0x0123_4567_89abL);

        assertThat(id.toString()).startsWith("01234567-89ab-7");
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(RunId.at(1));
        }

        assertThat(ids).hasSize(10_000);
    }

    @Test
    void laterIdsSortLater() {
        assertThat(RunId.at(2).toString()).isGreaterThan(RunId.at(1).toString());
    }
}
