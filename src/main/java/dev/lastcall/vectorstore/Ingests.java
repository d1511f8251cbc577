package dev.lastcall.vectorstore;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainListener;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.Outcome;
import dev.lastcall.embedding.EmbeddingModels;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Embeds the files that were attached to stores, on threads of its own. In PostgreSQL any pod takes what nobody embeds; a pod that drains
 * commits the batch under way and gives the rest away, and where it is killed its files are free after their lease. In memory a drain waits
 * for them, as for any work that cannot go on elsewhere. Thread-safe.
 */
final class Ingests implements DrainListener {
    private static final Logger LOG = Logger.getLogger(Ingests.class);
    /** The longest wait between two looks for what other pods have left. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final VectorStorage storage;
    private final EmbeddingModels models;
    private final Drain drain;
    private final InFlight inFlight;
    private final IngestSettings settings;
    private final Set<Ingest> underWay = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    // Guarded by the lock.
    private long attached;
    private boolean closed;

    Ingests(VectorStorage storage, EmbeddingModels models, Drain drain, InFlight inFlight, IngestSettings settings) {
        this.storage = storage;
        this.models = models;
        this.drain = drain;
        this.inFlight = inFlight;
        this.settings = settings;
    }

    /** Starts to look for files. */
    void start() {
        drain.subscribe(this);
        for (int i = 0; i < settings.atOnce(); i++) {
            Thread thread = new Thread(this::serve, "lastcall-ingest-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** There is a file to embed. */
    void look() {
        lock.lock();
        try {
            attached++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int count() {
        return underWay.size();
    }

    @Override
    public void noted(Note note) {
        boolean gives = note.event() == Note.Event.STATE
                && (storage.durable() ? note.state() == DrainState.DRAINING : note.state() == DrainState.RELEASING);
        if (gives) {
            underWay.forEach(Ingest::giveBack);
        } else if (note.state() == DrainState.SERVING) {
            look();
        }
    }

    private void serve() {
        try {
            while (!isClosed()) {
                // Asked before it is looked: what comes in between is no news that was missed.
                long seen = attached();
                boolean found = drain.state() == DrainState.SERVING && embedNext();
                if (!found) {
                    await(seen);
                }
            }
        } catch (InterruptedException e) {
            // The release does not wait any longer; the lease ends by itself.
            Thread.currentThread().interrupt();
        }
    }

    private long attached() {
        lock.lock();
        try {
            return attached;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for news after those that were seen, or until it is time to look anyway. */
    private void await(long seen) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = LOOK.toNanos();
            while (attached == seen && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Embeds one file; false where there is none, or none can be taken now. */
    private boolean embedNext() throws InterruptedException {
        try {
            Optional<IngestClaim> claim = storage.ingests().claim(settings.lease());
            if (claim.isEmpty()) {
                return false;
            }
            embed(claim.get());
            return true;
        } catch (SQLException e) {
            LOG.warnf("vector stores: PostgreSQL does not answer: %s", e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.error("vector stores: an ingest failed", e);
            return false;
        }
    }

    private void embed(IngestClaim claim) throws InterruptedException, SQLException {
        Ingest ingest = new Ingest(claim, storage.ingests(), models, settings);
        if (!(inFlight.admit(ingest, EntryClass.RUN, false) instanceof Entry entry)) {
            storage.ingests().giveBack(claim);
            return;
        }
        underWay.add(ingest);
        Outcome outcome = storage.durable() ? Outcome.HANDED_OFF : Outcome.LOST;
        try {
            // The drain may have begun before this was to be found among those under way.
            if (drain.state() != DrainState.SERVING && drain.state() != DrainState.LAME_DUCK && storage.durable()) {
                ingest.giveBack();
            }
            boolean over = ingest.run();
            outcome = over ? Outcome.COMPLETED : outcome;
        } finally {
            underWay.remove(ingest);
            entry.end(outcome);
        }
    }

    /** Gives everything back and waits for the threads' ends. */
    void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
        underWay.forEach(Ingest::giveBack);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }
}
