package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.ContainerSettings;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Setting;
import dev.lastcall.lint.manifest.Workload;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A probe that speaks TLS to a port of Lastcall's container without it, or the other way round: it fails each time. */
final class ProbeScheme implements Check {
    private static final String UPSTREAM = "lastcall.proxy.upstream";
    private static final String LISTEN = "lastcall.proxy.listen";
    private static final String TLS = "lastcall.proxy.tls";
    private static final String MANAGEMENT = "quarkus.management.";
    private static final String DEFAULT_LISTEN = ":8080";

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        Optional<ContainerSettings> settings = workload.settings(all);
        if (workload.lastcall().isEmpty() || settings.isEmpty()) {
            return Stream.empty();
        }
        Container lastcall = workload.lastcall().get();
        return Stream.of("startup", "readiness", "liveness")
                .flatMap(kind -> of(workload, lastcall, settings.get(), kind).stream());
    }

    private static Optional<Finding> of(
            Workload workload, Container lastcall, ContainerSettings settings, String kind) {
        Field probe = lastcall.probe(kind);
        boolean grpc = probe.at("grpc").isPresent();
        Field handler = grpc ? probe.at("grpc") : probe.at("httpGet");
        OptionalLong port = lastcall.port(handler.at("port"));
        if (!handler.isPresent() || port.isEmpty()) {
            return Optional.empty();
        }
        Optional<Boolean> tls = hasTls(settings, port.getAsLong());
        boolean speaksTls = handler.at("scheme").is("HTTPS");
        if (tls.isEmpty() || tls.get() == speaksTls) {
            return Optional.empty();
        }
        String there = "port " + port.getAsLong() + (tls.get() ? ", which has TLS" : ", which has none");
        if (grpc) {
            // Which scheme a probe of gRPC speaks cannot be written.
            return Optional.of(Finding.error(
                    workload.document(),
                    handler.at("port"),
                    "the " + kind + " probe speaks gRPC without TLS to " + there + ": it fails each time",
                    "httpGet with scheme HTTPS, or a probe of port 9000"));
        }
        Field scheme = handler.at("scheme");
        String right = tls.get() ? "HTTPS" : "HTTP";
        return Optional.of(Finding.error(
                        workload.document(),
                        scheme.isPresent() ? scheme : handler.at("port"),
                        "the " + kind + " probe speaks " + (speaksTls ? "HTTPS" : "HTTP") + " to " + there
                                + ": it fails each time",
                        "scheme " + right)
                .fixedBy(Edit.set(workload.document(), scheme, right)));
    }

    /** Whether a port has TLS; empty where the manifests do not say, or it is none that they tell of. */
    private static Optional<Boolean> hasTls(ContainerSettings settings, long port) {
        if (port == Container.MANAGEMENT_PORT) {
            return settings.has(MANAGEMENT) || !settings.unseen().isEmpty() ? Optional.empty() : Optional.of(false);
        }
        String listen =
                settings.get(LISTEN).map(Setting::value).orElse(DEFAULT_LISTEN).strip();
        if (!settings.has(UPSTREAM) || !listen.endsWith(":" + port)) {
            return Optional.empty();
        }
        Optional<Setting> tls = settings.get(TLS);
        if (tls.isEmpty() && !settings.unseen().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(tls.isPresent() && !tls.get().value().isBlank());
    }
}
