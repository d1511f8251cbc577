package dev.lastcall.shutdown;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log on a thread of its own: where nobody reads our standard output, its pipe is full and a write never returns, and a drain
 * must not wait for that. The queue is bounded; what finds no room is dropped and counted, and the number is said once there is room again.
 * A supervised program's output gets half of the room, and waits for it as long as the log is read at all. Thread-safe.
 */
final class LogQueue extends ExtHandler {
    static final int MOST_RECORDS = 4096;
    static final int MOST_CHARACTERS = 2 << 20;
    /** The time that a write may take before its reader counts as gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** The characters that a record takes besides its message, roughly. */
    private static final int OVERHEAD = 256;

    private static final ExtFormatter MESSAGES = new ExtFormatter() {
        @Override
        public String format(ExtLogRecord entry) {
            return formatMessage(entry);
        }
    };

    private static volatile @Nullable LogQueue installed;

    private final ReentrantLock monitor = new ReentrantLock();
    private final Condition more = monitor.newCondition();
    private final Condition less = monitor.newCondition();
    private final Thread writer;

    // Guarded by the monitor.
    private final Deque<ExtLogRecord> records = new ArrayDeque<>();
    private long characters;
    private boolean writing;
    private long writeBegan;
    private long dropped;
    private long droppedUnsaid;

    /** Writes to these, which nobody else writes to from now on. */
    LogQueue(Handler... targets) {
        setHandlers(targets);
        writer = new Thread(this::write, "lastcall-log");
        writer.setDaemon(true);
        writer.start();
    }

    /** Puts a queue before every handler of the root logger. */
    static void install() {
        if (installed != null) {
            return;
        }
        for (Handler each : LogManager.getLogManager().getLogger("").getHandlers()) {
            // Quarkus has one handler there, which passes on to all others.
            if (each instanceof ExtHandler root && root.getHandlers().length > 0) {
                LogQueue queue = new LogQueue(root.getHandlers());
                root.setHandlers(new Handler[] {queue});
                installed = queue;
            }
        }
    }

    /** Waits until all is written that was logged until now; no longer than this, nor for a reader who has gone. */
    static void flush(Duration limit) {
        LogQueue queue = installed;
        if (queue != null) {
            queue.awaitWritten(limit);
        }
    }

    /** How many lines were dropped since the start. */
    static long droppedLines() {
        LogQueue queue = installed;
        return queue == null ? 0 : queue.dropped();
    }

    long dropped() {
        monitor.lock();
        try {
            return dropped;
        } finally {
            monitor.unlock();
        }
    }

    @Override
    protected void doPublish(ExtLogRecord entry) {
        if (Thread.currentThread() == writer) {
            // A handler that logs itself: in the queue it could wait for its own end.
            publishToNestedHandlers(entry);
            return;
        }
        freeze(entry);
        boolean output = Thread.currentThread().getName().startsWith("lastcall-output-");
        monitor.lock();
        try {
            if (hasRoom(output) || (output && awaitRoom())) {
                records.add(entry);
                characters += size(entry);
                more.signal();
            } else {
                dropped++;
                droppedUnsaid++;
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Fixes everything in a record that depends on the thread or on objects that change. */
    private void freeze(ExtLogRecord entry) {
        if (isCallerCalculationRequired()) {
            entry.copyAll();
        } else {
            entry.disableCallerCalculation();
            entry.copyMdc();
        }
        Object[] parameters = entry.getParameters();
        if (parameters != null && parameters.length > 0) {
            entry.setMessage(MESSAGES.format(entry), ExtLogRecord.FormatStyle.NO_FORMAT);
            entry.setParameters(null);
        }
    }

    private static int size(ExtLogRecord entry) {
        String message = entry.getMessage();
        return OVERHEAD + (message == null ? 0 : message.length());
    }

    private boolean hasRoom(boolean output) {
        int share = output ? 2 : 1;
        return records.size() < MOST_RECORDS / share && characters < MOST_CHARACTERS / share;
    }

    /** Back-pressure for a program that says more than is read; never for one whose reader has gone. */
    private boolean awaitRoom() {
        try {
            while (!hasRoom(true)) {
                long left = writing ? PATIENCE.toNanos() - (System.nanoTime() - writeBegan) : PATIENCE.toNanos();
                if (left <= 0) {
                    return false;
                }
                less.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void write() {
        try {
            while (true) {
                publishToNestedHandlers(take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ExtLogRecord take() throws InterruptedException {
        monitor.lock();
        try {
            writing = false;
            less.signalAll();
            while (records.isEmpty() && droppedUnsaid == 0) {
                more.await();
            }
            writing = true;
            writeBegan = System.nanoTime();
            if (droppedUnsaid > 0) {
                return droppedRecord();
            }
            ExtLogRecord next = records.remove();
            characters -= size(next);
            return next;
        } finally {
            monitor.unlock();
        }
    }

    private ExtLogRecord droppedRecord() {
        ExtLogRecord said = new ExtLogRecord(
                Level.WARNING, "log lines dropped count=" + droppedUnsaid + ": nobody read them in time", "");
        said.setLoggerName("dev.lastcall.log");
        droppedUnsaid = 0;
        return said;
    }

    /** Whether all was written. */
    boolean awaitWritten(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        monitor.lock();
        try {
            while (writing || !records.isEmpty() || droppedUnsaid > 0) {
                long left = end - System.nanoTime();
                if (left <= 0 || (writing && System.nanoTime() - writeBegan > PATIENCE.toNanos())) {
                    return false;
                }
                less.awaitNanos(Math.min(left, PATIENCE.toNanos()));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            monitor.unlock();
        }
    }

    /** Does nothing: whoever writes flushes, and a flush may hang as a write does. */
    @Override
    public void flush() {}

    @Override
    public void close() {
        awaitWritten(PATIENCE);
        Arrays.stream(getHandlers()).forEach(target -> {
            if (awaitWritten(Duration.ZERO)) {
                target.close();
            }
        });
    }
}
