package dev.lastcall.vectorstore;

import dev.lastcall.drain.Work;
import dev.lastcall.embedding.Embedded;
import dev.lastcall.embedding.EmbeddingModels;
import dev.lastcall.embedding.EmbeddingRequest;
import dev.lastcall.embedding.UnitVectors;
import dev.lastcall.model.ModelFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * One file's way to vectors: cut, embed a batch, commit it, and so on from the first chunk that is not committed. Whatever happens between two
 * commits is done again by whoever comes next, and a chunk is committed once: its place in the file is its name.
 */
final class Ingest implements Work {
    private static final Logger LOG = Logger.getLogger(Ingest.class);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final IngestClaim claim;
    private final IngestQueue queue;
    private final EmbeddingModels models;
    private final IngestSettings settings;
    private final CountDownLatch given = new CountDownLatch(1);

    Ingest(IngestClaim claim, IngestQueue queue, EmbeddingModels models, IngestSettings settings) {
        this.claim = claim;
        this.queue = queue;
        this.models = models;
        this.settings = settings;
    }

    /** Another pod is to go on with it, after the batch under way. */
    void giveBack() {
        given.countDown();
    }

    private boolean isGiven() {
        return given.getCount() == 0;
    }

    /** Returns true where nothing is left to do for anybody, or the claim is another's; false where it was given back. */
    boolean run() throws InterruptedException, SQLException {
        if (claim.losses() > IngestSettings.LOSSES) {
            queue.fail(claim, "server_error: the pods that embedded this file were lost " + claim.losses() + " times");
            return true;
        }
        List<String> chunks = Chunker.chunks(claim.text(), claim.chunking());
        if (chunks.isEmpty()) {
            queue.fail(claim, "invalid_file: the file has no text");
            return true;
        }
        int done = claim.done();
        while (done < chunks.size()) {
            if (isGiven()) {
                queue.giveBack(claim);
                return false;
            }
            int to = Math.min(chunks.size(), done + settings.batch());
            List<EmbeddedChunk> batch;
            try {
                batch = embedded(chunks, done, to);
            } catch (ModelFailure e) {
                if (isGiven()) {
                    continue;
                }
                LOG.warnf("file not embedded store=%s file=%s reason=%s", claim.store(), claim.file(), e.detail());
                queue.fail(claim, "server_error: " + e.detail());
                return true;
            }
            if (batch.isEmpty() || !committed(done, batch, chunks.size())) {
                // Fenced, or the file is gone.
                return true;
            }
            done = to;
        }
        return true;
    }

    /** The vectors of a batch; none where the claim was lost meanwhile. */
    private List<EmbeddedChunk> embedded(List<String> chunks, int from, int to)
            throws InterruptedException, SQLException {
        List<String> texts = chunks.subList(from, to);
        for (int attempt = 1; ; attempt++) {
            try {
                Embedded answer = vectors(texts);
                List<EmbeddedChunk> embedded = new ArrayList<>();
                for (int i = 0; answer != null && i < texts.size(); i++) {
                    float[] vector = answer.vectors().get(i).clone();
                    UnitVectors.normalise(vector);
                    embedded.add(new EmbeddedChunk(from + i, texts.get(i), vector));
                }
                return embedded;
            } catch (ModelFailure e) {
                boolean passing = e.status() == 0 || e.status() == 429 || e.status() >= 500;
                if (!passing || attempt >= IngestSettings.ATTEMPTS || waited(attempt)) {
                    throw e;
                }
            }
        }
    }

    /** Whether it was given back while it waited for the next attempt. */
    private boolean waited(int attempt) throws InterruptedException, SQLException {
        Duration longer = settings.retry().multipliedBy(1L << (attempt - 1));
        Duration wait = longer.compareTo(LONGEST_RETRY) < 0 ? longer : LONGEST_RETRY;
        boolean back = given.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        boolean unused = queue.renew(claim, settings.lease());
        return back;
    }

    /** Waits for the model, and keeps the claim meanwhile; null where it was lost. */
    private @org.jspecify.annotations.Nullable Embedded vectors(List<String> texts)
            throws InterruptedException, SQLException {
        CompletableFuture<Embedded> answer = models.embed(EmbeddingRequest.of(claim.model(), texts));
        while (true) {
            try {
                return answer.get(settings.lease().toMillis() / 3, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (!queue.renew(claim, settings.lease())) {
                    answer.cancel(false);
                    return null;
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof ModelFailure failure
                        ? failure
                        : ModelFailure.serverError("the model failed: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                answer.cancel(false);
                throw e;
            }
        }
    }

    /** A database that does not answer is asked again with the same, as long as the claim may be ours. */
    private boolean committed(int from, List<EmbeddedChunk> batch, int total)
            throws InterruptedException, SQLException {
        long end = System.nanoTime() + settings.lease().toNanos();
        while (true) {
            try {
                return queue.append(claim, from, batch, total, settings.lease());
            } catch (SQLException e) {
                if (System.nanoTime() - end > 0 || given.await(settings.retry().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public String method() {
        return "INGEST";
    }

    @Override
    public String path() {
        return "/v1/vector_stores/" + claim.store() + "/files/" + claim.file();
    }

    /** The budget is over. */
    @Override
    public void cut() {
        giveBack();
    }
}
