package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.ContainerSettings;
import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Setting;
import dev.lastcall.lint.manifest.Workload;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Service that leads to a port of Lastcall's container at which nobody listens: each request is refused. */
final class ServiceElsewhere implements Check {
    private static final String UPSTREAM = "lastcall.proxy.upstream";
    private static final String LISTEN = "lastcall.proxy.listen";
    private static final String HTTP_PORT = "quarkus.http.port";
    private static final long DEFAULT_PORT = 8080;
    /** The port at which Quarkus listens for TLS once it has a certificate, which the manifests may not show. */
    private static final long TLS_PORT = 8443;

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        Optional<ContainerSettings> settings = workload.settings(all);
        if (workload.lastcall().isEmpty() || settings.isEmpty()) {
            return Stream.empty();
        }
        Container lastcall = workload.lastcall().get();
        boolean sidecar = settings.get().has(UPSTREAM);
        String key = sidecar ? LISTEN : HTTP_PORT;
        Optional<Set<Long>> listening = listening(settings.get(), key);
        if (listening.isEmpty()) {
            return Stream.empty();
        }
        return all.services(workload).stream().flatMap(service -> service.root().at("spec", "ports").items().stream()
                .filter(port -> isWrong(port, lastcall, listening.get()))
                .map(port -> finding(service, port, lastcall, key, listening.get())));
    }

    private static boolean isWrong(Field port, Container lastcall, Set<Long> listening) {
        OptionalLong target = lastcall.target(port);
        return target.isPresent() && lastcall.exposes(target.getAsLong()) && !listening.contains(target.getAsLong());
    }

    private static Finding finding(Document service, Field port, Container lastcall, String key, Set<Long> listening) {
        Field place = port.at("targetPort").isPresent() ? port.at("targetPort") : port.at("port");
        long target = lastcall.target(port).orElseThrow();
        long clients = listening.iterator().next();
        return Finding.error(
                service,
                place,
                "leads to port " + target + " of Lastcall's container, which listens for clients at " + clients,
                "a port that it listens at, or " + ContainerSettings.variable(key) + " with port " + target);
    }

    /** Returns the ports that it listens at, that of its clients first; empty where the manifests do not say. */
    private static Optional<Set<Long>> listening(ContainerSettings settings, String key) {
        Optional<Setting> written = settings.get(key);
        // What cannot be seen may set it, and relays of TCP have ports of their own.
        if (settings.has("lastcall.proxy.tcp.")
                || (written.isEmpty() && !settings.unseen().isEmpty())) {
            return Optional.empty();
        }
        String text = written.map(Setting::value).orElse(":" + DEFAULT_PORT);
        String clients = text.substring(text.lastIndexOf(':') + 1).strip();
        if (!PORT.matcher(clients).matches()) {
            return Optional.empty();
        }
        Set<Long> ports = new LinkedHashSet<>(Set.of(Long.parseLong(clients)));
        ports.add(Container.MANAGEMENT_PORT);
        ports.add(TLS_PORT);
        Stream.of("quarkus.http.ssl-port", "quarkus.management.port", "lastcall.line-server.port")
                .flatMap(each -> settings.get(each).stream())
                .map(setting -> setting.value().strip())
                .filter(PORT.asMatchPredicate())
                .forEach(each -> ports.add(Long.parseLong(each)));
        return Optional.of(ports);
    }
}
