package dev.lastcall.rehearsal;

import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.load.LoadKind;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads which requests are sent: those that the options name, this service's own where they name no program. */
final class LoadOption {
    private static final Map<LoadKind, LoadRequest> OWN = Map.of(
            LoadKind.SHORT, new LoadRequest("POST", "/agent/run", "{\"input\": \"one\"}"),
            LoadKind.SLOW, new LoadRequest("POST", "/agent/run", "{\"input\": \"count to 40\"}"),
            LoadKind.STREAM, new LoadRequest("POST", "/agent/stream", "{\"input\": \"count to 100\"}"),
            LoadKind.WEBSOCKET, new LoadRequest("GET", "/agent/ws", "{\"input\": \"count to 60\"}"),
            LoadKind.RUNS, new LoadRequest("POST", "/agent/stream", "{\"input\": \"count to 200\"}"));

    private LoadOption() {}

    static Map<LoadKind, LoadRequest> read(WrittenOptions options) throws BadOption {
        Map<LoadKind, LoadRequest> requests = new EnumMap<>(LoadKind.class);
        if (!options.has("--command")) {
            requests.putAll(OWN);
            if (options.text("--load").isEmpty()) {
                // Without a database they end with their pod.
                requests.remove(LoadKind.RUNS);
            }
        } else {
            requests.put(LoadKind.SHORT, new LoadRequest("GET", "/", ""));
        }
        for (LoadKind kind : LoadKind.values()) {
            Optional<String> written = options.text(option(kind));
            if (written.isPresent()) {
                requests.put(kind, request(kind, written.get()));
            }
        }
        Optional<String> wanted = options.text("--load");
        if (wanted.isPresent()) {
            requests.keySet().retainAll(wanted(wanted.get(), requests));
        }
        return requests;
    }

    private static Set<LoadKind> wanted(String written, Map<LoadKind, LoadRequest> requests) throws BadOption {
        Set<LoadKind> kinds = new LinkedHashSet<>();
        for (String each : written.split(",", -1)) {
            LoadKind kind = kind(each.strip());
            if (!requests.containsKey(kind)) {
                throw new BadOption("--load", each.strip(), "with " + option(kind) + " /path, which names the request");
            }
            kinds.add(kind);
        }
        return kinds;
    }

    private static LoadRequest request(LoadKind kind, String written) throws BadOption {
        LoadRequest request = parsed(option(kind), written);
        if (kind == LoadKind.GRPC && !isGrpc(request)) {
            throw new BadOption(
                    "--grpc", written, "/package.Service/Method, and the message in Base64 where it is not empty");
        }
        if (kind == LoadKind.WEBSOCKET) {
            return new LoadRequest("GET", request.path(), request.body().isEmpty() ? "hello" : request.body());
        }
        return request;
    }

    private static boolean isGrpc(LoadRequest request) {
        try {
            return request.path().matches("/[^/]+/[^/]+") && Base64.getDecoder().decode(request.body()) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static LoadRequest parsed(String option, String written) throws BadOption {
        try {
            return LoadRequest.parse(written);
        } catch (IllegalArgumentException e) {
            throw new BadOption(option, String.valueOf(e.getMessage()), "a request");
        }
    }

    private static LoadKind kind(String written) throws BadOption {
        for (LoadKind kind : LoadKind.values()) {
            if (kind.words().equals(written)) {
                return kind;
            }
        }
        throw new BadOption(
                "--load", written, "some of short, slow, stream, websocket, runs, grpc, separated by commas");
    }

    private static String option(LoadKind kind) {
        return kind == LoadKind.SHORT ? "--path" : "--" + kind.words();
    }
}
