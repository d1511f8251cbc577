package dev.lastcall.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One container of a pod.
 *
 * @param field its content
 * @param initial whether it stands among the init containers
 */
record Container(Field field, boolean initial) {
    static final long MANAGEMENT_PORT = 9000;
    static final String PRE_STOP_PATH = "/drain/pre-stop";

    String name() {
        return field.at("name").text();
    }

    /** Runs beside the application, from before its start until after its end. */
    boolean isNativeSidecar() {
        return initial && field.at("restartPolicy").is("Always");
    }

    /** Whether it is still there when the pod serves. */
    boolean staysUp() {
        return !initial || isNativeSidecar();
    }

    /** The image's own name, without registry, folders, tag and digest. */
    String imageName() {
        String name = image();
        name = name.substring(name.lastIndexOf('/') + 1);
        return name.replaceFirst("[:@].*", "");
    }

    String image() {
        return field.at("image").text();
    }

    /** Lastcall in any seat: by its image's name, by its settings, or by its own drain on its own port. */
    boolean isLastcall() {
        boolean named = imageName().equals("lastcall");
        boolean configured =
                environment().stream().anyMatch(each -> each.at("name").text().startsWith("LASTCALL_"))
                        || words().stream().anyMatch(word -> word.startsWith("-Dlastcall."));
        boolean drained = preStop().at("httpGet", "path").is(PRE_STOP_PATH) && exposes(MANAGEMENT_PORT);
        return named || configured || drained;
    }

    List<Field> environment() {
        return field.at("env").items();
    }

    /** The command and its arguments, as far as the manifest replaces the image's. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        field.at("command").items().forEach(word -> words.add(word.text()));
        field.at("args").items().forEach(word -> words.add(word.text()));
        return words;
    }

    List<Field> ports() {
        return field.at("ports").items();
    }

    boolean exposes(long port) {
        return ports().stream()
                .anyMatch(each -> each.at("containerPort").number().equals(OptionalLong.of(port)));
    }

    Field preStop() {
        return field.at("lifecycle", "preStop");
    }

    Field probe(String kind) {
        return field.at(kind + "Probe");
    }

    /** The number behind a port that is written as a number or as the name of one of this container's; none where it has no such. */
    OptionalLong port(Field written) {
        if (written.number().isPresent()) {
            return written.number();
        }
        return ports().stream()
                .filter(each -> each.at("name").is(written.text()))
                .findFirst()
                .map(each -> each.at("containerPort").number())
                .orElse(OptionalLong.empty());
    }
}
