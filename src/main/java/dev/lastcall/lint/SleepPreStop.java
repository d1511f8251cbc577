package dev.lastcall.lint;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A preStop that guesses how long requests will still come. */
final class SleepPreStop implements Check {
    private static final Pattern SLEEP = Pattern.compile("\\bsleep\\s+([0-9]{1,6})\\b");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .flatMap(each -> seconds(each).stream().mapToObj(seconds -> of(workload, each, seconds)));
    }

    private static OptionalLong seconds(Container container) {
        OptionalLong own = container.preStop().at("sleep", "seconds").number();
        if (own.isPresent()) {
            return own;
        }
        String command = container.preStop().at("exec", "command").items().stream()
                .map(Field::text)
                .collect(Collectors.joining(" "));
        Matcher sleep = SLEEP.matcher(command);
        return sleep.find() ? OptionalLong.of(Long.parseLong(sleep.group(1))) : OptionalLong.empty();
    }

    private static Finding of(Workload workload, Container container, long seconds) {
        Field place = container.preStop();
        if (seconds >= workload.graceSeconds()) {
            return Finding.error(
                    workload.document(),
                    place,
                    "it sleeps " + seconds + " s of the " + workload.graceSeconds()
                            + " s until the kill, and nothing is left for the program's own end",
                    "wait for the work, not for the clock");
        }
        if (workload.lastcall().isPresent()) {
            return Finding.error(
                    workload.document(),
                    place,
                    "it sleeps " + seconds + " s, whatever is in flight, and starts no drain",
                    "use httpGet " + Container.PRE_STOP_PATH
                            + " on port 9000, which answers when nothing is in flight");
        }
        return Finding.warning(
                workload.document(),
                place,
                "it guesses: too long for every idle pod, too short for the first request that takes more than "
                        + seconds + " s",
                "put Lastcall beside it and let its preStop ask the sidecar");
    }
}
