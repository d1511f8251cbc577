package dev.lastcall.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.FakeTime;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubeletProbesTest {
    private final FakeTime time = new FakeTime();
    private final Logger log = Logger.getLogger("dev.lastcall.management");
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        log.addHandler(handler);
    }

    @AfterEach
    void stop() {
        log.removeHandler(handler);
    }

    @Test
    void podThatNobodyProbesSaysSoOnceAfterAMinute() {
        new KubeletProbes(time, true).begin();
        time.advance(KubeletProbes.PATIENCE.minusMillis(1));
        assertThat(lines).isEmpty();
        time.advance(KubeletProbes.PATIENCE);
        time.advance(KubeletProbes.PATIENCE);
        assertThat(lines).singleElement().asString().startsWith("WARN nobody has asked port 9000");
    }

    @Test
    void processOutsideOfAPodIsNotProbed() {
        new KubeletProbes(time, false).begin();
        time.advance(KubeletProbes.PATIENCE);
        assertThat(lines).isEmpty();
    }
}
