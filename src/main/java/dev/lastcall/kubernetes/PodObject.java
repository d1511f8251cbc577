package dev.lastcall.kubernetes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of a pod's object that concerns its end.
 *
 * @param configured the manifest's {@code terminationGracePeriodSeconds}; null where it says none
 * @param deletedBy {@code deletionTimestamp}: when the grace period is over; null while nobody has deleted the pod
 * @param grace {@code deletionGracePeriodSeconds}; null where it says none
 * @param disruption the condition {@code DisruptionTarget}, where it is True; null where it is not
 * @param deletionCost the annotation as it is written; null where there is none
 */
record PodObject(
        String name,
        String uid,
        @Nullable Duration configured,
        @Nullable Instant deletedBy,
        @Nullable Duration grace,
        @Nullable Disruption disruption,
        @Nullable String deletionCost) {
    /** The annotation by which a ReplicaSet that shrinks chooses. */
    static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private static final long LONGEST_GRACE = Duration.ofDays(365).toSeconds();

    /**
     * The reason for which Kubernetes itself ends a pod.
     *
     * @param reason a word of Kubernetes', as {@code EvictionByEvictionAPI}
     */
    record Disruption(String reason, String message) {
        /** Whether the kubelet ends the pod by itself, for want of memory or for its node's shutdown: no deletion need follow. */
        boolean isKubelets() {
            return reason.equals("TerminationByKubelet");
        }
    }

    /** @throws RuntimeException where it is no pod's object */
    static PodObject of(JsonObject object) {
        JsonObject metadata = object.getJsonObject("metadata");
        return new PodObject(
                metadata.getString("name"),
                metadata.getString("uid", ""),
                seconds(part(object, "spec").getLong("terminationGracePeriodSeconds")),
                instant(metadata.getString("deletionTimestamp")),
                seconds(metadata.getLong("deletionGracePeriodSeconds")),
                disruption(part(object, "status").getJsonArray("conditions", new JsonArray())),
                part(metadata, "annotations").getString(COST));
    }

    private static JsonObject part(JsonObject object, String name) {
        JsonObject found = object.getJsonObject(name);
        return found == null ? new JsonObject() : found;
    }

    private static @Nullable Duration seconds(@Nullable Long count) {
        return count == null ? null : Duration.ofSeconds(Math.max(0, Math.min(count, LONGEST_GRACE)));
    }

    private static @Nullable Instant instant(@Nullable String written) {
        return written == null ? null : Instant.parse(written);
    }

    private static @Nullable Disruption disruption(@Nullable JsonArray conditions) {
        for (int i = 0; conditions != null && i < conditions.size(); i++) {
            JsonObject condition = conditions.getJsonObject(i);
            if ("DisruptionTarget".equals(condition.getString("type"))
                    && "True".equals(condition.getString("status"))) {
                return new Disruption(condition.getString("reason", ""), condition.getString("message", ""));
            }
        }
        return null;
    }
}
