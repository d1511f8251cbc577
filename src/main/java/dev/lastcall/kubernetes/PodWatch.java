package dev.lastcall.kubernetes;

import dev.lastcall.problem.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Follows this pod's own object: asks for it once, watches from there on, and asks again whenever the watch was lost, so that nothing between
 * is missed. Every request has a limit and every repetition a back-off; nothing that the server does ends it but the pod's end. On one event loop.
 */
final class PodWatch {
    /** How long the server is asked to hold a watch: a connection that died unnoticed is noticed after that. */
    private static final int SHORTEST_WATCH_SECONDS = 120;

    private static final int LONGEST_WATCH_SECONDS = 180;
    private static final Duration WATCH_MARGIN = Duration.ofSeconds(10);
    /** A watch that lasted this long was one. */
    private static final long LASTING = Duration.ofSeconds(10).toNanos();

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int GONE = 410;
    private static final String RIGHTS =
            "; the account needs the rule {apiGroups: [\"\"], resources: [pods], verbs: [list, watch]}"
                    + " of a Role (k8s/components/watch)";

    private static final long NO_TIMER = -1;
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private final Vertx vertx;
    private final Context context;
    private final ApiServer server;
    private final String pod;
    private final WatchStatus status;
    private final List<OwnPodListener> listeners;
    private final Backoff backoff = new Backoff(
            Integer.MAX_VALUE, LONGEST_PAUSE, () -> ThreadLocalRandom.current().nextDouble());

    private @Nullable ApiCall call;
    private @Nullable String uid;
    private String version = "";
    private int failures;
    private long timer = NO_TIMER;
    private boolean closed;

    PodWatch(
            Vertx vertx,
            Context context,
            ApiServer server,
            String pod,
            WatchStatus status,
            List<OwnPodListener> listeners) {
        this.vertx = vertx;
        this.context = context;
        this.server = server;
        this.pod = pod;
        this.status = status;
        this.listeners = List.copyOf(listeners);
    }

    void start() {
        context.runOnContext(now -> list());
    }

    void close() {
        context.runOnContext(now -> {
            stop();
            server.close();
        });
    }

    private void stop() {
        closed = true;
        vertx.cancelTimer(timer);
        if (call != null) {
            call.cancel();
        }
    }

    private String ownPod() {
        return "/pods?fieldSelector=metadata.name%3D" + URLEncoder.encode(pod, StandardCharsets.UTF_8);
    }

    private void list() {
        if (!closed) {
            call = server.get(ownPod(), new BoundedAnswer(this::listed, cause -> lost(cause, null)));
        }
    }

    private void listed(ApiAnswer answer) {
        if (!answer.isSuccess()) {
            refused(answer);
            return;
        }
        PodObject found;
        try {
            JsonObject list = answer.json();
            version = versionOf(list);
            found = own(list.getJsonArray("items"));
        } catch (RuntimeException e) {
            lost("an answer that is no list of pods", null);
            return;
        }
        if (found != null) {
            uid = uid == null ? found.uid() : uid;
            listeners.forEach(each -> each.seen(found, answer.date()));
            watch();
        } else if (uid != null) {
            gone();
        } else {
            status.lost("there is no pod of this name (expected: lastcall.kubernetes.pod or POD_NAME)", 0, true);
            again(null);
        }
    }

    /** It goes into the next request as it is. */
    private static String versionOf(JsonObject object) {
        String version = object.getJsonObject("metadata").getString("resourceVersion");
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("resourceVersion");
        }
        return version;
    }

    private @Nullable PodObject own(JsonArray items) {
        for (int i = 0; i < items.size(); i++) {
            PodObject item = PodObject.of(items.getJsonObject(i));
            if (isOwn(item)) {
                return item;
            }
        }
        return null;
    }

    /** A pod of the same name that was made later is another one. */
    private boolean isOwn(PodObject other) {
        return other.name().equals(pod) && (uid == null || other.uid().equals(uid));
    }

    private void gone() {
        status.ended();
        stop();
        listeners.forEach(OwnPodListener::gone);
    }

    private void watch() {
        if (closed) {
            return;
        }
        int seconds = ThreadLocalRandom.current().nextInt(SHORTEST_WATCH_SECONDS, LONGEST_WATCH_SECONDS);
        String resource = ownPod() + "&watch=true&allowWatchBookmarks=true&resourceVersion=" + version
                + "&timeoutSeconds=" + seconds;
        call = server.watch(resource, Duration.ofSeconds(seconds).plus(WATCH_MARGIN), new WatchReader(this));
    }

    /** The server has begun to tell. */
    void connected() {
        status.connected();
    }

    /**
     * Takes one event of the watch, as it was sent.
     *
     * @return false where nothing more of this watch is to be read
     * @throws RuntimeException where it is none
     */
    boolean event(JsonObject event) {
        String type = event.getString("type");
        JsonObject object = event.getJsonObject("object");
        if (type.equals("ERROR")) {
            Integer code = object.getInteger("code", 0);
            broken(code == GONE ? null : "ERROR " + ApiAnswer.line(object.getString("message", "")));
            return false;
        }
        version = versionOf(object);
        if (!type.equals("BOOKMARK")) {
            PodObject seen = PodObject.of(object);
            if (isOwn(seen)) {
                listeners.forEach(each -> each.seen(seen, null));
            }
            if (type.equals("DELETED") && isOwn(seen)) {
                gone();
            }
        }
        return !closed;
    }

    /**
     * The watch cannot be read any further: it is begun again behind a list.
     *
     * @param cause null where the server has only forgotten the version (410)
     */
    void broken(@Nullable String cause) {
        if (call != null) {
            call.cancel();
        }
        if (cause == null) {
            failures++;
            again(null);
        } else {
            lost(cause, null);
        }
    }

    /** The server ended the watch in order: it goes on from the last version, unless it has ended at once. */
    void ended(long lasted) {
        lasted(lasted);
        if (lasted < LASTING) {
            failures++;
            status.lost("the server ended the watch at once", failures, false);
        }
        pause(null, this::watch);
    }

    void refused(ApiAnswer answer) {
        if (answer.status() == GONE) {
            broken(null);
        } else if (answer.isRefusal()) {
            failures++;
            status.lost(answer.cause() + (answer.status() == 401 ? "" : RIGHTS), failures, true);
            again(answer.retryAfter());
        } else {
            lost(answer.cause(), answer.retryAfter());
        }
    }

    void lost(String cause, @Nullable Duration asked) {
        failures++;
        status.lost(cause, failures, false);
        again(asked);
    }

    /** A watch that has lasted starts the back-off anew. */
    void lasted(long nanos) {
        failures = nanos >= LASTING ? 0 : failures;
    }

    private void again(@Nullable Duration asked) {
        pause(asked, this::list);
    }

    private void pause(@Nullable Duration asked, Runnable action) {
        if (!closed) {
            Duration wait = backoff.delay(Math.max(0, failures - 1), asked).orElse(LONGEST_PAUSE);
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(Math.max(1, wait.toMillis()), due -> action.run());
        }
    }
}
