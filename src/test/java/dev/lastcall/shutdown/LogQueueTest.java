package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogQueueTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<String> written = new CopyOnWriteArrayList<>();
    private final CountDownLatch reader = new CountDownLatch(1);
    private final LogQueue queue = new LogQueue(new Handler() {
        @Override
        public void publish(LogRecord record) {
            try {
                reader.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            written.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    });

    @AfterEach
    void readerComes() {
        reader.countDown();
    }

    private void log(String message) {
        queue.publish(new ExtLogRecord(Level.INFO, message, ""));
    }

    /** Starts a thread that logs as the one that reads a supervised program's output. */
    private Thread chatter(int lines) {
        Thread thread = new Thread(
                () -> {
                    for (int i = 0; i < lines; i++) {
                        log("line " + i);
                    }
                },
                "lastcall-output-app");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void nobodyWaitsForAReaderWhoHasGone() throws InterruptedException {
        Thread program = chatter(LogQueue.MOST_RECORDS * 3);
        program.join(LIMIT.toMillis());
        assertThat(program.isAlive()).as("the program's reader").isFalse();
        log("drain state=draining");
        assertThat(queue.awaitWritten(Duration.ofMillis(10))).isFalse();
        assertThat(queue.dropped()).isEqualTo(LogQueue.MOST_RECORDS * 3 - LogQueue.MOST_RECORDS / 2 - 1);
        reader.countDown();
        // Nobody is waited for whose write began long ago, until the writer has gone on.
        await().atMost(LIMIT).until(() -> queue.awaitWritten(LIMIT));
        assertThat(written).contains("drain state=draining", "line 0");
        assertThat(written)
                .filteredOn(line -> line.startsWith("log lines dropped"))
                .singleElement()
                .isEqualTo("log lines dropped count=" + queue.dropped() + ": nobody read them in time");
    }

    @Test
    void programThatSaysMoreThanIsReadWaitsAndLosesNothing() throws InterruptedException {
        reader.countDown();
        Thread program = chatter(100_000);
        program.join(LIMIT.toMillis());
        assertThat(queue.awaitWritten(LIMIT)).isTrue();
        assertThat(queue.dropped()).isZero();
        assertThat(written).hasSize(100_000).startsWith("line 0").endsWith("line 99999");
    }

    @Test
    void ourOwnLinesHaveRoomBesideAProgramsAndABound() {
        chatter(LogQueue.MOST_RECORDS);
        for (int i = 0; i < 100; i++) {
            log("own " + i);
        }
        for (int i = 0; i < 2 * LogQueue.MOST_RECORDS; i++) {
            log("x".repeat(1000));
        }
        assertThat(queue.dropped()).isGreaterThan(LogQueue.MOST_RECORDS);
        reader.countDown();
        await().atMost(LIMIT).until(() -> queue.awaitWritten(LIMIT));
        assertThat(written).contains("own 0", "own 99");
    }

    @Test
    void lineSaysWhatItsParametersWereWhenItWasLogged() {
        StringBuilder changing = new StringBuilder("then");
        ExtLogRecord entry = new ExtLogRecord(Level.INFO, "%s", ExtLogRecord.FormatStyle.PRINTF, "");
        entry.setParameters(new Object[] {changing});
        queue.publish(entry);
        changing.replace(0, 4, "later");
        reader.countDown();
        assertThat(queue.awaitWritten(LIMIT)).isTrue();
        assertThat(written).containsExactly("then");
    }
}
