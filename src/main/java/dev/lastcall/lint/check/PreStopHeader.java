package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Setting;
import dev.lastcall.lint.manifest.Workload;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A preStop of Lastcall without the header that tells it from a page in somebody's browser. */
final class PreStopHeader implements Check {
    private static final String KEY = "lastcall.management.pre-stop-header";

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (workload.lastcall().isEmpty()) {
            return Stream.empty();
        }
        String demand = workload.settings(all)
                .flatMap(each -> each.get(KEY))
                .map(Setting::value)
                .orElse("expected")
                .toLowerCase(Locale.ROOT);
        boolean sidecar = workload.isBehindSidecar(all);
        return demand.equals("ignored")
                ? Stream.empty()
                : workload.containers().stream()
                        .filter(each -> each.isLastcall() || (sidecar && !each.initial()))
                        .flatMap(each -> of(workload, each))
                        .map(each -> demand.equals("required") ? each.as(Severity.ERROR) : each);
    }

    private static Stream<Finding> of(Workload workload, Container container) {
        Field get = container.preStop().at("httpGet");
        if (get.isPresent()) {
            Field headers = get.at("httpHeaders");
            boolean sent = headers.items().stream()
                    .anyMatch(each -> each.at("name").text().equalsIgnoreCase(Mend.OUR_HEADER));
            return sent || !Container.isPreStopPath(get.at("path").text())
                    ? Stream.empty()
                    : Stream.of(warning(
                                    workload, headers, "httpHeaders: [{name: " + Mend.OUR_HEADER + ", value: \"1\"}]")
                            .fixedBy(Edit.add(
                                    workload.document(), headers, Map.of("name", Mend.OUR_HEADER, "value", "1"))));
        }
        String words = String.join(" ", Hook.words(container)).toLowerCase(Locale.ROOT);
        // Lastcall's own exec is said by ShellPreStop.
        return container.isLastcall()
                        || !words.contains(Container.PRE_STOP_PATH)
                        || words.contains(Mend.OUR_HEADER.toLowerCase(Locale.ROOT))
                ? Stream.empty()
                : Stream.of(warning(
                        workload,
                        container.preStop().at("exec", "command"),
                        "curl -H '" + Mend.OUR_HEADER + ": 1', or httpGet with httpHeaders"));
    }

    private static Finding warning(Workload workload, Field place, String mend) {
        return Finding.warning(
                workload.document(),
                place,
                "the hook does not send " + Mend.OUR_HEADER
                        + ", by which Lastcall tells it from a page in a browser: it is served with a"
                        + " warning, and refused where " + KEY + " is required",
                mend);
    }
}
