package dev.lastcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Our chart, as Helm itself renders it. */
final class HelmChart {
    static final Path FOLDER = Path.of("k8s", "chart");

    /** Values that make of the chart what an overlay is. */
    static final Path SAMPLES = FOLDER.resolve("ci");

    private HelmChart() {}

    /** Values as on the command line of Helm, {@code drain.gracePeriod=15}. */
    static String text(String release, Path values, String kubernetes, String... settings) {
        TemplateCommand command = new Helm(FOLDER)
                .template()
                .withName(release)
                .withNamespace("default")
                .withKubeVersion(kubernetes)
                .withValuesFile(values);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            command.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return command.call();
    }

    static List<JsonNode> objects(String release, Path values, String... settings) throws IOException {
        return Kustomized.documents(text(release, values, "1.33.0", settings));
    }
}
