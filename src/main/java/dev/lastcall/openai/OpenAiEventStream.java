package dev.lastcall.openai;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.http.EventStreamResponse;
import dev.lastcall.http.KeepAlive;
import dev.lastcall.openai.ClientAttachments.Visit;
import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A run as server-sent events (WHATWG HTML, 9.2). Ends properly with the run's last event and is aborted otherwise: clients take a proper
 * end for the run's. Events come on any thread and are written on the response's event loop, all that have come at once.
 *
 * <p>The head of a new run's stream waits for the first event that says more than "begun", so that a refusal of the model's upstream still
 * has its status; at most {@value #LONGEST_HOLD} ms, since a client may wait for the head longer than the model for its first token.
 */
final class OpenAiEventStream implements Flow.Subscriber<LoggedEvent> {
    private static final Logger LOG = Logger.getLogger(OpenAiEventStream.class);
    /** Events on their way to a client that does not read. */
    private static final int WINDOW = 64;
    /** A comment with one newline and no blank line: a client that has seen an id would read an empty event. */
    private static final String COMMENT = ": ka\n";
    /** The longest time that a head is held, in milliseconds: an upstream that refuses does it sooner, its repetitions included. */
    static final int LONGEST_HOLD = 5000;

    private final Call call;
    private final EventStreamResponse stream;
    private final HttpServerResponse response;
    private final UnwrittenEvents unwritten;
    private final Visit visit;
    private final Duration silence;
    private final DrainSignal signal;
    private final Vertx vertx;
    private final Context context;

    private volatile Flow.@Nullable Subscription events;

    // Of the event loop.
    private DrainSignal.@Nullable Registration registration;
    private @Nullable KeepAlive keepAlive;
    private int owed;
    private boolean over;
    private long holdTimer;

    private OpenAiEventStream(Call call, UnwrittenEvents unwritten, Duration silence, Visit visit) {
        this.call = call;
        this.unwritten = unwritten;
        this.silence = silence;
        stream = new EventStreamResponse(call.exchange().request());
        response = call.response();
        this.visit = visit;
        signal = call.signal();
        vertx = call.exchange().vertx();
        context = vertx.getOrCreateContext();
    }

    /** Writes the head and follows. On the request's event loop only. */
    static void start(
            Call call, Flow.Publisher<LoggedEvent> run, Projection projection, Duration keepAlive, Visit visit) {
        UnwrittenEvents unwritten = new UnwrittenEvents(projection, event -> null);
        new OpenAiEventStream(call, unwritten, keepAlive, visit).follow(run, 0);
    }

    /**
     * Follows a run that has just begun. On the request's event loop only.
     *
     * @param refusal of a first event that is answered with an error and no stream; null: it is a stream
     */
    static void startNew(
            Call call,
            Flow.Publisher<LoggedEvent> run,
            Projection projection,
            Duration keepAlive,
            Visit visit,
            Function<LoggedEvent, @Nullable ApiError> refusal) {
        UnwrittenEvents unwritten = new UnwrittenEvents(projection, refusal);
        new OpenAiEventStream(call, unwritten, keepAlive, visit)
                .follow(run, Math.min(LONGEST_HOLD, keepAlive.toMillis()));
    }

    private void follow(Flow.Publisher<LoggedEvent> run, long hold) {
        call.exchange().addEndHandler(end -> left());
        if (response.closed()) {
            left();
            return;
        }
        if (hold == 0) {
            unwritten.release();
            sendHead();
        } else {
            holdTimer = vertx.setTimer(hold, fired -> begin());
        }
        run.subscribe(this);
        registration = signal.onCancelled(() -> context.runOnContext(now -> told()));
    }

    private void begin() {
        unwritten.release();
        flush();
    }

    /** Called when the request is told to end, or when its client has left, which the signal may say before the server does. */
    private void told() {
        if (signal.clientGone()) {
            left();
        } else {
            abort();
        }
    }

    private void sendHead() {
        stream.sendHead().onSuccess(sent -> visit.answered());
        vertx.cancelTimer(holdTimer);
        keepAlive = new KeepAlive(vertx, response, silence, COMMENT);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        events = subscription;
        subscription.request(WINDOW);
    }

    @Override
    public void onNext(LoggedEvent event) {
        unwritten.add(event);
        flushSoon();
    }

    @Override
    public void onError(Throwable failure) {
        LOG.debugf(failure, "stream aborted");
        unwritten.fail();
        flushSoon();
    }

    /** Ends the stream after the run's last event, which the client may have had before. */
    @Override
    public void onComplete() {
        unwritten.end();
        flushSoon();
    }

    private void flushSoon() {
        if (unwritten.claimFlush()) {
            context.runOnContext(now -> flush());
        }
    }

    private void flush() {
        UnwrittenEvents.Batch batch = unwritten.take();
        if (batch == null || over) {
            return;
        }
        owed += batch.events();
        if (batch.refused() != null) {
            finish();
            call.fail(batch.refused());
            visit.answered();
        } else {
            write(batch);
        }
    }

    private void write(UnwrittenEvents.Batch batch) {
        String text = batch.text();
        if (keepAlive == null && !batch.broken()) {
            sendHead();
        }
        if (keepAlive != null && !text.isEmpty()) {
            keepAlive.spoke();
        }
        if (batch.last()) {
            finish();
            response.end(text);
            return;
        }
        if (!text.isEmpty() && keepAlive != null) {
            response.write(text);
        }
        if (batch.broken()) {
            abort();
        } else if (response.writeQueueFull()) {
            response.drainHandler(drained -> requestOwed());
        } else {
            requestOwed();
        }
    }

    private void requestOwed() {
        int more = owed;
        owed = 0;
        Flow.Subscription source = events;
        if (more > 0 && source != null) {
            source.request(more);
        }
    }

    private void abort() {
        if (!over) {
            finish();
            signal.breakOff();
            stream.breakOff();
        }
    }

    private void left() {
        if (!over) {
            finish();
            visit.left();
        }
    }

    private void finish() {
        over = true;
        vertx.cancelTimer(holdTimer);
        if (keepAlive != null) {
            keepAlive.close();
        }
        Flow.Subscription source = events;
        if (source != null) {
            source.cancel();
        }
        if (registration != null) {
            registration.close();
        }
    }
}
