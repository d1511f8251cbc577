package dev.lastcall.rehearsal;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import dev.lastcall.rehearsal.pod.PodAction;
import dev.lastcall.rehearsal.pod.ProbePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The settings of a manifest for the pods that it makes, as far as they can be rehearsed. */
final class ManifestPod {
    private static final String SERVING = "{port}";
    private static final String MANAGEMENT = "{management}";

    private final Workload workload;
    private final Container container;

    private ManifestPod(Workload workload, Container container) {
        this.workload = workload;
        this.container = container;
    }

    /** The one workload that serves requests, or the one of this name. */
    static ManifestPod of(Manifests all, Optional<String> name) throws BadOption {
        List<Workload> serving = all.workloads().stream()
                .filter(each -> name.isPresent()
                        ? each.document().label().equals(name.get())
                                || each.document().name().equals(name.get())
                        : all.traffic(each) != Traffic.NONE)
                .toList();
        if (serving.size() != 1) {
            String found = String.join(
                    ", ",
                    (serving.isEmpty() ? all.workloads() : serving)
                            .stream().map(each -> each.document().label()).toList());
            throw new BadOption(
                    "--workload",
                    name.orElse(""),
                    "the name of one that serves requests; the manifests have " + (found.isEmpty() ? "none" : found));
        }
        Workload workload = serving.get(0);
        if (workload.isBehindSidecar(all) && workload.applications().findAny().isPresent()) {
            throw new BadOption(
                    "--manifest",
                    workload.document().label(),
                    "one container that serves: a program beside its sidecar is rehearsed by --command and --supervised");
        }
        Container container = workload.lastcall()
                .or(() -> workload.applications()
                        .filter(each -> all.traffic(workload, each) != Traffic.NONE)
                        .findFirst())
                .or(() -> workload.applications().findFirst())
                .orElseThrow(
                        () -> new BadOption("--manifest", workload.document().label(), "a container"));
        return new ManifestPod(workload, container);
    }

    String label() {
        return workload.document().label();
    }

    boolean isLastcall() {
        return container.isLastcall();
    }

    String image() {
        return container.image();
    }

    Duration grace() {
        return Duration.ofSeconds(workload.graceSeconds());
    }

    Duration minReady() {
        return Duration.ofSeconds(workload.setting("minReadySeconds").number().orElse(0));
    }

    /** The values that are written; those of Secrets and ConfigMaps are not known here. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Field each : container.environment()) {
            String value = each.at("value").text();
            // $(NAME) refers to another variable, which may not be known.
            if (each.at("value").isPresent() && !value.contains("$(")) {
                variables.put(each.at("name").text(), value);
            }
        }
        return variables;
    }

    ManifestStrategy strategy(Manifests all) {
        return ManifestStrategy.of(
                workload, (int) Math.max(1, all.replicas(workload).orElse(1)));
    }

    Optional<ProbePlan> probe(String kind) throws BadOption {
        Field probe = container.probe(kind);
        if (!probe.isPresent()) {
            return Optional.empty();
        }
        PodAction action = action(kind + "Probe", probe);
        return Optional.of(new ProbePlan(
                action,
                seconds(probe.at("initialDelaySeconds"), 0),
                seconds(probe.at("periodSeconds"), 10),
                seconds(probe.at("timeoutSeconds"), 1),
                (int) Math.max(1, probe.at("failureThreshold").number().orElse(3)),
                (int) Math.max(1, probe.at("successThreshold").number().orElse(1))));
    }

    private static Duration seconds(Field written, long otherwise) {
        long number = written.number().orElse(otherwise);
        return Duration.ofSeconds(number == 0 ? otherwise : number);
    }

    Optional<PodAction> preStop() throws BadOption {
        Field hook = container.preStop();
        return hook.isPresent() ? Optional.of(action("preStop", hook)) : Optional.empty();
    }

    private PodAction action(String kind, Field handler) throws BadOption {
        Field get = handler.at("httpGet");
        if (get.isPresent()) {
            if (get.at("scheme").is("HTTPS")) {
                throw new BadOption("--manifest", kind + ".httpGet.scheme: HTTPS", "HTTP: TLS is not rehearsed");
            }
            Map<String, String> headers = new HashMap<>();
            get.at("httpHeaders")
                    .items()
                    .forEach(each ->
                            headers.put(each.at("name").text(), each.at("value").text()));
            String path = get.at("path").text();
            return new PodAction.HttpGet(port(get.at("port")), path.startsWith("/") ? path : "/" + path, headers);
        }
        if (handler.at("tcpSocket").isPresent()) {
            return new PodAction.TcpConnect(port(handler.at("tcpSocket", "port")));
        }
        if (handler.at("grpc").isPresent()) {
            return new PodAction.TcpConnect(port(handler.at("grpc", "port")));
        }
        if (handler.at("sleep").isPresent()) {
            return new PodAction.Wait(
                    Duration.ofSeconds(handler.at("sleep", "seconds").number().orElse(0)));
        }
        List<String> words = new ArrayList<>();
        handler.at("exec", "command").items().forEach(word -> words.add(word.text()));
        if (words.isEmpty()) {
            throw new BadOption("--manifest", kind, "httpGet, tcpSocket, exec or sleep");
        }
        return new PodAction.Exec(words);
    }

    /** The placeholder for a container's port: the first that it declares is the one for clients, Lastcall's other one is for the kubelet. */
    private String port(Field written) {
        OptionalLong number = container.port(written);
        OptionalLong first = container.ports().isEmpty()
                ? OptionalLong.empty()
                : container.ports().get(0).at("containerPort").number();
        boolean management = container.isLastcall() && number.equals(OptionalLong.of(Container.MANAGEMENT_PORT));
        if (management) {
            return MANAGEMENT;
        }
        return first.isEmpty() || first.equals(number) ? SERVING : MANAGEMENT;
    }
}
