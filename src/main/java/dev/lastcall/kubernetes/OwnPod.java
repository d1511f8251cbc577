package dev.lastcall.kubernetes;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Changes this pod's own object. A refusal is logged once for each cause, with the right that is missing. On one event loop. */
final class OwnPod {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.kubernetes");

    private final ApiServer server;
    private final String resource;
    private final String right;
    private final String consequence;
    private String logged = "";

    /**
     * @param part {@code ""} or {@code "/status"}
     * @param consequence of a failure, for the log
     */
    OwnPod(ApiServer server, String pod, String part, String consequence) {
        this.server = server;
        this.consequence = consequence;
        resource = "/pods/" + URLEncoder.encode(pod, StandardCharsets.UTF_8) + part;
        right = "; the account needs the rule {apiGroups: [\"\"], resources: [pods" + part
                + "], verbs: [patch]} of a Role (k8s/components/watch)";
    }

    /**
     * Sends one patch.
     *
     * @param type its media type
     * @param done whether the server has taken it
     */
    void patch(String type, JsonObject change, Consumer<Boolean> done) {
        server.patch(resource, type, change.toBuffer(), new BoundedAnswer(answer -> answered(answer, done), cause -> {
            failed(cause);
            done.accept(false);
        }));
    }

    private void answered(ApiAnswer answer, Consumer<Boolean> done) {
        if (answer.isSuccess()) {
            logged = "";
        } else {
            failed(answer.cause() + (answer.isRefusal() && answer.status() != 401 ? right : ""));
        }
        done.accept(answer.isSuccess());
    }

    private void failed(String cause) {
        if (!cause.equals(logged)) {
            logged = cause;
            LOG.warnf("%s: %s", consequence, cause);
        }
    }
}
