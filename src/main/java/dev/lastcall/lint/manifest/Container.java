package dev.lastcall.lint.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** One container of a pod. For one thread. */
public final class Container {
    /** The port of Lastcall's probes, drain and metrics. */
    public static final long MANAGEMENT_PORT = 9000;

    /** The path that a preStop of Lastcall calls. */
    public static final String PRE_STOP_PATH = "/drain/pre-stop";

    private static final Pattern TAG = Pattern.compile("[:@].*");
    private static final Pattern END_OF_A_PATH = Pattern.compile("/*([?#].*)?$");

    private final Field field;
    private final boolean initial;
    private final boolean lastcall;

    /** @param initial whether it stands among the init containers */
    Container(Field field, boolean initial) {
        this.field = field;
        this.initial = initial;
        this.lastcall = isOurs();
    }

    /** Its content. */
    public Field field() {
        return field;
    }

    /** Whether it stands among the init containers. */
    public boolean initial() {
        return initial;
    }

    /** Returns its name. */
    public String name() {
        return field.at("name").text();
    }

    /** Runs beside the application, from before its start until after its end. */
    public boolean isNativeSidecar() {
        return initial && field.at("restartPolicy").is("Always");
    }

    /** Whether it is still there when the pod serves. */
    public boolean staysUp() {
        return !initial || isNativeSidecar();
    }

    /** Returns the image as it is written, with registry and tag. */
    public String image() {
        return field.at("image").text();
    }

    /** Whether it is Lastcall in any seat: by its image's name, by its settings, or by its own drain on its own port. */
    public boolean isLastcall() {
        return lastcall;
    }

    private boolean isOurs() {
        String name = image();
        name = TAG.matcher(name.substring(name.lastIndexOf('/') + 1)).replaceFirst("");
        boolean configured =
                environment().stream().anyMatch(each -> each.at("name").text().startsWith("LASTCALL_"))
                        || words().stream().anyMatch(word -> word.startsWith("-Dlastcall."));
        boolean drained = isPreStopPath(preStop().at("httpGet", "path").text()) && exposes(MANAGEMENT_PORT);
        return name.equals("lastcall") || configured || drained;
    }

    /** Whether a path leads to the drain's preStop, however it is written. */
    public static boolean isPreStopPath(String path) {
        if (!path.contains("pre-stop")) {
            return false;
        }
        String bare = END_OF_A_PATH.matcher(path).replaceFirst("");
        return PRE_STOP_PATH.equals(bare.startsWith("/") ? bare : "/" + bare);
    }

    /** Returns the entries of {@code env}. */
    public List<Field> environment() {
        return field.at("env").items();
    }

    /** The command and its arguments, as far as the manifest replaces the image's. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        field.at("command").items().forEach(word -> words.add(word.text()));
        field.at("args").items().forEach(word -> words.add(word.text()));
        return words;
    }

    /** Returns the entries of {@code ports}. */
    public List<Field> ports() {
        return field.at("ports").items();
    }

    /** Whether it declares a port of this number. */
    public boolean exposes(long port) {
        return ports().stream()
                .anyMatch(each -> each.at("containerPort").number().equals(OptionalLong.of(port)));
    }

    /** Returns the place of its preStop hook. */
    public Field preStop() {
        return field.at("lifecycle", "preStop");
    }

    /** Its probe of this kind: {@code liveness}, {@code readiness} or {@code startup}. */
    public Field probe(String kind) {
        return field.at(kind + "Probe");
    }

    /** The number behind a port that is written as a number or as the name of one of this container's; none where it has no such. */
    public OptionalLong port(Field written) {
        if (written.number().isPresent()) {
            return written.number();
        }
        return ports().stream()
                .filter(each -> each.at("name").is(written.text()))
                .findFirst()
                .map(each -> each.at("containerPort").number())
                .orElse(OptionalLong.empty());
    }

    /** Returns the port of this container to which a Service's port leads; empty where it leads elsewhere. */
    public OptionalLong target(Field servicePort) {
        return port(Ports.target(servicePort));
    }
}
