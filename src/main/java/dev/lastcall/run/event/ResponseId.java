package dev.lastcall.run.event;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The ids of a run and of its items in OpenAI's form. They depend on the run's id and the item's index alone, so that every pod gives the
 * same item the same id.
 */
public final class ResponseId {
    private static final Pattern FORM =
            Pattern.compile("[a-z]+[_-]([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})");

    private ResponseId() {}

    /** {@code resp_} and 32 hexadecimal digits. */
    public static String of(UUID run) {
        return "resp_" + hex(run);
    }

    /** The run of {@code resp_…} (or {@code chatcmpl-…}); empty where it is no such id. */
    public static Optional<UUID> parse(String id) {
        return Optional.of(FORM.matcher(id))
                .filter(found -> found.matches())
                .map(found -> UUID.fromString(String.join(
                        "-", found.group(1), found.group(2), found.group(3), found.group(4), found.group(5))));
    }

    public static String message(UUID run, int index) {
        return "msg_" + hex(run) + "_" + index;
    }

    public static String call(UUID run, int index) {
        return "fc_" + hex(run) + "_" + index;
    }

    public static String output(UUID run, int index) {
        return "fco_" + hex(run) + "_" + index;
    }

    public static String reasoning(UUID run, int index) {
        return "rs_" + hex(run) + "_" + index;
    }

    /** The id of a call that the service carries out itself. */
    public static String hostedCall(UUID run, int index) {
        return HostedCalls.PREFIX + hex(run) + "_" + index;
    }

    /** The id of a search in the request's vector stores. */
    public static String fileSearch(UUID run, int index) {
        return HostedCalls.SEARCH_PREFIX + hex(run) + "_" + index;
    }

    private static String hex(UUID run) {
        return run.toString().replace("-", "");
    }
}
