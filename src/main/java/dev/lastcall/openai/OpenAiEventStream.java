package dev.lastcall.openai;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.openai.ClientAttachments.Visit;
import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
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
    /** One newline and no blank line: a client that has seen an id would read an empty event. */
    private static final String KEEP_ALIVE = ": ka\n";
    /** In milliseconds: an upstream that refuses does it sooner, its repetitions included. */
    static final int LONGEST_HOLD = 5000;

    private final Call call;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Projection projection;
    private final Visit visit;
    private final Function<LoggedEvent, @Nullable ApiError> refusal;
    private final Duration keepAlive;
    private final DrainSignal signal;
    private final Vertx vertx;
    private final Context context;
    private final StringBuilder unwritten = new StringBuilder();

    private Flow.@Nullable Subscription events;
    private DrainSignal.@Nullable Registration registration;
    private int unwrittenEvents;
    private boolean flushing;
    private boolean last;
    private boolean broken;
    private boolean begun;
    private @Nullable ApiError refused;

    private int owed;
    private boolean spoken;
    private boolean headed;
    private boolean over;
    private long timer;

    private OpenAiEventStream(
            Call call,
            Projection projection,
            Duration keepAlive,
            Visit visit,
            Function<LoggedEvent, @Nullable ApiError> refusal) {
        this.call = call;
        this.refusal = refusal;
        this.keepAlive = keepAlive;
        request = call.exchange().request();
        response = call.response();
        this.projection = projection;
        this.visit = visit;
        signal = call.signal();
        vertx = call.exchange().vertx();
        context = vertx.getOrCreateContext();
    }

    /** Writes the head and follows. On the request's event loop only. */
    static void start(
            Call call, Flow.Publisher<LoggedEvent> run, Projection projection, Duration keepAlive, Visit visit) {
        OpenAiEventStream stream = new OpenAiEventStream(call, projection, keepAlive, visit, event -> null);
        stream.follow(run, 0);
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
        OpenAiEventStream stream = new OpenAiEventStream(call, projection, keepAlive, visit, refusal);
        stream.follow(run, Math.min(LONGEST_HOLD, keepAlive.toMillis()));
    }

    private void follow(Flow.Publisher<LoggedEvent> run, long hold) {
        call.exchange().addEndHandler(end -> left());
        if (response.closed()) {
            left();
            return;
        }
        if (hold == 0) {
            begun = true;
            writeHead();
        } else {
            timer = vertx.setTimer(hold, fired -> begin());
        }
        run.subscribe(this);
        registration = signal.onCancelled(() -> context.runOnContext(now -> told()));
    }

    private void begin() {
        synchronized (this) {
            begun |= refused == null;
        }
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

    private void writeHead() {
        headed = true;
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                // nginx keeps small writes to itself without this.
                .putHeader("x-accel-buffering", "no");
        // An empty write sends the head now.
        response.write(Buffer.buffer()).onSuccess(written -> visit.answered());
        vertx.cancelTimer(timer);
        timer = vertx.setPeriodic(keepAlive.toMillis(), fired -> keepAlive());
    }

    private void keepAlive() {
        if (!spoken && !over && !response.writeQueueFull()) {
            response.write(KEEP_ALIVE);
        }
        spoken = false;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        synchronized (this) {
            events = subscription;
        }
        subscription.request(WINDOW);
    }

    @Override
    public void onNext(LoggedEvent event) {
        synchronized (this) {
            if (!begun && !isBeginning(event)) {
                refused = refusal.apply(event);
                begun = refused == null;
            }
            projection.write(event, unwritten);
            unwrittenEvents++;
            last |= event.type().isTerminal();
        }
        flushSoon();
    }

    private static boolean isBeginning(LoggedEvent event) {
        return switch (event.type()) {
            case CREATED, QUEUED, IN_PROGRESS -> true;
            default -> false;
        };
    }

    @Override
    public void onError(Throwable failure) {
        LOG.debugf(failure, "stream aborted");
        synchronized (this) {
            broken = true;
        }
        flushSoon();
    }

    /** Ends the stream after the run's last event, which the client may have had before. */
    @Override
    public void onComplete() {
        synchronized (this) {
            last = true;
        }
        flushSoon();
    }

    private void flushSoon() {
        synchronized (this) {
            if (flushing) {
                return;
            }
            flushing = true;
        }
        context.runOnContext(now -> flush());
    }

    private void flush() {
        String text;
        boolean end;
        boolean abort;
        ApiError error;
        synchronized (this) {
            flushing = false;
            error = refused;
            if (!begun && error == null && !broken) {
                return;
            }
            text = unwritten.toString();
            unwritten.setLength(0);
            owed += unwrittenEvents;
            unwrittenEvents = 0;
            end = last;
            abort = broken;
        }
        if (over) {
            return;
        }
        if (error != null) {
            finish();
            call.fail(error);
            visit.answered();
            return;
        }
        if (!headed && !abort) {
            writeHead();
        }
        spoken |= !text.isEmpty();
        if (end) {
            finish();
            response.end(text);
            return;
        }
        if (!text.isEmpty() && headed) {
            response.write(text);
        }
        if (abort) {
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
        Flow.Subscription source = subscription();
        if (more > 0 && source != null) {
            source.request(more);
        }
    }

    private synchronized Flow.@Nullable Subscription subscription() {
        return events;
    }

    private void abort() {
        if (!over) {
            finish();
            signal.breakOff();
            if (request.version() == HttpVersion.HTTP_2) {
                response.reset();
            } else {
                // Of HTTP/1.1 a response's reset() tells nobody that it has ended, and the drain waits for it in vain.
                request.connection().close();
            }
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
        vertx.cancelTimer(timer);
        Flow.Subscription source = subscription();
        if (source != null) {
            source.cancel();
        }
        if (registration != null) {
            registration.close();
        }
    }
}
